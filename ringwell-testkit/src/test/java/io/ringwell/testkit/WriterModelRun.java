package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.OperationException;
import io.ringwell.file.Durability;
import io.ringwell.window.Commit;
import io.ringwell.window.ManagedWriter;
import io.ringwell.window.WriteClaim;
import io.ringwell.window.WriterOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/// Random claims, commits and aborts of one writer, against an array of bytes that should be the
/// same.
///
/// Some claims are open and some on their way at any time, as many as the writer's bound allows;
/// now and then all is flushed, synced or reopened, and compared. Every other run lies around 4
/// GiB. Where errors happen, what a failed claim covers is unknown until it is written again, and
/// every failure has to be told.
final class WriterModelRun {
  private static final int SIZE = 256 << 10;
  private static final int BLOCK = 4096;
  private static final int MOST_BLOCKS = 8;

  private final Engine engine;
  private final Path path;
  private final WriterSetup setup;
  private final WriterOptions options;
  private final boolean exact;
  private final SplittableRandom random;
  private final long base;
  private final byte[] model = new byte[SIZE];

  /// Which commit wrote a byte last; those of one that failed are unknown.
  private final int[] writtenBy = new int[SIZE];

  private final BitSet failed = new BitSet();
  private final List<WriteClaim> open = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();
  private ManagedWriter writer;

  /// Where the content ends; where it ends at the most, when failed claims are counted.
  private int size;

  private int mostSize;
  private int commits;

  /// What was handed over, and where the furthest of its claims ends.
  private record Sent(Commit commit, int number, int end) {}

  /// @param exact whether no error may happen
  WriterModelRun(
      Engine engine, Path path, WriterSetup setup, boolean exact, SplittableRandom random) {
    this.engine = engine;
    this.path = path;
    this.setup = setup;
    this.exact = exact;
    this.random = random;
    this.base = random.nextBoolean() ? 0 : (1L << 32) - SIZE / 2;
    long most = (long) MOST_BLOCKS * BLOCK;
    this.options =
        setup
            .options()
            .withMaxClaim(most)
            .withMaxInFlightBytes(most * random.nextInt(1, 6))
            .withKeepBytes(random.nextInt(3) * most);
    this.writer = reopened();
  }

  /// Opening may fail, and then it is tried again.
  private ManagedWriter reopened() {
    while (true) {
      try {
        return ManagedWriter.open(engine, path, options);
      } catch (IOException e) {
        allow(e);
      }
    }
  }

  private void allow(IOException e) {
    if (exact || !(e instanceof OperationException)) {
      throw new AssertionError("failed: " + e, e);
    }
  }

