package io.ringwell.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BytesTest {
  private static final byte[] DIGITS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20));

  @AfterEach
  void nothingIsLeftBehind() {
    assertThat(pool.stats().inUseBytes()).isZero();
    pool.close();
  }

  private Bytes pooledDigits() throws InterruptedIOException {
    IoBuffer buffer = pool.acquire(DIGITS.length);
    buffer.segment().copyFrom(MemorySegment.ofArray(DIGITS));
    return buffer.freeze();
  }

  @Test
  void freezingAndSlicingCopyNothing() throws InterruptedIOException {
    IoBuffer buffer = pool.acquire(4096);
    long address = buffer.address();
    long copied = CopyCounter.bytesCopied();
    try (Bytes bytes = buffer.freeze();
        Bytes slice = bytes.slice(100, 50);
        Bytes deeper = slice.slice(7, 3);
        Bytes same = bytes.share()) {
      assertThat(bytes.address()).isEqualTo(address);
      assertThat(slice.address()).isEqualTo(address + 100);
      assertThat(deeper.address()).isEqualTo(address + 107);
      assertThat(deeper.segment().address()).isEqualTo(address + 107);
      assertThat(same.address()).isEqualTo(address);
      assertThat(same.size()).isEqualTo(4096);
    }
    assertThat(CopyCounter.bytesCopied()).isEqualTo(copied);
  }

  @Test
  void memoryGoesBackWithTheLastHandleInAnyOrder() throws InterruptedIOException {
    Bytes bytes = pooledDigits();
    Bytes slice = bytes.slice(2, 3);
    bytes.close();
    assertThat(slice.toArray()).containsExactly(2, 3, 4);
    Bytes last = slice.share();
    slice.close();
    assertThat(pool.stats().inUseBytes()).isPositive();
    last.close();
    assertThat(pool.stats().inUseBytes()).isZero();
  }

  @Test
  void everyUseOfAClosedHandleThrowsThoughOthersAreOpen() throws InterruptedIOException {
    Bytes open = pooledDigits();
    Bytes closed = open.share();
    closed.close();
    assertThat(closed.isClosed()).isTrue();
    assertThatIllegalStateException().isThrownBy(closed::close);
    assertThatIllegalStateException().isThrownBy(closed::size);
    assertThatIllegalStateException().isThrownBy(closed::segment);
    assertThatIllegalStateException().isThrownBy(closed::byteBuffer);
    assertThatIllegalStateException().isThrownBy(closed::address);
    assertThatIllegalStateException().isThrownBy(closed::share);
    assertThatIllegalStateException().isThrownBy(() -> closed.slice(0, 1));
    assertThatIllegalStateException().isThrownBy(closed::lend);
    assertThatIllegalStateException().isThrownBy(closed::giveBack);
    assertThatIllegalStateException().isThrownBy(closed::toArray);
    assertThatIllegalStateException().isThrownBy(() -> closed.get(0));
    assertThat(open.isClosed()).isFalse();
    assertThat(open.toArray()).isEqualTo(DIGITS);
    open.close();
  }

  @Test
  void lentMemoryOutlivesItsHandles() throws InterruptedIOException {
    Bytes bytes = pooledDigits();
    bytes.lend();
    bytes.close();
    assertThat(pool.stats().lentBytes()).isPositive();
    bytes.giveBack();
    assertThat(pool.stats().inUseBytes()).isZero();
    assertThatIllegalStateException().isThrownBy(bytes::giveBack);
  }

  @Test
  void lateGiveBackCannotReachTheNextOwner() throws InterruptedIOException {
    Bytes stale = pooledDigits();
    stale.close();
    try (Bytes next = pooledDigits()) {
      next.lend();
      assertThatIllegalStateException().isThrownBy(stale::giveBack);
      next.giveBack();
    }
  }

  @Test
  void segmentAndByteBufferAreReadOnly() throws InterruptedIOException {
    try (Bytes bytes = pooledDigits()) {
      assertThat(bytes.segment().isReadOnly()).isTrue();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> bytes.segment().set(JAVA_BYTE, 0, (byte) 1));
      assertThatExceptionOfType(ReadOnlyBufferException.class)
          .isThrownBy(() -> bytes.byteBuffer().put(0, (byte) 1));
      assertThat(bytes.byteBuffer().isDirect()).isTrue();
      assertThat(bytes.byteBuffer()).isEqualTo(ByteBuffer.wrap(DIGITS));
    }
  }

  @Test
  void getReadsWithinItsOwnRangeOnly() throws InterruptedIOException {
    try (Bytes bytes = pooledDigits();
        Bytes slice = bytes.slice(3, 4)) {
      assertThat(slice.get(0)).isEqualTo((byte) 3);
      assertThat(slice.get(3)).isEqualTo((byte) 6);
      assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> slice.get(4));
      assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> slice.get(-1));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> slice.slice(1, 4));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> slice.slice(Long.MAX_VALUE, 2));
    }
  }

  @Test
  void copiesAreCounted() {
    byte[] target = new byte[20];
    long before = CopyCounter.bytesCopied();
    try (Bytes bytes = Bytes.copyOf(DIGITS)) {
      assertThat(CopyCounter.bytesCopied() - before).isEqualTo(10);
      assertThat(bytes.toArray()).isEqualTo(DIGITS);
      assertThat(CopyCounter.bytesCopied() - before).isEqualTo(20);
      bytes.copyTo(4, MemorySegment.ofArray(target), 2, 5);
      assertThat(CopyCounter.bytesCopied() - before).isEqualTo(25);
    }
    assertThat(target).startsWith(0, 0, 4, 5, 6, 7, 8, 0);
  }

  @Test
  void copyOfABufferLeavesItsPosition() {
    ByteBuffer source = ByteBuffer.wrap(DIGITS).position(2).limit(5);
    try (Bytes bytes = Bytes.copyOf(source)) {
      assertThat(bytes.toArray()).containsExactly(2, 3, 4);
    }
    assertThat(source.position()).isEqualTo(2);
  }

  @Test
  void copyIsIndependentOfItsSource() {
    byte[] source = DIGITS.clone();
    try (Bytes bytes = Bytes.copyOf(source)) {
      source[0] = 99;
      assertThat(bytes.get(0)).isZero();
    }
  }

  @Test
  void noBytesAtAllAreLegal() {
    try (Bytes empty = Bytes.empty();
        Bytes copy = Bytes.copyOf(new byte[0]);
        Bytes slice = copy.slice(0, 0)) {
      assertThat(empty.size()).isZero();
      assertThat(slice.size()).isZero();
      assertThat(slice.segment().byteSize()).isZero();
      assertThat(slice.byteBuffer().hasRemaining()).isFalse();
      assertThat(slice.toArray()).isEmpty();
    }
  }

  @Test
  void adoptedMemoryIsReleasedOnceAfterTheLastHandleAndLender() {
    AtomicInteger released = new AtomicInteger();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(64).fill((byte) 5);
      Bytes bytes = Bytes.adopt(memory, released::incrementAndGet);
      Bytes slice = bytes.slice(60, 4);
      assertThat(slice.address()).isEqualTo(memory.address() + 60);
      slice.lend();
      bytes.close();
      slice.close();
      assertThat(released).hasValue(0);
      slice.giveBack();
      assertThat(released).hasValue(1);
    }
  }

  @Test
  void heapMemoryCannotBeAdopted() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bytes.adopt(MemorySegment.ofArray(DIGITS), () -> {}));
  }
}
