package io.ringwell.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Once with one range of addresses, once with separate slabs as where there is no mmap(2).
@ParameterizedClass(name = "inRange = {0}")
@ValueSource(booleans = {true, false})
class BufferPoolTest {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long SLAB = 64 * KIB;

  @Parameter boolean inRange;

  private final List<BufferPool> pools = new ArrayList<>();

  @AfterEach
  void nothingIsLeftBehind() {
    for (BufferPool pool : pools) {
      assertThat(pool.stats().inUseBytes()).isZero();
      pool.close();
    }
  }

  private BufferPool pool(long maxBytes) {
    return pool(PoolOptions.ofMaxBytes(maxBytes).withSlabBytes(SLAB));
  }

  private BufferPool pool(PoolOptions options) {
    BufferPool pool = new SlabPool(options, inRange ? SlabHeap.Kind.RANGE : SlabHeap.Kind.SEPARATE);
    pools.add(pool);
    return pool;
  }

  @Test
  void everyBufferIsAlignedToTheSmallestBlock() {
    BufferPool pool = pool(MIB);
    for (long size = 1; size <= 4 * SLAB; size = size * 2 + 1) {
      try (IoBuffer buffer = requireNonNull(pool.tryAcquire(size))) {
        long expected = Math.min(4096, Math.max(512, Long.highestOneBit(2 * size - 1)));
        assertThat(buffer.address() % expected).as("size %d", size).isZero();
      }
    }
  }

  @Test
  void alignedPoolAlignsSmallBuffersToo() {
    try (BufferPool pool = BufferPool.aligned(PoolOptions.ofMaxBytes(MIB));
        IoBuffer a = requireNonNull(pool.tryAcquire(1));
        IoBuffer b = requireNonNull(pool.tryAcquire(1))) {
      assertThat(a.address() % 4096).isZero();
      assertThat(b.address() % 4096).isZero();
    }
  }

  @Test
  void largerAlignmentIsKept() {
    BufferPool pool = pool(PoolOptions.ofMaxBytes(4 * MIB).withAlignment(MIB));
    try (IoBuffer a = requireNonNull(pool.tryAcquire(1));
        IoBuffer b = requireNonNull(pool.tryAcquire(1))) {
      assertThat(a.address() % MIB).isZero();
      assertThat(b.address() % MIB).isZero();
    }
  }

  @Test
  void boundIsRoundedDownToSlabs() {
    assertThat(pool(MIB + 1).maxBytes()).isEqualTo(MIB);
    assertThat(BufferPool.shared(PoolOptions.ofMaxBytes(100_000)).maxBytes())
        .isLessThanOrEqualTo(100_000)
        .isGreaterThan(90_000);
  }

  @Test
  void boundIsNeverExceeded() {
    BufferPool pool = pool(MIB);
    List<IoBuffer> all = new ArrayList<>();
    for (IoBuffer b = pool.tryAcquire(4096); b != null; b = pool.tryAcquire(4096)) {
      all.add(b);
    }
    assertThat(all).hasSize(256);
    assertThat(pool.stats().inUseBytes()).isEqualTo(MIB);
    assertThat(pool.stats().committedBytes()).isEqualTo(MIB);
    assertThat(pool.stats().refused()).isEqualTo(1);
    all.forEach(IoBuffer::close);
    assertThat(pool.stats().inUseBytes()).isZero();
    assertThat(pool.stats().peakBytes()).isEqualTo(MIB);
    assertThat(pool.stats().acquired()).isEqualTo(256);
  }

