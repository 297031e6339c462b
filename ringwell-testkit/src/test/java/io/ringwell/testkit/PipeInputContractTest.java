package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import io.ringwell.pipe.Pipe;
import io.ringwell.pipe.PipeOptions;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A reader keeps its promises wherever its pipe is filled from.
@Timeout(60)
@ParameterizedClass
@EnumSource(PipeInputs.class)
final class PipeInputContractTest implements PipeInputContract {
  private static final long MOST_BYTES = 40_000;

  private final PipeInputs kind;
  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(4 << 20));

  PipeInputContractTest(PipeInputs kind) {
    this.kind = kind;
  }

  @AfterEach
  void everythingIsGivenBack() {
    // Who was called off lets go on a thread of its own.
    while (pool.stats().inUseBytes() > 0) {
      Thread.onSpinWait();
    }
    assertThat(pool.stats().damaged()).isZero();
    pool.close();
  }

  @Override
  public Origin origin() throws IOException {
    PipeOptions options =
        PipeOptions.defaults()
            .withThresholds(16_000, 8_000)
            .withMaxBuffered(MOST_BYTES)
            .withSegments(1024, 8192);
    return kind.open(new Pipe(pool, options), pool);
  }

  @Override
  public long mostBuffered() {
    return MOST_BYTES;
  }

  @Override
  public boolean isLive() {
    return kind != PipeInputs.FILE_WINDOWS;
  }

  @Override
  public boolean isFragile() {
    return kind != PipeInputs.FILE_WINDOWS;
  }

  @Override
  public boolean noticesItsReader() {
    return true;
  }
}
