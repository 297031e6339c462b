package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Transfers past the page cache.
interface DirectContract extends ContractCase {
  /// Good for every device and file system in use.
  int BLOCK = 4096;

  private FileHandle createDirect(String name) throws IOException {
    assumeTrue(kind() != EngineInfo.Kind.CHANNELS, "FileChannel alone has no direct I/O here");
    try {
      return engine().open(path(name), NEW_FILE | OpenFlag.DIRECT, 0644);
    } catch (OperationException e) {
      assumeTrue(e.errno() != EINVAL, e.getMessage());
      throw e;
    }
  }

  @Test
  default void directBytesComeBack() throws IOException {
    FileHandle file = createDirect("direct");
    assertThat(file.isDirect()).isTrue();
    assertThat(file.offsetAlign()).isPositive();
    byte[] content = ContractCase.pattern(1, 512 * BLOCK);
    put(file, content, 3 * BLOCK);
    assertThat(get(file, 3 * BLOCK, content.length)).isEqualTo(content);
    assertThat(get(file, 0, 3 * BLOCK)).isEqualTo(new byte[3 * BLOCK]);
  }

  @Test
  default void directReadOfTheTailTellsItsTrueLength() throws IOException {
    FileHandle file = createDirect("tail");
    byte[] content = ContractCase.pattern(2, 8 * BLOCK);
    put(file, content, 0);
    for (int cut : new int[] {1, 17, 511, 512, 513, BLOCK - 1, BLOCK}) {
      int size = 7 * BLOCK + cut;
      put(file, content, 0);
      run(new Operation().truncate(file, size));
      assertThat(get(file, 0, 16 * BLOCK)).as("all of %d", size).hasSize(size);
      assertThat(get(file, 7 * BLOCK, BLOCK))
          .as("tail of %d", size)
          .isEqualTo(Arrays.copyOfRange(content, 7 * BLOCK, size));
      assertThat(get(file, 8 * BLOCK, BLOCK)).isEmpty();
    }
  }

  @Test
  default void unalignedDirectTransferSaysWhatItWants() throws IOException {
    FileHandle file = createDirect("unaligned");
    put(file, new byte[BLOCK], 0);
    OperationException failure =
        failing(EINVAL, new Operation().read(file, buffer(BLOCK), 0, 100, 1));
    assertThat(failure.getMessage()).contains("aligned to " + file.memoryAlign());
  }

  @Test
  default void directVectorsComeBack() throws IOException {
    FileHandle file = createDirect("vectors");
    byte[] content = ContractCase.pattern(3, 6 * BLOCK);
    Bytes whole = frozen(content);
    BytesChain chain =
        BytesChain.of(
            whole.slice(0, BLOCK),
            whole.slice(BLOCK, 3 * BLOCK),
            whole.slice(4 * BLOCK, 2 * BLOCK));
    assertThat(run(new Operation().writev(file, chain, BLOCK))).isEqualTo(6 * BLOCK);
    chain.close();
    whole.close();
    IoBuffer[] buffers = {buffer(2 * BLOCK), buffer(4 * BLOCK)};
    assertThat(run(new Operation().readv(file, buffers, BLOCK))).isEqualTo(6 * BLOCK);
    assertThat(ContractCase.content(buffers[0], 2 * BLOCK))
        .isEqualTo(Arrays.copyOf(content, 2 * BLOCK));
    assertThat(ContractCase.content(buffers[1], 4 * BLOCK))
        .isEqualTo(Arrays.copyOfRange(content, 2 * BLOCK, 6 * BLOCK));
  }

  @Test
  default void directReadsAreNotAnsweredFromTheCache() throws IOException {
    FileHandle file = createDirect("uncached");
    put(file, new byte[BLOCK], 0);
    assertThat(engine().tryNow(new Operation().read(file, buffer(BLOCK), 0, BLOCK, 0))).isFalse();
  }
}