  @Test
  void requestThatCanNeverFitIsRefused() {
    BufferPool pool = pool(MIB);
    assertThatIllegalArgumentException().isThrownBy(() -> pool.acquire(MIB + 1));
    assertThatIllegalArgumentException().isThrownBy(() -> pool.tryAcquire(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.acquire(Long.MAX_VALUE, Duration.ofSeconds(1)));
  }

  @Test
  void wholePoolIsOneBuffer() {
    BufferPool pool = pool(MIB);
    try (IoBuffer buffer = requireNonNull(pool.tryAcquire(MIB))) {
      buffer.segment().fill((byte) 1);
      assertThat(buffer.segment().get(JAVA_BYTE, MIB - 1)).isEqualTo((byte) 1);
      assertThat(pool.tryAcquire(1)).isNull();
    }
  }

  @Test
  void memoryOfOneSizeServesAnother() {
    BufferPool pool = pool(MIB);
    for (long size : new long[] {512, 4096, 32 * KIB, SLAB, 3 * SLAB, MIB, 1024, 100}) {
      List<IoBuffer> all = new ArrayList<>();
      for (IoBuffer b = pool.tryAcquire(size); b != null; b = pool.tryAcquire(size)) {
        all.add(b);
      }
      long block = size > SLAB ? size : Math.max(512, Long.highestOneBit(2 * size - 1));
      assertThat(all).as("size %d", size).hasSize((int) (MIB / block));
      all.forEach(IoBuffer::close);
    }
  }

  @Test
  void smallBuffersOfManySizesShareOneSlab() {
    BufferPool pool = pool(SLAB);
    try (IoBuffer a = requireNonNull(pool.tryAcquire(512));
        IoBuffer b = requireNonNull(pool.tryAcquire(4096));
        IoBuffer c = requireNonNull(pool.tryAcquire(32 * KIB))) {
      assertThat(List.of(a.address(), b.address(), c.address())).doesNotHaveDuplicates();
    }
  }

  @Test
  void idleMemoryIsReusedBeforeThePoolGrows() {
    BufferPool pool = pool(16 * MIB);
    List<IoBuffer> all = new ArrayList<>();
    for (int i = 0; i < 4 * SLAB / 4096; i++) {
      all.add(requireNonNull(pool.tryAcquire(4096)));
    }
    all.forEach(IoBuffer::close);
    assertThat(pool.stats().committedBytes()).isEqualTo(4 * SLAB);
    for (int i = 0; i < 4; i++) {
      all.set(i, requireNonNull(pool.tryAcquire(SLAB)));
    }
    assertThat(pool.stats().committedBytes()).isEqualTo(4 * SLAB);
    all.subList(0, 4).forEach(IoBuffer::close);
  }

  @Test
  void slabsAreCommittedOnDemandOnly() {
    BufferPool pool = pool(16 * MIB);
    assertThat(pool.stats().committedBytes()).isZero();
    assertThat(pool.stats().reservedBytes()).isEqualTo(16 * MIB);
    requireNonNull(pool.tryAcquire(1)).close();
    assertThat(pool.stats().committedBytes()).isEqualTo(SLAB);
  }

  @Test
  void hugeBoundCostsNothingUntilItIsUsed() {
    BufferPool pool = pool(PoolOptions.ofMaxBytes(64L << 30));
    requireNonNull(pool.tryAcquire(4096)).close();
    assertThat(pool.maxBytes()).isEqualTo(64L << 30);
    assertThat(pool.stats().committedBytes()).isEqualTo(4 * MIB);
  }

  @Test
  void trimGivesBackSlabsWithoutABuffer() {
    BufferPool pool = pool(MIB);
    IoBuffer kept = requireNonNull(pool.tryAcquire(512));
    kept.segment().fill((byte) 3);
    requireNonNull(pool.tryAcquire(4 * SLAB)).close();
    assertThat(pool.trim()).isEqualTo(4 * SLAB);
    assertThat(pool.stats().committedBytes()).isEqualTo(SLAB);
    assertThat(kept.segment().get(JAVA_BYTE, 511)).isEqualTo((byte) 3);
    kept.close();
    try (IoBuffer again = requireNonNull(pool.tryAcquire(4 * SLAB))) {
      again.segment().fill((byte) 4);
    }
  }

  @Test
  void staleSegmentAfterTrimReadsOrThrowsButNeverCrashes() {
    BufferPool pool = pool(MIB);
    IoBuffer buffer = requireNonNull(pool.tryAcquire(SLAB));
    MemorySegment stale = buffer.segment();
    stale.fill((byte) 9);
    buffer.close();
    pool.trim();
    if (inRange) {
      assertThat(stale.get(JAVA_BYTE, 0)).isZero();
    } else {
      assertThatIllegalStateException().isThrownBy(() -> stale.get(JAVA_BYTE, 0));
    }
  }

  @Test
  void listenerHearsOfEverySlabBeforeItsFirstBuffer() {
    BufferPool pool = pool(MIB);
    if (!inRange) {
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> pool.addSlabListener((index, slab) -> {}));
      return;
    }
    List<Long> known = new ArrayList<>();
    IoBuffer before = requireNonNull(pool.tryAcquire(1));
    pool.addSlabListener((index, slab) -> {
      assertThat(slab.address()).isEqualTo(pool.baseAddress() + index * SLAB);
      assertThat(slab.byteSize()).isEqualTo(SLAB);
      known.add(slab.address());
    });
    assertThat(known).as("told of those committed already").hasSize(1);
    IoBuffer run = requireNonNull(pool.tryAcquire(3 * SLAB));
    assertThat(known).hasSize(4);
    long index = (run.address() - pool.baseAddress()) >>> pool.slabShift();
    assertThat(known).contains(pool.baseAddress() + (index << pool.slabShift()));
    run.close();
    before.close();
    assertThat(pool.trim()).as("registered memory stays").isZero();
    requireNonNull(pool.tryAcquire(3 * SLAB)).close();
    assertThat(known).as("told once").hasSize(4);
  }

