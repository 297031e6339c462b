package io.ringwell.testkit;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.engine.Priority;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Files opened, read and closed in one operation.
interface ReadFileContract extends ContractCase {
  /// More than a ring has places for such files.
  int MANY = 600;

  private byte[] read(String name, int room) throws IOException {
    try (IoBuffer into = engine().pool().acquire(room)) {
      into.segment().fill((byte) 0xee);
      long bytes = run(new Operation().readFile(path(name), into, 0, room));
      for (long i = bytes; i < room; i++) {
        assertThat(into.segment().get(JAVA_BYTE, i)).isEqualTo((byte) 0xee);
      }
      return ContractCase.content(into, bytes);
    }
  }

  @Test
  default void fileIsReadToItsEndAndClosed() throws IOException {
    for (int size : new int[] {0, 1, 100, 4095, 4096, 4097, 8192, 16_383}) {
      byte[] content = ContractCase.pattern(size, size);
      Files.write(path("file"), content);
      assertThat(read("file", 16_384)).isEqualTo(content);
    }
    OpenFiles.assertNoneBelow(path(""));
  }

  @Test
  default void fullLengthMayBeAPartOfTheFile() throws IOException {
    byte[] content = ContractCase.pattern(1, 10_000);
    Files.write(path("file"), content);
    assertThat(read("file", 10_000)).isEqualTo(content);
    assertThat(read("file", 9_999)).isEqualTo(Arrays.copyOf(content, 9_999));
    assertThat(read("file", 1)).isEqualTo(Arrays.copyOf(content, 1));
    OpenFiles.assertNoneBelow(path(""));
  }

  @Test
  default void longFileIsReadInOneOperation() throws IOException {
    byte[] content = ContractCase.pattern(2, (3 << 20) + 17);
    Files.write(path("file"), content);
    assertThat(read("file", 4 << 20)).isEqualTo(content);
    OpenFiles.assertNoneBelow(path(""));
  }

  @Test
  default void whatCannotBeReadFailsByName() throws IOException {
    IoBuffer into = buffer(4096);
    Files.createFile(path("plain"));
    OperationException failure =
        failing(ENOENT, new Operation().readFile(path("none"), into, 0, 4096));
    assertThat(failure.operation()).isEqualTo(OpCode.READ_FILE);
    assertThat(failure.getFile()).isEqualTo(path("none").toString());
    assertThat(failure.length()).isEqualTo(4096);
    failing(EISDIR, new Operation().readFile(path(""), into, 0, 4096));
    OpenFiles.assertNoneBelow(path(""));
  }

