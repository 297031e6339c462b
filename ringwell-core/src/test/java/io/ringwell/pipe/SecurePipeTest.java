package io.ringwell.pipe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.PoolOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Secrets that go through a pipe stay in the pool's memory, and are wiped when they are used.
class SecurePipeTest {
  private static final byte[] SECRET = {11, 22, 33, 44};

  private final BufferPool pool = BufferPool.secure(PoolOptions.ofMaxBytes(1 << 20));

  @AfterEach
  void everythingIsGivenBack() {
    assertThat(pool.stats().inUseBytes()).isZero();
    pool.close();
  }

  @Test
  void whatWasConsumedIsWipedAtOnceWhateverIsToBeKept() throws IOException {
    try (Pipe pipe = new Pipe(pool, Rig.options().withKeepBytes(512 << 10))) {
      assertThat(pipe.options().keepBytes()).isZero();
      pipe.writer().write(SECRET, 0, SECRET.length);
      pipe.writer().flush();
      PipeRead read = pipe.reader().read();
      assertThat(read.isSecure()).isTrue();
      MemorySegment memory = read.window();
      assertThat(memory.toArray(JAVA_BYTE)).isEqualTo(SECRET);
      read.advance(read.end());
      assertThat(pool.stats().inUseBytes()).isZero();
      assertThat(memory.toArray(JAVA_BYTE)).containsOnly(0);
    }
  }

  @Test
  void numbersAreWipedToo() throws IOException {
    try (TypedPipe<IntWriter, IntRead> pipe = TypedPipe.ofInts(pool, Rig.options())) {
      pipe.writer().reserve(1);
      pipe.writer().put(0, 0x12345678);
      pipe.writer().commit(1);
      pipe.writer().flush();
      IntRead read = pipe.reader().read();
      MemorySegment memory = read.window();
      read.advance(1);
      assertThat(memory.toArray(JAVA_BYTE)).containsOnly(0);
    }
  }

  @Test
  void nothingGoesToTheHeapByTheWay() throws IOException {
    try (Pipe pipe = new Pipe(pool, Rig.options())) {
      pipe.writer().write(SECRET, 0, SECRET.length);
      pipe.writer().complete();
      ByteArrayOutputStream heap = new ByteArrayOutputStream();
      assertThatThrownBy(() -> pipe.reader().copyTo(heap))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("secure");
      assertThat(heap.size()).isZero();
      PipeRead read = pipe.reader().read();
      assertThatThrownBy(read::toArray).isInstanceOf(IllegalStateException.class);
      assertThat(read.size()).isEqualTo(SECRET.length);
    }
  }

  @Test
  void bytesThatWereMovedOnAreStillSecure() throws IOException {
    try (Pipe from = new Pipe(pool, Rig.options());
        Pipe to = new Pipe(pool, Rig.options())) {
      from.writer().write(SECRET, 0, SECRET.length);
      from.writer().complete();
      from.reader().pipeTo(to.writer());
      PipeRead read = to.reader().read();
      assertThat(read.isSecure()).isTrue();
      try (BytesChain taken = read.detach(read.end())) {
        assertThat(taken.isSecure()).isTrue();
      }
    }
  }

  /// Not even a window that is too large for the pool is elsewhere.
  @Test
  void windowsBeyondThePoolAreRefusedAndLieNowhereElse() throws IOException {
    PipeOptions wide = Rig.options().withMaxBuffered(1L << 40).withSegments(64 << 10, 1 << 30);
    try (Pipe pipe = new Pipe(pool, wide)) {
      assertThatThrownBy(() -> pipe.writer().reserve(pool.maxBytes() + 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(pipe.writer().tryReserve(1)).isPositive();
      assertThat(pipe.writer().buffer().isSecure()).isTrue();
      while (pipe.writer().tryReserve(1) > 0) {
        assertThat(pipe.writer().buffer().isSecure()).isTrue();
        pipe.writer().commit(pipe.writer().room());
      }
      assertThat(pool.stats().inUseBytes()).isEqualTo(pool.maxBytes());
    }
  }
}