  @Test
  void timeoutEndsAWait() throws Exception {
    BufferPool pool = pool(SLAB);
    try (IoBuffer all = pool.acquire(SLAB)) {
      assertThat(all.isClosed()).isFalse();
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> pool.acquire(1, Duration.ofMillis(20)));
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> pool.acquire(1, Duration.ZERO));
      assertThat(pool.stats().waiting()).isZero();
      assertThat(pool.stats().refused()).isEqualTo(2);
    }
    pool.acquire(SLAB, Duration.ZERO).close();
  }

  @Test
  void interruptEndsAWaitAndStaysSet() throws Exception {
    BufferPool pool = pool(SLAB);
    try (IoBuffer all = pool.acquire(SLAB)) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> pool.acquire(1));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(all.isClosed()).isFalse();
      assertThat(pool.stats().waiting()).isZero();
    }
    Thread.currentThread().interrupt();
    pool.acquire(1).close(); // does not wait, so it does not look
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void closedPoolRefusesAndDoesSoTwice() {
    BufferPool pool = pool(SLAB);
    requireNonNull(pool.tryAcquire(512)).close();
    pool.close();
    pool.close();
    assertThatIllegalStateException().isThrownBy(() -> pool.acquire(1));
    assertThatIllegalStateException().isThrownBy(() -> pool.tryAcquire(512));
    assertThat(pool.trim()).isZero();
  }

  @Test
  void buffersOutliveTheirPoolAndTheLastOneEndsItsMemory() throws Exception {
    BufferPool pool = pool(MIB);
    IoBuffer lent = pool.acquire(4096);
    MemorySegment stale = lent.segment();
    IoBuffer frozen = pool.acquire(SLAB);
    frozen.segment().set(JAVA_BYTE, 0, (byte) 42);
    lent.lend();
    pool.close();
    Bytes bytes = frozen.freeze();
    lent.close();
    assertThat(bytes.get(0)).isEqualTo((byte) 42);
    bytes.close();
    stale.fill((byte) 1); // lent, so it must still be there
    lent.giveBack();
    assertThatIllegalStateException().isThrownBy(() -> stale.get(JAVA_BYTE, 0));
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> PoolOptions.ofMaxBytes(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PoolOptions.defaults().withSlabBytes(3000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PoolOptions.defaults().withAlignment(100));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BufferPool.shared(PoolOptions.ofMaxBytes(100)));
  }
}
