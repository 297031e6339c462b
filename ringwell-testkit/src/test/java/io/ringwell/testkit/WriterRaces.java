package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.file.Durability;
import io.ringwell.window.Commit;
import io.ringwell.window.ManagedWriter;
import io.ringwell.window.Overlap;
import io.ringwell.window.WriteClaim;
import io.ringwell.window.WriterOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// The races of [WriterRaceTest]. Each uses a writer of its own on one file that all share in turn.
final class WriterRaces {
  private static final int BLOCK = 4096;

  private final Engine engine;
  private final Path path;
  private final boolean direct;
  private final List<Race> all =
      List.of(
          new Race("commit and close of a claim", this::commitAndCloseOfAClaim),
          new Race("commit and commit of a claim", this::commitTwice),
          new Race("commit and close of the writer", this::commitAndCloseOfTheWriter),
          new Race("close of the writer by two", this::closeTwice),
          new Race("interrupts of those who wait", this::interruptWaiters),
          new Race("many writers of many places", this::manyThreads),
          new Race("turns at one place", this::turnsAtOnePlace),
          new Race("syncs and commits", this::syncsAndCommits),
          new Race("cuts of the last block and commits behind it", this::cutsAndCommits));

  /// @param direct whether the engine and the disk take direct I/O
  WriterRaces(Engine engine, Path directory, boolean direct) {
    this.engine = engine;
    this.direct = direct;
    this.path = directory.resolve("file");
  }

  Race any(SplittableRandom random) {
    return all.get(random.nextInt(all.size()));
  }

  private ManagedWriter open(WriterOptions options) throws IOException {
    Files.deleteIfExists(path);
    return ManagedWriter.open(engine, path, options);
  }

  private static WriterOptions narrow() {
    return WriterOptions.defaults()
        .withMaxClaim(4 * BLOCK)
        .withMaxInFlightBytes(8 * BLOCK)
        .withKeepBytes(4 * BLOCK);
  }

