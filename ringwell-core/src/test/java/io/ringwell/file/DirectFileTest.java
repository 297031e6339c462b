package io.ringwell.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.Ringwell;
import io.ringwell.engine.EngineOptions;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DirectFileTest {
  @TempDir Path dir;

  private static Ringwell open(EngineOptions.Choice choice) {
    return Ringwell.open(EngineOptions.defaults().withChoice(choice));
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineOptions.Choice.class,
      names = {"URING", "THREADS"})
  void blocksAreWrittenReadAndTrimmed(EngineOptions.Choice choice) throws IOException {
    Path path = dir.resolve("blocks");
    try (Ringwell io = open(choice);
        DirectFile file = io.openDirect(path, OpenOptions.readWrite().create())) {
      int block = Math.max(4096, file.offsetAlign());
      IoBuffer buffer = io.pool().acquire(4L * block);
      buffer.segment().fill((byte) 7);
      try (Bytes bytes = buffer.freeze()) {
        file.writeBlock(0, bytes);
      }
      file.trimBlock(block, block);
      assertThat(file.info().size()).isEqualTo(4L * block);
      try (IoBuffer back = io.pool().acquire(4L * block)) {
        assertThat(file.readBlock(0, back)).isEqualTo(4L * block);
        byte[] expected = new byte[4 * block];
        Arrays.fill(expected, (byte) 7);
        Arrays.fill(expected, block, 2 * block, (byte) 0);
        assertThat(back.segment().mismatch(MemorySegment.ofArray(expected))).isEqualTo(-1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineOptions.Choice.class,
      names = {"URING", "THREADS"})
  void whatIsNotAlignedIsRefusedWithTheAlignment(EngineOptions.Choice choice) throws IOException {
    Path path = Files.write(dir.resolve("blocks"), new byte[8192]);
    try (Ringwell io = open(choice);
        DirectFile file = io.openDirect(path, OpenOptions.readWrite());
        IoBuffer buffer = io.pool().acquire(4096);
        Bytes small = Bytes.copyOf(new byte[100])) {
      String align = String.valueOf(file.offsetAlign());
      assertThatThrownBy(() -> file.readBlock(1, buffer))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(path.toString())
          .hasMessageContaining(align);
      assertThatThrownBy(() -> file.writeBlock(0, small))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("100");
      assertThatThrownBy(() -> file.trimBlock(0, 1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> file.trimBlock(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineOptions.Choice.class,
      names = {"URING", "THREADS"})
  void anyRangeIsServedByWidening(EngineOptions.Choice choice) throws IOException {
    Path path = dir.resolve("ranges");
    Files.write(path, new byte[0]);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] model = new byte[300_000];
    int size = 0;
    try (Ringwell io = open(choice);
        DirectFile file = io.openDirect(path, OpenOptions.readWrite())) {
      for (int i = 0; i < 200; i++) {
        int offset = random.nextInt(model.length - 1);
        int length = random.nextInt(1, Math.min(50_000, model.length - offset) + 1);
        if (random.nextBoolean()) {
          byte[] content = new byte[length];
          random.nextBytes(content);
          try (Bytes bytes = Bytes.copyOf(content)) {
            file.write(offset, bytes);
          }
          System.arraycopy(content, 0, model, offset, length);
          size = Math.max(size, offset + length);
        } else {
          try (Bytes back = file.read(offset, length)) {
            int expected = Math.clamp(size - offset, 0, length);
            assertThat(back.size()).as("seed %d step %d", seed, i).isEqualTo(expected);
            assertThat(
                    back.segment().mismatch(MemorySegment.ofArray(model).asSlice(offset, expected)))
                .as("seed %d step %d", seed, i)
                .isEqualTo(-1);
          }
        }
        assertThat(file.info().size()).as("seed %d step %d", seed, i).isEqualTo(size);
      }
      assertThat(io.pool().stats().inUseBytes()).isZero();
    }
  }
}
