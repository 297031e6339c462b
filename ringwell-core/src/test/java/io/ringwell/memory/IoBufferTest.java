package io.ringwell.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.InterruptedIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IoBufferTest {
  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20));

  @AfterEach
  void nothingIsLeftBehind() {
    assertThat(pool.stats().inUseBytes()).isZero();
    pool.close();
  }

  @Test
  void capacityIsWhatWasAskedFor() throws InterruptedIOException {
    try (IoBuffer buffer = pool.acquire(5000)) {
      assertThat(buffer.capacity()).isEqualTo(5000);
      assertThat(buffer.segment().byteSize()).isEqualTo(5000);
      assertThat(buffer.byteBuffer().remaining()).isEqualTo(5000);
      assertThat(buffer.segment().address()).isEqualTo(buffer.address());
    }
  }

  @Test
  void segmentAndByteBufferWriteTheSameMemory() throws InterruptedIOException {
    try (IoBuffer buffer = pool.acquire(16)) {
      buffer.segment().set(JAVA_LONG, 0, 0);
      buffer.byteBuffer().put(3, (byte) 7);
      assertThat(buffer.segment().get(JAVA_BYTE, 3)).isEqualTo((byte) 7);
    }
  }

  @Test
  void emptyBufferIsLegal() throws InterruptedIOException {
    try (Bytes bytes = pool.acquire(0).freeze()) {
      assertThat(bytes.size()).isZero();
      assertThat(bytes.toArray()).isEmpty();
    }
  }

  @Test
  void everyUseAfterCloseThrows() throws InterruptedIOException {
    IoBuffer buffer = pool.acquire(100);
    buffer.close();
    assertThat(buffer.isClosed()).isTrue();
    assertDead(buffer);
  }

  @Test
  void everyUseAfterFreezeThrows() throws InterruptedIOException {
    IoBuffer buffer = pool.acquire(100);
    try (Bytes bytes = buffer.freeze()) {
      assertThat(bytes.size()).isEqualTo(100);
      assertThat(buffer.isClosed()).isTrue();
      assertDead(buffer);
    }
  }

  @Test
  void staleHandleCannotTouchTheNextOwnersBuffer() throws InterruptedIOException {
    IoBuffer stale = pool.acquire(100);
    long address = stale.address();
    stale.close();
    try (IoBuffer next = pool.acquire(100)) {
      assertThat(next.address()).as("the memory is reused").isEqualTo(address);
      assertDead(stale);
      next.lend();
      assertThatIllegalStateException().isThrownBy(stale::giveBack);
      next.giveBack();
      assertThat(next.isClosed()).isFalse();
    }
  }

  @Test
  void frozenPartIsARangeOfTheBuffer() throws InterruptedIOException {
    IoBuffer buffer = pool.acquire(10);
    for (int i = 0; i < 10; i++) {
      buffer.segment().set(JAVA_BYTE, i, (byte) i);
    }
    try (Bytes bytes = buffer.freeze(3, 4)) {
      assertThat(bytes.toArray()).containsExactly(3, 4, 5, 6);
    }
  }

  @Test
  void frozenRangeMustLieWithinTheBuffer() throws InterruptedIOException {
    try (IoBuffer buffer = pool.acquire(10)) {
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> buffer.freeze(3, 8));
      assertThat(buffer.isClosed()).as("still the owner's").isFalse();
    }
  }

  @Test
  void closedWhileLentIsNotReusedBeforeItIsGivenBack() throws InterruptedIOException {
    IoBuffer buffer = pool.acquire(512);
    long address = buffer.address();
    buffer.lend();
    buffer.lend();
    buffer.close();
    assertThat(pool.stats().lentBytes()).isEqualTo(512);
    try (IoBuffer other = pool.acquire(512)) {
      assertThat(other.address()).isNotEqualTo(address);
    }
    buffer.giveBack();
    assertThat(pool.stats().inUseBytes()).as("one lender left").isEqualTo(512);
    buffer.giveBack();
    assertThat(pool.stats().inUseBytes()).isZero();
    assertThat(pool.stats().lentBytes()).isZero();
    assertThatIllegalStateException().isThrownBy(buffer::giveBack);
  }

  @Test
  void lentBufferRefusesToFreezeAndStaysOpen() throws InterruptedIOException {
    IoBuffer buffer = pool.acquire(512);
    buffer.lend();
    assertThatIllegalStateException().isThrownBy(buffer::freeze).withMessageContaining("lent");
    buffer.giveBack();
    buffer.freeze().close();
  }

  @Test
  void closeAfterCloseThrowsAlsoWhileLent() throws InterruptedIOException {
    IoBuffer buffer = pool.acquire(512);
    buffer.lend();
    buffer.close();
    assertThatIllegalStateException().isThrownBy(buffer::close);
    assertThatIllegalStateException().isThrownBy(buffer::lend);
    assertThatIllegalStateException().isThrownBy(buffer::segment);
    buffer.giveBack();
  }

  @Test
  void giveBackWithoutLendThrows() throws InterruptedIOException {
    try (IoBuffer buffer = pool.acquire(512)) {
      assertThatIllegalStateException().isThrownBy(buffer::giveBack);
    }
  }

  @Test
  void lendingIsCountedUpToItsBound() throws InterruptedIOException {
    try (IoBuffer buffer = pool.acquire(512)) {
      for (int i = 0; i < 65_535; i++) {
        buffer.lend();
      }
      assertThatIllegalStateException().isThrownBy(buffer::lend).withMessageContaining("65535");
      for (int i = 0; i < 65_535; i++) {
        buffer.giveBack();
      }
    }
  }

  private static void assertDead(IoBuffer buffer) {
    assertThatIllegalStateException().isThrownBy(buffer::close);
    assertThatIllegalStateException().isThrownBy(buffer::freeze);
    assertThatIllegalStateException().isThrownBy(buffer::segment);
    assertThatIllegalStateException().isThrownBy(buffer::byteBuffer);
    assertThatIllegalStateException().isThrownBy(buffer::address);
    assertThatIllegalStateException().isThrownBy(buffer::lend);
    assertThatIllegalStateException().isThrownBy(buffer::giveBack);
  }
}