  void run(int steps) throws IOException {
    for (int i = 0; i < steps; i++) {
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4, 5, 6 -> begin();
        case 7, 8, 9, 10, 11 -> commitSome();
        case 12 -> abortOne();
        case 13, 14, 15 -> look();
        case 16 -> shrinkOne();
        case 17 -> writer.trim();
        default -> {
          if (random.nextInt(8) == 0) {
            settle();
          }
        }
      }
    }
    while (!open.isEmpty()) {
      abortOne();
    }
    settle();
    close();
    compare();
  }

  private void begin() {
    int blocks = random.nextInt(1, MOST_BLOCKS + 1);
    int at = random.nextInt(SIZE / BLOCK - blocks + 1) * BLOCK;
    int length = blocks * BLOCK;
    if (!setup.direct) {
      at += random.nextInt(BLOCK);
      length = random.nextInt(1, Math.min(length, SIZE - at) + 1);
    } else if (random.nextInt(4) == 0) {
      length -= random.nextInt(BLOCK);
    }
    WriteClaim claim;
    try {
      claim = writer.tryBeginWrite(base + at, length);
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("overlaps");
      return;
    } catch (IllegalArgumentException e) {
      assertThat(setup.direct && length % BLOCK != 0).as(e.getMessage()).isTrue();
      return;
    }
    if (claim == null) {
      assertThat(open.isEmpty() && sent.isEmpty()).as("no room where nothing is").isFalse();
      return;
    }
    open.add(claim);
  }

  private WriteClaim takeOne() {
    return open.remove(random.nextInt(open.size()));
  }

  private void abortOne() {
    if (!open.isEmpty()) {
      WriteClaim claim = takeOne();
      WriterCase.fill(claim, content(claim));
      claim.close();
    }
  }

  private byte[] content(WriteClaim claim) {
    byte[] content = new byte[Math.toIntExact(claim.size())];
    random.nextBytes(content);
    return content;
  }

  private void shrinkOne() {
    if (open.isEmpty()) {
      return;
    }
    WriteClaim claim = open.get(random.nextInt(open.size()));
    long size = random.nextLong(1, claim.size() + 1);
    try {
      claim.shrink(size);
      assertThat(claim.size()).isEqualTo(size);
    } catch (IllegalArgumentException e) {
      assertThat(setup.direct && size % BLOCK != 0).as(e.getMessage()).isTrue();
    }
  }

  private void commitSome() {
    if (open.isEmpty()) {
      return;
    }
    int count = random.nextInt(1, Math.min(open.size(), 4) + 1);
    WriteClaim[] claims = new WriteClaim[count];
    int number = ++commits;
    int end = 0;
    for (int i = 0; i < count; i++) {
      claims[i] = takeOne();
      byte[] content = content(claims[i]);
      WriterCase.fill(claims[i], content);
      // No other claim of this place is open or on its way: the last one committed counts.
      int at = Math.toIntExact(claims[i].position() - base);
      System.arraycopy(content, 0, model, at, content.length);
      Arrays.fill(writtenBy, at, at + content.length, number);
      end = Math.max(end, at + content.length);
    }
    sent.add(new Sent(commit(claims), number, end));
  }

  /// What nobody was told of yet comes first, and nothing is committed then.
  private Commit commit(WriteClaim[] claims) {
    while (true) {
      try {
        return claims.length == 1 ? writer.commit(claims[0]) : writer.commit(claims);
      } catch (IOException e) {
        allow(e);
      }
    }
  }

  private void look() {
    sent.removeIf(each -> each.commit.isDone() && book(each));
  }

  private boolean book(Sent done) {
    IOException failure = done.commit.failure();
    if (failure != null) {
      allow(failure);
    }
    mostSize = Math.max(mostSize, done.end);
    if (failure == null) {
      size = Math.max(size, done.end);
    } else {
      failed.set(done.number);
    }
    return true;
  }

  private void await(Sent each) throws IOException {
    try {
      each.commit.await();
    } catch (OperationException e) {
      allow(e);
    }
    book(each);
  }

  /// Nothing is in flight afterwards, and the file is compared.
  private void settle() throws IOException {
    if (random.nextBoolean()) {
      for (Sent each : sent) {
        await(each);
      }
      sent.clear();
    }
    boolean flushed = false;
    while (!flushed) {
      try {
        flushOrSync();
        flushed = true;
      } catch (IOException e) {
        allow(e.getCause() instanceof OperationException cause ? cause : e);
        if (e.getCause() != null) {
          // A sync failed, and so will all others of this writer.
          break;
        }
      }
    }
    for (Sent each : sent) {
      assertThat(each.commit.isDone()).as("done after a flush").isTrue();
      book(each);
    }
    sent.clear();
    if (random.nextInt(3) == 0 || !flushed) {
      while (!open.isEmpty()) {
        abortOne();
      }
      close();
      writer = reopened();
    }
    compare();
  }

  private void flushOrSync() throws IOException {
    switch (random.nextInt(3)) {
      case 0 -> writer.flush();
      case 1 -> writer.sync(Durability.DATA);
      default -> writer.sync(Durability.FULL);
    }
  }

  private void close() {
    try {
      writer.close();
    } catch (IOException e) {
      allow(e);
    }
  }

  private void compare() throws IOException {
    byte[] read = new byte[SIZE];
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      long length = Math.max(0, file.length() - base);
      if (exact) {
        assertThat(length).as("size behind %d", base).isEqualTo(size);
      } else {
        assertThat(length).isBetween((long) size, (long) mostSize + BLOCK);
      }
      file.seek(base);
      file.readFully(read, 0, (int) Math.min(length, SIZE));
    }
    for (int i = 0; i < SIZE; i++) {
      if (read[i] != model[i] && !failed.get(writtenBy[i])) {
        throw new AssertionError(
            "byte " + i + " behind " + base + " is " + read[i] + ", not " + model[i]);
      }
    }
  }
}
