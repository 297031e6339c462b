package io.ringwell.testkit;

import static java.nio.file.StandardOpenOption.WRITE;

import io.ringwell.engine.Engine;
import io.ringwell.engine.OperationException;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Readiness;
import io.ringwell.window.Route;
import io.ringwell.window.Window;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// A file that one thread changes while another one reads it.
///
/// It is only ever a prefix of one pattern, so every byte that a window shows can be checked.
/// Behind the smallest size that it had meanwhile, zeros are right, too: a read that meets a
/// truncation gets them from the kernel, which clears the rest of the page before it tells the new
/// size.
final class ChangingFile {
  private static final byte[] PATTERN = pattern();
  private static final int STEPS = 40;
  private static final int CHANGES = 25;

  /// What came of it.
  static final class Tally {
    private int windows;
    private int ends;
    private int errors;
    private int internalErrors;

    int windows() {
      return windows;
    }

    @Override
    public String toString() {
      return windows
          + " windows, "
          + ends
          + " ends, "
          + errors
          + " errors, "
          + internalErrors
          + " InternalErrors";
    }
  }

  private final Path path;
  private final AtomicInteger smallest = new AtomicInteger();
  private final AtomicBoolean done = new AtomicBoolean();
  private int size;

  private ChangingFile(Path path, int size) throws IOException {
    this.path = path;
    this.size = size;
    smallest.set(size);
    Files.write(path, Arrays.copyOf(PATTERN, size));
  }

  /// Without zeros, which have a meaning here.
  private static byte[] pattern() {
    byte[] bytes = ContractCase.pattern(77, 600_000);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == 0 ? 1 : bytes[i];
    }
    return bytes;
  }

  /// One round: a new file, a reader, and a thread that changes the file.
  static void read(Engine engine, Path directory, ReaderOptions options, long seed, Tally tally)
      throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Path path = directory.resolve("changing");
    ChangingFile file = new ChangingFile(path, random.nextInt(1, PATTERN.length));
    SplittableRandom changes = random.split();
    FutureTask<Void> changer =
        new FutureTask<>(() -> {
          file.change(changes);
          return null;
        });
    Thread.ofPlatform().start(changer);
    AccessHint[] hints = AccessHint.values();
    ReaderOptions with = options.withHint(hints[random.nextInt(hints.length)]);
    try (ManagedReader reader = file.open(engine, with)) {
      for (int step = 0; step < STEPS || !changer.isDone(); step++) {
        file.look(reader, random.nextLong(PATTERN.length), tally);
      }
    } finally {
      file.done.set(true);
      changer.get(60, TimeUnit.SECONDS);
      Files.deleteIfExists(path);
    }
  }

  /// A file may be deleted before it is opened: then it is written anew.
  private ManagedReader open(Engine engine, ReaderOptions options) throws IOException {
    while (true) {
      try {
        return ManagedReader.open(engine, path, options);
      } catch (OperationException e) {
        if (!e.errnoName().equals("ENOENT")) {
          throw e;
        }
        if (Files.notExists(path)) {
          smallest.set(0);
          Files.write(path, Arrays.copyOf(PATTERN, 1000));
        }
      }
    }
  }

  private void look(ManagedReader reader, long position, Tally tally) {
    try {
      if (reader.await(position) == Readiness.READY) {
        expect(reader.window());
        tally.windows++;
      } else {
        tally.ends++;
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("changing")) {
        throw new AssertionError("an error that does not name the file", e);
      }
      tally.errors++;
    } catch (InternalError e) {
      // A page of a map is gone. What is copied never throws it.
      if (reader.plan().route() != Route.MAPPED) {
        throw e;
      }
      tally.internalErrors++;
    }
  }

  private void expect(Window window) {
    long from = window.position();
    for (long i = 0; i < window.length(); i++) {
      byte told = window.get(i);
      boolean right = told == PATTERN[(int) (from + i)];
      if (!right && !(told == 0 && from + i >= smallest.get())) {
        throw new AssertionError(
            "wrong byte " + told + " at " + (from + i) + " of " + window + ", size " + size);
      }
    }
  }

  // ---- The other thread ------------------------------------------------------------------------

  private void change(SplittableRandom random) throws IOException {
    for (int i = 0; i < CHANGES && !done.get(); i++) {
      int to = random.nextInt(PATTERN.length);
      switch (random.nextInt(12)) {
        case 0 -> replace(to);
        case 1 -> Files.deleteIfExists(path);
        default -> resize(to);
      }
    }
  }

  /// The reader's file is another one from now on, and does not change any more.
  private void replace(int to) throws IOException {
    Path other = path.resolveSibling("other");
    Files.write(other, Arrays.copyOf(PATTERN, to));
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
    size = to;
  }

  private void resize(int to) throws IOException {
    try (FileChannel channel = FileChannel.open(path, WRITE)) {
      int from = (int) channel.size();
      if (to <= from) {
        smallest.accumulateAndGet(to, Math::min);
        channel.truncate(to);
      } else {
        ByteBuffer more = ByteBuffer.wrap(PATTERN, from, to - from);
        long at = from;
        while (more.hasRemaining()) {
          at += channel.write(more, at);
        }
      }
      size = to;
    } catch (NoSuchFileException deleted) {
      // By an earlier change; the reader has it open.
      smallest.set(0);
      Files.write(path, Arrays.copyOf(PATTERN, to));
    }
  }
}
