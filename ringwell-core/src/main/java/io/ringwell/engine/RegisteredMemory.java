package io.ringwell.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.SlabListener;
import io.ringwell.sys.Errno;
import io.ringwell.uring.Ring;
import io.ringwell.uring.RingFeature;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// The memory of a pool, registered with one ring slab by slab as the pool commits it.
///
/// The pool is one range of addresses, so whether an operation can be a fixed one is a subtraction
/// and a shift: any slice of a registered slab is, without anybody saying so. Where the kernel will
/// lock no more memory (RLIMIT_MEMLOCK), later slabs stay ordinary, which is said.
final class RegisteredMemory implements SlabListener {
  private static final int REGISTER_BUFFERS2 = 15;
  private static final int REGISTER_BUFFERS_UPDATE = 16;

  /// `struct io_uring_rsrc_register` and `struct io_uring_rsrc_update2`.
  private static final int ARGUMENT_BYTES = 32;

  /// `IORING_RSRC_REGISTER_SPARSE`.
  private static final int SPARSE = 1;

  private final Ring ring;
  private final BufferPool pool;
  private final long base;
  private final long bytes;
  private final int shift;

  /// Less than the distance from slab to slab where something lies between them.
  private long slabBytes;

  private final boolean[] registered;
  private final ConcurrentLinkedQueue<Slab> committed = new ConcurrentLinkedQueue<>();
  private volatile boolean news;
  private volatile String degraded = "";
  private volatile @Nullable String stopped;

  private record Slab(int index, MemorySegment memory) {}

  RegisteredMemory(Ring ring, BufferPool pool, boolean wanted) {
    this.ring = ring;
    this.pool = pool;
    boolean possible = wanted && pool.contiguous() && ring.has(RingFeature.FIXED_BUFFERS);
    base = possible ? pool.baseAddress() : 0;
    shift = possible ? pool.slabShift() : 0;
    int slabs = possible ? (int) (pool.reservedBytes() >>> shift) : 0;
    int result = possible ? registerTable(slabs) : 0;
    if (!possible || result < 0) {
      degraded = "fixed_buffers: " + (possible ? Errno.name(-result) : "switched off");
      bytes = 0;
      registered = new boolean[0];
      return;
    }
    bytes = (long) slabs << shift;
    registered = new boolean[slabs];
    pool.addSlabListener(this);
  }

  private int registerTable(int slabs) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment table = arena.allocate(ARGUMENT_BYTES, Long.BYTES);
      table.set(JAVA_INT, 0, slabs);
      table.set(JAVA_INT, 4, SPARSE);
      return ring.register(REGISTER_BUFFERS2, table, ARGUMENT_BYTES);
    }
  }

  /// On the thread that made the pool grow: only noted. The ring's thread registers it when it runs
  /// next.
  @Override
  public void slabCommitted(int index, MemorySegment slab) {
    committed.add(new Slab(index, slab));
    news = true;
  }

  /// On the ring's thread.
  void registerNew() {
    if (!news) {
      return;
    }
    news = false;
    Slab slab = committed.poll();
    while (slab != null) {
      if (stopped == null) {
        register(slab);
      }
      slab = committed.poll();
    }
  }

  private void register(Slab slab) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment vector = arena.allocate(16, Long.BYTES);
      vector.set(JAVA_LONG, 0, slab.memory().address());
      vector.set(JAVA_LONG, 8, slab.memory().byteSize());
      MemorySegment update = arena.allocate(ARGUMENT_BYTES, Long.BYTES);
      update.set(JAVA_INT, 0, slab.index());
      update.set(JAVA_LONG, 8, vector.address());
      update.set(JAVA_INT, 24, 1);
      int result = ring.register(REGISTER_BUFFERS_UPDATE, update, ARGUMENT_BYTES);
      if (result == 1) {
        slabBytes = slab.memory().byteSize();
        registered[slab.index()] = true;
      } else {
        stopped =
            "fixed_buffers beyond "
                + (registeredBytes() >>> 20)
                + " MiB: "
                + Errno.name(-result)
                + (result == -Errno.ENOMEM ? ", raise the locked-memory limit (ulimit -l)" : "");
        EngineLog.degraded(stopped);
      }
    }
  }

  /// What is registered now, in bytes.
  long registeredBytes() {
    long slabs = 0;
    for (boolean one : registered) {
      slabs += one ? 1 : 0;
    }
    return slabs * slabBytes;
  }

  /// What is lacking, in words; empty where nothing is.
  String degraded() {
    String late = stopped;
    return late != null ? late : degraded;
  }

  /// The index of the slab that holds all of a range and is registered, or -1.
  int indexOf(long address, int length) {
    long from = address - base;
    if (from < 0 || from + length > bytes) {
      return -1;
    }
    int index = (int) (from >>> shift);
    long within = from & ((1L << shift) - 1);
    return registered[index] && within + length <= slabBytes ? index : -1;
  }

  void close() {
    if (bytes > 0) {
      pool.removeSlabListener(this);
    }
  }
}