  private byte[] read(int at, int length) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      byte[] read = new byte[length];
      file.seek(at);
      file.readFully(read);
      return read;
    }
  }

  private void commitAndCloseOfAClaim(SplittableRandom random) throws Exception {
    try (ManagedWriter writer = open(narrow())) {
      byte[] content = ContractCase.pattern(random.nextLong(), BLOCK);
      WriteClaim claim = WriterCase.claim(writer, 0, content);
      SplittableRandom theirs = random.split();
      FutureTask<Void> closer =
          TwoSides.start(
              random,
              () -> {
                TwoSides.pause(theirs);
                claim.close();
              });
      TwoSides.pause(random);
      boolean committed = true;
      try {
        writer.commit(claim).await();
      } catch (IllegalStateException e) {
        committed = false;
      }
      TwoSides.join(closer);
      assertThat(Files.size(path)).isEqualTo(committed ? BLOCK : 0);
      if (committed) {
        assertThat(read(0, BLOCK)).isEqualTo(content);
      }
      assertThat(writer.inFlightBytes()).isZero();
    }
  }

  private void commitTwice(SplittableRandom random) throws Exception {
    try (ManagedWriter writer = open(narrow())) {
      WriteClaim claim = WriterCase.claim(writer, 0, ContractCase.pattern(1, BLOCK));
      AtomicBoolean theirsWon = new AtomicBoolean();
      SplittableRandom theirs = random.split();
      FutureTask<Void> other =
          TwoSides.start(random, () -> theirsWon.set(commits(writer, claim, theirs)));
      boolean mineWon = commits(writer, claim, random);
      TwoSides.join(other);
      assertThat(mineWon).isNotEqualTo(theirsWon.get());
      assertThat(writer.inFlightBytes()).isZero();
    }
  }

  private static boolean commits(ManagedWriter writer, WriteClaim claim, SplittableRandom random)
      throws IOException {
    TwoSides.pause(random);
    try {
      writer.commit(claim).await();
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private void commitAndCloseOfTheWriter(SplittableRandom random) throws Exception {
    ManagedWriter writer = open(narrow());
    SplittableRandom theirs = random.split();
    FutureTask<Void> closer =
        TwoSides.start(
            random,
            () -> {
              TwoSides.pause(theirs);
              writer.close();
            });
    int written = 0;
    WriteClaim claim = null;
    List<Commit> commits = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        claim = writer.beginWrite((long) i * BLOCK, BLOCK);
        WriterCase.fill(claim, ContractCase.pattern(i, BLOCK));
        commits.add(writer.commit(claim));
        written++;
      }
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("closed");
      if (claim != null) {
        claim.close();
      }
    }
    TwoSides.join(closer);
    for (Commit commit : commits) {
      assertThat(commit.isDone()).as("done after the writer's close").isTrue();
      assertThat(commit.failure()).isNull();
    }
    assertThat(Files.size(path)).isEqualTo((long) written * BLOCK);
    for (int i = 0; i < written; i++) {
      assertThat(read(i * BLOCK, BLOCK)).isEqualTo(ContractCase.pattern(i, BLOCK));
    }
  }

  private void closeTwice(SplittableRandom random) throws Exception {
    ManagedWriter writer = open(narrow());
    writer.commit(WriterCase.claim(writer, 0, ContractCase.pattern(1, BLOCK)));
    SplittableRandom theirs = random.split();
    FutureTask<Void> closer =
        TwoSides.start(
            random,
            () -> {
              TwoSides.pause(theirs);
              writer.close();
            });
    TwoSides.pause(random);
    writer.close();
    TwoSides.join(closer);
    assertThat(Files.size(path)).isEqualTo(BLOCK);
  }

  /// Those who are interrupted are told, and leave nothing behind; the others get on.
  private void interruptWaiters(SplittableRandom random) throws Exception {
    try (ManagedWriter writer = open(narrow().withOverlap(Overlap.WAIT))) {
      List<FutureTask<Void>> tasks = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        SplittableRandom theirs = random.split();
        FutureTask<Void> task =
            new FutureTask<>(() -> {
              interruptible(writer, theirs);
              return null;
            });
        tasks.add(task);
        threads.add(TwoSides.start(random, task));
      }
      for (int i = 0; i < 8; i++) {
        TwoSides.pause(random);
        threads.get(random.nextInt(threads.size())).interrupt();
      }
      for (FutureTask<Void> task : tasks) {
        TwoSides.join(task);
      }
      writer.flush();
      assertThat(writer.inFlightBytes()).isZero();
      writer.beginWrite(0, 4 * BLOCK).close();
    }
  }

  private static void interruptible(ManagedWriter writer, SplittableRandom random)
      throws IOException {
    for (int i = 0; i < 10; i++) {
      long position = (long) random.nextInt(4) * BLOCK;
      try (WriteClaim claim = writer.beginWrite(position, (long) random.nextInt(1, 5) * BLOCK)) {
        claim.segment().fill((byte) i);
        if (random.nextInt(4) != 0) {
          writer.commit(claim).await();
        }
        if (random.nextInt(4) == 0) {
          writer.flush();
        }
      } catch (InterruptedIOException e) {
        assertThat(e).hasMessageContaining("interrupted");
      }
    }
  }

  /// Threads write places of their own, under one bound, and all of it is there.
  private void manyThreads(SplittableRandom random) throws Exception {
    int threads = random.nextInt(2, 6);
    int each = 12;
    try (ManagedWriter writer = open(narrow())) {
      List<FutureTask<Void>> tasks = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int first = t * each;
        SplittableRandom theirs = random.split();
        tasks.add(TwoSides.start(random, () -> writePlaces(writer, first, each, theirs)));
      }
      for (FutureTask<Void> task : tasks) {
        TwoSides.join(task);
      }
      writer.flush();
      for (int i = 0; i < threads * each; i++) {
        assertThat(read(i * BLOCK, BLOCK)).isEqualTo(ContractCase.pattern(i, BLOCK));
      }
    }
  }

  private static void writePlaces(
      ManagedWriter writer, int first, int count, SplittableRandom random) throws Exception {
    for (int i = first; i < first + count; i++) {
      WriteClaim claim = WriterCase.claim(writer, (long) i * BLOCK, ContractCase.pattern(i, BLOCK));
      Commit commit = writer.commit(claim);
      switch (random.nextInt(4)) {
        case 0 -> commit.await();
        case 1 -> commit.stage().toCompletableFuture().get();
        case 2 -> assertThat(commit.bytes()).isEqualTo(BLOCK);
        default -> {
          while (!commit.isDone()) {
            Thread.onSpinWait();
          }
        }
      }
    }
  }

  /// Two writers of one file take turns at one place: what is there is always of one of them, and
  /// in the end of the one that came last.
  private void turnsAtOnePlace(SplittableRandom random) throws Exception {
    try (ManagedWriter one = open(narrow().withOverlap(Overlap.WAIT));
        ManagedWriter two = ManagedWriter.open(engine, path, narrow().withOverlap(Overlap.WAIT))) {
      byte[] last = new byte[1];
      FutureTask<Void> other = TwoSides.start(random, () -> takeTurns(two, (byte) 2, last));
      takeTurns(one, (byte) 1, last);
      TwoSides.join(other);
      one.flush();
      two.flush();
      for (byte b : read(0, 2 * BLOCK)) {
        assertThat(b).isEqualTo(last[0]);
      }
    }
  }

  /// The place itself is the lock that `last` is guarded by.
  private static void takeTurns(ManagedWriter writer, byte mine, byte[] last) throws IOException {
    for (int i = 0; i < 10; i++) {
      WriteClaim claim = writer.beginWrite(0, 2 * BLOCK);
      claim.segment().fill(mine);
      last[0] = mine;
      writer.commit(claim);
    }
  }

  private void syncsAndCommits(SplittableRandom random) throws Exception {
    try (ManagedWriter writer = open(narrow())) {
      SplittableRandom theirs = random.split();
      FutureTask<Void> other = TwoSides.start(random, () -> writePlaces(writer, 8, 8, theirs));
      for (int i = 0; i < 4; i++) {
        WriteClaim claim =
            WriterCase.claim(writer, (long) i * BLOCK, ContractCase.pattern(i, BLOCK));
        Commit commit = writer.commit(claim);
        writer.sync(i == 3 ? Durability.FULL : Durability.NONE);
        assertThat(commit.isDone()).isTrue();
      }
      TwoSides.join(other);
    }
    assertThat(Files.size(path)).isEqualTo(16 * BLOCK);
  }

  /// On a direct file, one thread ends the file inside blocks and has it cut, while another writes
  /// further on: no cut takes what the other wrote.
  private void cutsAndCommits(SplittableRandom random) throws Exception {
    if (!direct) {
      return;
    }
    WriterOptions options = WriterOptions.direct().withMaxInFlightBytes(2 << 20);
    try (ManagedWriter writer = open(options)) {
      AtomicInteger next = new AtomicInteger();
      Map<Integer, byte[]> written = new ConcurrentHashMap<>();
      SplittableRandom theirs = random.split();
      FutureTask<Void> other =
          TwoSides.start(random, () -> writeRaggedEnds(writer, next, written, theirs));
      writeRaggedEnds(writer, next, written, random);
      TwoSides.join(other);
      writer.flush();
      int end = 0;
      for (var each : written.entrySet()) {
        int at = each.getKey() * BLOCK;
        end = Math.max(end, at + each.getValue().length);
        assertThat(read(at, each.getValue().length)).isEqualTo(each.getValue());
      }
      assertThat(Files.size(path)).isEqualTo(end);
    }
  }

  private static void writeRaggedEnds(
      ManagedWriter writer,
      AtomicInteger next,
      Map<Integer, byte[]> written,
      SplittableRandom random)
      throws IOException {
    for (int i = 0; i < 10; i++) {
      int block = next.getAndIncrement();
      byte[] content = ContractCase.pattern(block, random.nextInt(1, BLOCK + 1));
      WriteClaim claim;
      try {
        claim = WriterCase.claim(writer, (long) block * BLOCK, content);
      } catch (IllegalArgumentException e) {
        // The other has written behind it: it lies inside the file now.
        content = ContractCase.pattern(block, BLOCK);
        claim = WriterCase.claim(writer, (long) block * BLOCK, content);
      }
      Commit commit = writer.commit(claim);
      written.put(block, content);
      switch (random.nextInt(3)) {
        case 0 -> writer.flush();
        case 1 -> commit.await();
        default -> assertThat(commit.bytes()).isEqualTo(content.length);
      }
    }
  }
}