  @Test
  default void unreadableFileFailsByName() throws IOException {
    Path file = path("closed");
    Files.createFile(file);
    assumeTrue(file.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Files.setPosixFilePermissions(file, Set.of());
    assumeTrue(!Files.isReadable(file), "root may read all");
    failing(EACCES, new Operation().readFile(file, buffer(10), 0, 10));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(run(new Operation().readFile(file, buffer(10), 0, 10))).isZero();
  }

  /// Files of /proc tell no size, and many answer a page at a time.
  @Test
  default void fileThatIsAnsweredInPiecesIsReadToItsEnd() throws IOException {
    for (String name : new String[] {"/proc/filesystems", "/proc/kallsyms"}) {
      Path file = Path.of(name);
      assumeTrue(Files.isReadable(file), "no " + name);
      byte[] expected = Files.readAllBytes(file);
      for (int room : new int[] {expected.length + 1, 64 << 10}) {
        try (IoBuffer into = engine().pool().acquire(room)) {
          long bytes = run(new Operation().readFile(file, into, 0, room));
          assertThat(ContractCase.content(into, bytes))
              .isEqualTo(Arrays.copyOf(expected, Math.min(expected.length, room)));
        }
      }
    }
  }

  @Test
  default void readsGoIntoTheirPartOfABuffer() throws IOException {
    byte[] content = ContractCase.pattern(3, 1000);
    Files.write(path("file"), content);
    IoBuffer into = buffer(8192);
    into.segment().fill((byte) 7);
    assertThat(run(new Operation().readFile(path("file"), into, 4096, 4096))).isEqualTo(1000);
    assertThat(into.segment().asSlice(0, 4096).toArray(JAVA_BYTE)).containsOnly((byte) 7);
    assertThat(into.segment().asSlice(4096, 1000).toArray(JAVA_BYTE)).isEqualTo(content);
  }

  @Test
  default void argumentsAreChecked() throws IOException {
    IoBuffer into = buffer(100);
    Path file = path("file");
    Files.writeString(file, "text");
    assertThatThrownBy(() -> new Operation().readFile(file, into, 1, 100))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new Operation().readFile(file, into, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Operation().readFile(file, into, 0, -1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(run(new Operation().readFile(file, into, 0, 100))).isEqualTo(4);
  }

  /// On the caller's thread, or else as ever.
  @Test
  default void cachedFileIsReadOnTheCallersThreadOrHandedOn() throws IOException {
    for (int size : new int[] {0, 100, 4096, 10_000, 20_000}) {
      byte[] content = ContractCase.pattern(size, size);
      Files.write(path("file"), content);
      IoBuffer into = buffer(10_000);
      Operation op = new Operation().readFile(path("file"), into, 0, 10_000);
      if (!engine().tryNow(op)) {
        engine().submit(op);
      }
      assertThat(ContractCase.content(into, op.await()))
          .isEqualTo(Arrays.copyOf(content, Math.min(size, 10_000)));
    }
    IoBuffer into = buffer(100);
    Operation missing = new Operation().readFile(path("none"), into, 0, 100);
    assertThat(engine().tryNow(missing)).isFalse();
    failing(ENOENT, missing);
    Operation directory = new Operation().readFile(path(""), into, 0, 100);
    assertThat(engine().tryNow(directory)).isFalse();
    failing(EISDIR, directory);
    OpenFiles.assertNoneBelow(path(""));
  }

  /// Whichever way they end, each gives its place back: there are more than there are places.
  @Test
  default void manyAtOnceAreAllReadWhicheverWayTheOthersEnd() throws IOException {
    byte[] content = ContractCase.pattern(4, 5000);
    Files.write(path("file"), content);
    CompletionQueue queue = new CompletionQueue();
    IoBuffer into = buffer(MANY * 8192L);
    Operation[] ops = new Operation[MANY];
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < MANY; i++) {
        Operation op = ops[i] == null ? new Operation() : ops[i];
        ops[i] = op;
        Path path = path(i % 3 == 0 ? "file" : i % 3 == 1 ? "none" : "");
        op.readFile(path, into, i * 8192L, 8192).tag(i).notifying(queue);
        op.priority(i % 5 == 0 ? Priority.URGENT : Priority.NORMAL);
        engine().submit(op);
        if (i % 7 == 0) {
          engine().cancel(op);
        }
      }
      for (int i = 0; i < MANY; i++) {
        Operation op = queue.take();
        int expected =
            switch ((int) (op.tag() % 3)) {
              case 0 -> 0;
              case 1 -> ENOENT;
              default -> EISDIR;
            };
        if (op.tag() % 7 == 0) {
          assertThat(op.errno()).isIn(expected, ECANCELED);
        } else {
          assertThat(op.errno()).isEqualTo(expected);
        }
        if (op.errno() == 0) {
          assertThat(into.segment().asSlice(op.tag() * 8192, op.result()).toArray(JAVA_BYTE))
              .isEqualTo(content);
        }
      }
    }
    OpenFiles.assertNoneBelow(path(""));
  }

  @Test
  default void narrowBoundsHoldForReadsOfFiles() throws IOException {
    try (var small =
        another(EngineOptions.defaults().withInFlight(1).withQueueCapacity(2).withWorkers(1))) {
      Files.write(path("file"), new byte[100]);
      CompletionQueue queue = new CompletionQueue();
      for (int i = 0; i < 50; i++) {
        small.submit(new Operation().readFile(path("file"), buffer(200), 0, 200).notifying(queue));
      }
      for (int i = 0; i < 50; i++) {
        assertThat(queue.take().result()).isEqualTo(100);
      }
    }
  }

  @Test
  default void readOfAFileTakesItsTurnInAChain() throws IOException {
    Operation make = new Operation().mkdir(path("before"), 0755);
    Files.write(path("file"), new byte[100]);
    Operation read = new Operation().readFile(path("file"), buffer(200), 0, 200);
    Operation missing = new Operation().readFile(path("none"), buffer(200), 0, 200);
    Operation never = new Operation().mkdir(path("never"), 0755);
    make.linkTo(read).linkTo(missing).linkTo(never);
    engine().submit(make);
    assertThat(make.await()).isZero();
    assertThat(read.await()).isEqualTo(100);
    ContractCase.failed(ENOENT, missing);
    ContractCase.failed(ECANCELED, never);
    assertThat(path("never")).doesNotExist();
  }

  @Test
  default void deadlineOfAReadOfAFileIsKept() throws IOException {
    Files.write(path("file"), new byte[100]);
    IoBuffer into = buffer(200);
    long hour = System.nanoTime() + Duration.ofHours(1).toNanos();
    assertThat(run(new Operation().readFile(path("file"), into, 0, 200).deadline(hour)))
        .isEqualTo(100);
    failing(
        ETIME,
        new Operation().readFile(path("file"), into, 0, 200).deadline(System.nanoTime() - 1));
  }

  @Test
  default void memoryOfAReadOfAFileStaysLentUntilItsEnd() throws IOException {
    Files.write(path("file"), new byte[4000]);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 200; i++) {
      Operation op = new Operation();
      try (IoBuffer into = engine().pool().acquire(4096)) {
        engine().submit(op.readFile(path("file"), into, 0, 4096));
        if (random.nextBoolean()) {
          engine().cancel(op);
        }
      }
      try {
        assertThat(op.await()).isEqualTo(4000);
      } catch (OperationException e) {
        assertThat(e.errno()).isEqualTo(ECANCELED);
      }
    }
    OpenFiles.assertNoneBelow(path(""));
  }

  /// A file that comes and goes is read whole, or is not there.
  @Test
  default void fileThatIsRemovedMeanwhileIsReadOrMissing() throws Exception {
    byte[] content = ContractCase.pattern(6, 3000);
    Files.write(path("spare"), content);
    Thread remover =
        Thread.ofPlatform()
            .start(() -> {
              try {
                for (int i = 0; i < (thorough() ? 300 : 60); i++) {
                  Files.copy(path("spare"), path("copy"));
                  Files.move(path("copy"), path("file"));
                  Files.delete(path("file"));
                }
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    IoBuffer into = buffer(4096);
    Operation op = new Operation();
    while (remover.isAlive()) {
      engine().submit(op.readFile(path("file"), into, 0, 4096));
      try {
        assertThat(ContractCase.content(into, op.await())).isEqualTo(content);
      } catch (OperationException e) {
        assertThat(e.errno()).isEqualTo(ENOENT);
      }
    }
    remover.join();
    assertThat(path("file")).doesNotExist();
    OpenFiles.assertNoneBelow(path(""));
  }
}
