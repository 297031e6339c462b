package io.ringwell.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import io.ringwell.memory.PoolOptions;
import io.ringwell.uring.Ring;
import io.ringwell.uring.RingFeature;
import io.ringwell.uring.RingOptions;
import io.ringwell.uring.RingUnavailableException;
import org.junit.jupiter.api.Test;

/// A ring takes the slabs of a secure pool, and never what lies between them.
class RegisteredSecureMemoryTest {
  private static final int SLAB = 64 << 10;
  private static final int SLABS = 4;

  @Test
  void slabsAreRegisteredAndGuardsAreNot() throws RingUnavailableException {
    try (BufferPool pool = BufferPool.secure(PoolOptions.ofMaxBytes(SLABS * SLAB));
        Ring ring = ring()) {
      assumeTrue(ring.has(RingFeature.FIXED_BUFFERS), "the kernel registers no buffers");
      RegisteredMemory memory = new RegisteredMemory(ring, pool, true);
      memory.registerNew();
      assertThat(memory.degraded()).isEmpty();
      assertThat(memory.registeredBytes()).isEqualTo(SLABS * SLAB);
      for (int slab = 0; slab < SLABS; slab++) {
        long address = pool.baseAddress() + ((long) slab << pool.slabShift());
        assertThat(memory.indexOf(address, SLAB)).isEqualTo(slab);
        assertThat(memory.indexOf(address + SLAB - 1, 1)).isEqualTo(slab);
        assertThat(memory.indexOf(address + SLAB - 1, 2)).as("into the guard").isEqualTo(-1);
        assertThat(memory.indexOf(address + SLAB, 1)).as("of the guard").isEqualTo(-1);
      }
      try (IoBuffer buffer = requireNonNull(pool.tryAcquire(100))) {
        assertThat(memory.indexOf(buffer.address(), 100)).isNotNegative();
      }
      memory.close();
    }
  }

  private static Ring ring() {
    try {
      return Ring.open(RingOptions.of(8));
    } catch (RingUnavailableException e) {
      assumeTrue(false, e.getMessage());
      throw new AssertionError(e);
    }
  }
}
