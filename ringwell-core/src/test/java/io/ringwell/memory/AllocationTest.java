package io.ringwell.memory;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What the hot paths allocate on the Java heap: the handles, and nothing else.
class AllocationTest {
  private static final int OPERATIONS = 10_000;

  /// Object sizes with compressed class pointers, and room for a JVM without them.
  private static final long HANDLE_BYTES = 64;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20));

  private static long bytesPerOperation(Runnable operation) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < OPERATIONS; i++) {
        operation.run();
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least / OPERATIONS;
  }

  @Test
  void acquireAndReleaseAllocateTheHandleOnly() {
    assertThat(bytesPerOperation(() -> requireNonNull(pool.tryAcquire(4096)).close()))
        .isLessThanOrEqualTo(HANDLE_BYTES);
  }

  @Test
  void refusalAllocatesNothing() {
    try (IoBuffer all = requireNonNull(pool.tryAcquire(pool.maxBytes()))) {
      assertThat(bytesPerOperation(() -> assertRefused(pool.tryAcquire(4096)))).isZero();
      assertThat(all.isClosed()).isFalse();
    }
  }

  private static void assertRefused(@Nullable IoBuffer buffer) {
    if (buffer != null) {
      throw new AssertionError();
    }
  }

  @Test
  void lendingAllocatesNothing() {
    try (IoBuffer buffer = requireNonNull(pool.tryAcquire(4096))) {
      assertThat(
              bytesPerOperation(() -> {
                buffer.lend();
                buffer.giveBack();
              }))
          .isZero();
    }
    try (Bytes bytes = requireNonNull(pool.tryAcquire(4096)).freeze()) {
      assertThat(
              bytesPerOperation(() -> {
                bytes.lend();
                bytes.giveBack();
              }))
          .isZero();
    }
  }

  @Test
  void freezeSliceAndCloseAllocateOneHandleEach() {
    assertThat(
            bytesPerOperation(() -> {
              try (Bytes bytes = requireNonNull(pool.tryAcquire(4096)).freeze();
                  Bytes slice = bytes.slice(0, 8)) {
                slice.lend();
                slice.giveBack();
              }
            }))
        .isLessThanOrEqualTo(3 * HANDLE_BYTES);
  }
}
