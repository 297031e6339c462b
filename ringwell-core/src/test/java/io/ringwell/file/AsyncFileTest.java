package io.ringwell.file;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.Ringwell;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AsyncFileTest {
  @TempDir Path dir;

  private static Ringwell open(EngineOptions.Choice choice) {
    return Ringwell.open(EngineOptions.defaults().withChoice(choice));
  }

  private static byte[] random(int size) {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return content;
  }

  @ParameterizedTest
  @EnumSource(EngineOptions.Choice.class)
  void readsWhatIsThereAndTellsTheEnd(EngineOptions.Choice choice) throws IOException {
    byte[] content = random(10_000);
    Path path = Files.write(dir.resolve("f"), content);
    try (Ringwell io = open(choice);
        AsyncFile file = io.open(path, OpenOptions.read())) {
      try (Bytes all = file.read(0, 20_000)) {
        assertThat(all.toArray()).isEqualTo(content);
      }
      try (Bytes past = file.read(10_000, 1)) {
        assertThat(past.size()).isZero();
      }
      assertThatThrownBy(() -> file.readExactly(9_999, 2))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining(path.toString())
          .hasMessageContaining("9999");
      assertThat(file.size()).isEqualTo(10_000);
    }
  }

  @ParameterizedTest
  @EnumSource(EngineOptions.Choice.class)
  void longTransfersGoInPartsAndComeBackWhole(EngineOptions.Choice choice) throws IOException {
    int size = (5 << 20) + 12_345;
    byte[] content = random(size);
    Path path = dir.resolve("long");
    try (Ringwell io = open(choice);
        AsyncFile file = io.open(path, OpenOptions.readWrite().createNew());
        Bytes bytes = Bytes.copyOf(content)) {
      file.write(77, bytes);
      long copied = CopyCounter.bytesCopied();
      try (Bytes back = file.read(77, size + 4096L)) {
        assertThat(back.size()).isEqualTo(size);
        assertThat(back.segment().mismatch(MemorySegment.ofArray(content))).isEqualTo(-1);
      }
      assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
    }
  }

  @ParameterizedTest
  @EnumSource(EngineOptions.Choice.class)
  void stagesCompleteWithBytesOrWithTheError(EngineOptions.Choice choice) throws IOException {
    Path path = Files.write(dir.resolve("f"), random(4096));
    try (Ringwell io = open(choice)) {
      try (AsyncFile file = io.openAsync(path, OpenOptions.read()).toCompletableFuture().join();
          Bytes bytes = file.readAsync(0, 4096).toCompletableFuture().join()) {
        assertThat(bytes.size()).isEqualTo(4096);
      }
      CompletableFuture<AsyncFile> missing =
          io.openAsync(dir.resolve("missing"), OpenOptions.read()).toCompletableFuture();
      assertThatThrownBy(missing::join)
          .hasCauseInstanceOf(OperationException.class)
          .hasMessageContaining("missing")
          .hasMessageContaining("ENOENT");
      assertThat(io.pool().stats().inUseBytes()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(EngineOptions.Choice.class)
  void chainIsGatheredWithoutACopy(EngineOptions.Choice choice) throws IOException {
    Path path = dir.resolve("chain");
    try (Ringwell io = open(choice);
        AsyncFile file = io.open(path, OpenOptions.readWrite().create());
        Bytes one = Bytes.copyOf(random(1000));
        BytesChain chain =
            BytesChain.of(one.slice(0, 10), one.slice(500, 100), one.slice(0, 1000))) {
      long copied = CopyCounter.bytesCopied();
      file.write(3, chain);
      assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
      try (Bytes back = file.read(3, 2000);
          Bytes joined = chain.join()) {
        assertThat(back.toArray()).isEqualTo(joined.toArray());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(EngineOptions.Choice.class)
  void appendsGoToTheEnd(EngineOptions.Choice choice) throws IOException {
    Path path = Files.write(dir.resolve("log"), new byte[] {1, 2, 3});
    try (Ringwell io = open(choice);
        AsyncFile file = io.open(path, OpenOptions.write().append());
        Bytes more = Bytes.copyOf(new byte[] {4, 5})) {
      file.append(more);
      file.append(more);
    }
    assertThat(Files.readAllBytes(path)).containsExactly(1, 2, 3, 4, 5, 4, 5);
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineOptions.Choice.class,
      names = {"URING", "THREADS"})
  void locksKeepOffOtherOpenFiles(EngineOptions.Choice choice) throws IOException {
    Path path = Files.write(dir.resolve("locked"), new byte[100]);
    try (Ringwell io = open(choice);
        AsyncFile first = io.open(path, OpenOptions.readWrite());
        AsyncFile second = io.open(path, OpenOptions.readWrite())) {
      FileLock held = first.lock(0, 10, true);
      assertThatThrownBy(() -> second.tryLock(5, 10, true))
          .isInstanceOf(OperationException.class)
          .hasMessageContaining("EAGAIN");
      second.tryLock(10, 10, true).close();
      CompletableFuture<FileLock> waiting =
          CompletableFuture.supplyAsync(() -> {
            try {
              return second.lock(0, 10, true);
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      held.close();
      waiting.join().close();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineOptions.Choice.class,
      names = {"URING", "THREADS"})
  void offsetsBeyondFourGiBAreRight(EngineOptions.Choice choice) throws IOException {
    Path path = dir.resolve("sparse");
    long[] offsets = {
      (1L << 31) - 3, (1L << 31), (1L << 32) - 5, (1L << 32), (1L << 32) + 1, (5L << 30) - 1
    };
    try (Ringwell io = open(choice);
        AsyncFile file = io.open(path, OpenOptions.readWrite().create())) {
      for (int i = 0; i < offsets.length; i++) {
        try (Bytes mark = Bytes.copyOf(new byte[] {(byte) (i + 1)})) {
          file.write(offsets[i], mark);
        }
      }
      for (int i = 0; i < offsets.length; i++) {
        try (Bytes back = file.readExactly(offsets[i], 1)) {
          assertThat(back.get(0)).isEqualTo((byte) (i + 1));
        }
      }
      assertThat(file.size()).isEqualTo(5L << 30);
      assertThat(file.info().allocatedBytes()).isLessThan(1 << 20);
    }
  }

  @Tag("soak")
  @ParameterizedTest
  @EnumSource(
      value = EngineOptions.Choice.class,
      names = {"URING", "THREADS"})
  void oneReadOfMoreThanTwoGiBIsWhole(EngineOptions.Choice choice) throws IOException {
    Path path = dir.resolve("huge");
    long size = (1L << 31) + (3 << 20);
    try (Ringwell io = open(choice);
        BufferPool pool = BufferPool.aligned(PoolOptions.ofMaxBytes(3L << 30));
        AsyncFile file = io.open(path, OpenOptions.readWrite().create());
        Bytes mark = Bytes.copyOf(new byte[] {42})) {
      file.truncate(size);
      file.write((1L << 31) - 1, mark);
      file.write(size - 1, mark);
      try (IoBuffer into = pool.acquire(size)) {
        assertThat(file.read(0, into)).isEqualTo(size);
        assertThat(into.segment().get(JAVA_BYTE, (1L << 31) - 1)).isEqualTo((byte) 42);
        assertThat(into.segment().get(JAVA_BYTE, 1L << 31)).isZero();
        assertThat(into.segment().get(JAVA_BYTE, size - 1)).isEqualTo((byte) 42);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(EngineOptions.Choice.class)
  void manyThreadsShareOneFile(EngineOptions.Choice choice) throws Exception {
    byte[] content = random(1 << 20);
    Path path = Files.write(dir.resolve("shared"), content);
    try (Ringwell io = open(choice);
        AsyncFile file =
            io.open(path, OpenOptions.read().withHandOff(OpenOptions.HandOff.ALWAYS))) {
      List<Thread> threads = new ArrayList<>();
      List<String> wrong = new ArrayList<>();
      for (int t = 0; t < 100; t++) {
        int seed = t;
        threads.add(Thread.startVirtualThread(() -> readRandomly(file, content, seed, wrong)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(wrong).isEmpty();
      assertThat(io.pool().stats().inUseBytes()).isZero();
    }
  }

  private static void readRandomly(AsyncFile file, byte[] content, int seed, List<String> wrong) {
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      int offset = random.nextInt(content.length);
      int length = random.nextInt(1, 10_000);
      try (Bytes bytes = file.read(offset, length)) {
        MemorySegment expected =
            MemorySegment.ofArray(content)
                .asSlice(offset, Math.min(length, content.length - offset));
        if (bytes.segment().mismatch(expected) != -1) {
          throw new IOException("mismatch at " + offset);
        }
      } catch (IOException e) {
        synchronized (wrong) {
          wrong.add(e.toString());
        }
      }
    }
  }
}
