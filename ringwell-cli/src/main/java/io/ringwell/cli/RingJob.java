package io.ringwell.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.engine.FileHandle;
import io.ringwell.uring.Ring;
import io.ringwell.uring.RingOptions;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The raw ring on one thread, with a registered file and registered memory: fills up to a batch,
/// enters once, reaps up to a batch, as fio does with `iodepth_batch_submit`,
/// `iodepth_batch_complete_min=1` and `iodepth_batch_complete_max`. The loop allocates nothing.
final class RingJob extends BenchJob {
  /// `IORING_REGISTER_BUFFERS` and `IORING_REGISTER_FILES` of io_uring_register(2).
  private static final int REGISTER_BUFFERS = 0;

  private static final int REGISTER_FILES = 2;

  private static final int PAGE_BYTES = 4096;
  private static final int VECTOR_BYTES = 16;

  // EINTR, EAGAIN and EBUSY leave submissions queued for the next enter.
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int EBUSY = 16;

  private final FileHandle file;
  private final Arena arena = Arena.ofShared();
  private final long[] offsetOf;
  private final long[] stampOf;
  private final int[] doneOf;
  private final int[] free;
  private int freeCount;
  private int inFlight;
  private long enters;
  private long stride;
  private MemorySegment memory = MemorySegment.NULL;
  private @Nullable Ring ring;

  RingJob(BenchPlan plan, BenchSignals signals, int job, long seed, FileHandle file) {
    super(plan, signals, job, seed);
    this.file = file;
    offsetOf = new long[plan.depth()];
    stampOf = new long[plan.depth()];
    doneOf = new int[plan.depth()];
    free = new int[plan.depth()];
  }

  @Override
  void setUp() throws IOException {
    int depth = plan.depth();
    stride = (plan.block() + PAGE_BYTES - 1L) / PAGE_BYTES * PAGE_BYTES;
    memory = arena.allocate(stride * depth, PAGE_BYTES);
    Ring opened = Ring.open(RingOptions.of(Math.max(2, powerOfTwo(depth))));
    ring = opened;
    MemorySegment vectors = arena.allocate((long) VECTOR_BYTES * depth, Long.BYTES);
    for (int slot = 0; slot < depth; slot++) {
      vectors.set(JAVA_LONG, (long) slot * VECTOR_BYTES, memory.address() + slot * stride);
      vectors.set(JAVA_LONG, (long) slot * VECTOR_BYTES + 8, plan.block());
      free[freeCount++] = slot;
      prepareToFill(memory, slot * stride);
    }
    register(opened, REGISTER_BUFFERS, vectors, depth, "memory; raise ulimit -l");
    MemorySegment files = arena.allocate(Integer.BYTES);
    files.set(JAVA_INT, 0, file.descriptor());
    register(opened, REGISTER_FILES, files, 1, "files");
  }

  private static int powerOfTwo(int atLeast) {
    return atLeast <= 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
  }

  private static void register(
      Ring ring, int opcode, MemorySegment argument, int count, String what) throws IOException {
    int result = ring.register(opcode, argument, count);
    if (result < 0) {
      throw new IOException(
          "io_uring_register: error number " + -result + ": the kernel will not register " + what);
    }
  }

  @Override
  void work() throws IOException {
    Ring mine = Objects.requireNonNull(ring);
    int batch = plan.batch();
    while (!stopped()) {
      for (int n = Math.min(batch, freeCount); n > 0; n--) {
        start(mine);
      }
      enter(mine, freeCount == 0 ? 1 : 0);
      for (int n = batch; n > 0 && mine.advance(); n--) {
        reap(mine, true);
      }
    }
    endMeasuring();
  }

  private void start(Ring mine) {
    int slot = free[--freeCount];
    long offset = offsets.next();
    offsetOf[slot] = offset;
    stampOf[slot] = stamp();
    doneOf[slot] = 0;
    if (plan.mode().writes) {
      fill(memory, slot * stride, offset);
    }
    submit(mine, slot);
    inFlight++;
  }

  private void submit(Ring mine, int slot) {
    // The queue has at least as many entries as there are slots.
    Submission entry = Objects.requireNonNull(mine.next());
    int done = doneOf[slot];
    long address = memory.address() + slot * stride + done;
    int length = plan.block() - done;
    long offset = offsetOf[slot] + done;
    if (plan.mode().writes) {
      entry.writeFixed(0, slot, address, length, offset, slot);
    } else {
      entry.readFixed(0, slot, address, length, offset, slot);
    }
  }

  private void enter(Ring mine, int min) throws IOException {
    enters++;
    int result = mine.enter(min);
    if (result < 0 && result != -EINTR && result != -EAGAIN && result != -EBUSY) {
      throw new IOException("io_uring_enter: error number " + -result);
    }
  }

  private void reap(Ring mine, boolean counted) throws IOException {
    int slot = (int) mine.userData();
    int result = mine.result();
    if (counted && result > 0 && doneOf[slot] + result < plan.block()) {
      doneOf[slot] += result;
      submit(mine, slot);
      return;
    }
    inFlight--;
    free[freeCount++] = slot;
    if (!counted) {
      return;
    }
    if (result <= 0) {
      throw shortResult(offsetOf[slot], result < 0 ? result : doneOf[slot]);
    }
    completed(stampOf[slot], memory, slot * stride, offsetOf[slot]);
  }

  /// Memory is freed only when the kernel is done with it.
  @Override
  void tearDown() throws IOException {
    Ring mine = ring;
    if (mine != null) {
      while (inFlight > 0) {
        enter(mine, 1);
        while (mine.advance()) {
          reap(mine, false);
        }
      }
      mine.close();
    }
    arena.close();
  }

  @Override
  long systemCalls() {
    return enters;
  }
}
