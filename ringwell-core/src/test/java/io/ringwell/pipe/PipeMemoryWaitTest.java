package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A writer that waits for memory of a pool, all of which others have, hears of all else.
class PipeMemoryWaitTest {
  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(8 << 20));
  private final IoBuffer all = Objects.requireNonNull(pool.tryAcquire(pool.maxBytes()));
  private final Pipe pipe = new Pipe(pool, Rig.options());
  private boolean othersHaveIt = true;

  @AfterEach
  void nothingIsLeft() {
    if (othersHaveIt) {
      all.close();
    }
    pipe.close();
    assertThat(pool.stats().inUseBytes()).isZero();
    pool.close();
  }

  private void giveBack() {
    othersHaveIt = false;
    all.close();
  }

  private static void expectCancelled(Parked<Long> parked, String message) {
    assertThatThrownBy(parked::end)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void memoryThatComesEndsTheWait(boolean virtual) throws Exception {
    Parked<Long> parked = Parked.of(virtual, () -> pipe.writer().reserve(10));
    giveBack();
    assertThat(parked.end()).isGreaterThanOrEqualTo(10);
    assertThat(pool.stats().waiting()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCancelEndsTheWait(boolean virtual) throws Exception {
    Parked<Long> parked = Parked.of(virtual, () -> pipe.writer().reserve(10));
    pipe.writer().cancelPending();
    expectCancelled(parked, "memory");
    assertThat(pool.stats().waiting()).isZero();
    giveBack();
    assertThat(pipe.writer().reserve(10)).as("works on").isGreaterThanOrEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theEndOfTheReaderEndsTheWait(boolean virtual) throws Exception {
    Parked<Long> parked = Parked.of(virtual, () -> pipe.writer().reserve(10));
    IOException why = new IOException("the far side is gone");
    pipe.reader().complete(why);
    expectCancelled(parked, "reader is complete");
    assertThat(pool.stats().waiting()).isZero();
    assertThatThrownBy(() -> pipe.writer().tryFlush()).isSameAs(why);
  }

  /// The pipe alone has all memory, and nobody reads: its writer gets on with that.
  @Test
  void whoWritesToNobodyDoesNotWaitForItself() throws Exception {
    giveBack();
    byte[] block = new byte[1 << 20];
    pipe.reader().complete();
    for (long written = 0; written < 3 * pool.maxBytes(); written += block.length) {
      pipe.writer().write(block, 0, block.length);
    }
    assertThat(pipe.writer().tryFlush()).isEqualTo(FlushResult.COMPLETED);
  }
}
