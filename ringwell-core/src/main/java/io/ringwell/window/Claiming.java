package io.ringwell.window;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.IoBuffer;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// How claims of one writer begin, and how they end where nothing is written.
///
/// A claim enters the ranges of its file first, so that one that is refused is refused at once,
/// then the [Backlog], then gets memory. It leaves all three when it is aborted, or written and
/// booked.
final class Claiming {
  private final WriterCore core;
  private final Completions completions;
  private final WriterOptions options;
  private final FileRanges ranges;
  private final FileEnd end;
  private final BufferPool pool;
  private final Backlog backlog;
  private final ClaimMemory memory;
  private final ArrayList<ClaimSlot> free = new ArrayList<>();
  private final Runnable keeper = this::trim;

  Claiming(
      WriterCore core, WriterOptions options, FileRanges ranges, FileEnd end, ClaimMemory memory) {
    this.core = core;
    this.completions = core.completions();
    this.options = options;
    this.ranges = ranges;
    this.end = end;
    this.pool = core.engine.pool();
    this.memory = memory;
    this.backlog = new Backlog(options.maxInFlightBytes());
  }

  /// Parks until there is room.
  void begin(WriteClaim claim, long position, long size) throws InterruptedIOException {
    ClaimSlot slot = prepare(claim, position, size);
    boolean begun = false;
    try {
      ranges.enterWrite(slot.range, position, slot.wide, options.overlap());
      enterBacklog(slot);
      slot.buffer = acquire(slot.wide);
      begun = open(claim, slot);
    } finally {
      if (!begun) {
        giveUp(slot);
      }
    }
  }

  /// False where [#begin] would park.
  boolean tryBegin(WriteClaim claim, long position, long size) {
    ClaimSlot slot = prepare(claim, position, size);
    boolean begun = false;
    try {
      if (ranges.tryEnterWrite(slot.range, position, slot.wide, options.overlap())
          && tryEnterBacklog(slot)) {
        slot.buffer = tryAcquire(slot.wide);
        begun = slot.buffer != null && open(claim, slot);
      }
    } finally {
      if (!begun) {
        giveUp(slot);
      }
    }
    return begun;
  }

  private ClaimSlot prepare(WriteClaim claim, long position, long size) {
    if (size < 1 || size > options.maxClaim()) {
      throw new IllegalArgumentException(
          "a claim has from 1 to " + options.maxClaim() + " bytes, not " + size);
    }
    if (position < 0 || position > Long.MAX_VALUE - options.maxClaim() - end.granularity()) {
      throw new IllegalArgumentException("a claim at " + position + " for " + size + " bytes");
    }
    completions.lock();
    try {
      core.requireOpen();
      claim.requireFree();
      completions.drain();
      long endThen = end.claimedEnd();
      end.check(position, size, endThen);
      ClaimSlot slot = free.isEmpty() ? newSlot() : free.removeLast();
      slot.position = position;
      slot.size = size;
      slot.wide = end.wide(size);
      slot.endThen = endThen;
      return slot;
    } finally {
      completions.unlock();
    }
  }

  private ClaimSlot newSlot() {
    ClaimSlot slot = new ClaimSlot(core, core.tableSize());
    core.register(slot);
    return slot;
  }

  private boolean open(WriteClaim claim, ClaimSlot slot) {
    completions.lock();
    try {
      core.requireOpen();
      claim.requireFree();
      slot.open = true;
      claim.begin(core, slot);
      return true;
    } finally {
      completions.unlock();
    }
  }

  private boolean tryEnterBacklog(ClaimSlot slot) {
    completions.lock();
    try {
      completions.drain();
      if (!backlog.tryEnter(slot.wide)) {
        return false;
      }
      slot.counted = slot.wide;
      return true;
    } finally {
      completions.unlock();
    }
  }

  private void enterBacklog(ClaimSlot slot) throws InterruptedIOException {
    if (tryEnterBacklog(slot)) {
      return;
    }
    long bytes = slot.wide;
    completions.lock();
    backlog.queue(slot);
    completions.unlock();
    boolean entered = false;
    try {
      completions.awaitLocked(() -> core.isClosed() || backlog.isMyTurn(slot, bytes), true);
      try {
        core.requireOpen();
        backlog.enter(slot, bytes);
        slot.counted = bytes;
        entered = true;
      } finally {
        completions.unlock();
      }
    } finally {
      completions.lock();
      if (!entered) {
        backlog.leave(slot);
      }
      // The next in line may fit, too.
      completions.changed();
      completions.unlock();
    }
  }

  private @Nullable IoBuffer tryAcquire(long bytes) {
    completions.lock();
    try {
      return memory.tryTake(bytes);
    } finally {
      completions.unlock();
    }
  }

  /// The pool has what writers keep given back before it waits.
  private IoBuffer acquire(long bytes) throws InterruptedIOException {
    completions.lock();
    try {
      IoBuffer now = memory.tryTake(bytes);
      if (now != null) {
        return now;
      }
    } finally {
      completions.unlock();
    }
    try {
      return pool.acquire(bytes);
    } catch (InterruptedIOException e) {
      // The pool leaves the status set; an interrupt that was told of is over.
      Thread.interrupted();
      throw e;
    }
  }

  private void keepNothing() {
    memory.dropIdle();
    for (ClaimSlot slot = core.inFlight().first(); slot != null; slot = slot.after) {
      if (slot.kept) {
        memory.drop(slot.memory());
        slot.buffer = null;
        slot.kept = false;
      }
    }
  }

  /// Has the pool call for what is kept when others need it.
  void startKeeping() {
    pool.addKeeper(keeper);
  }

  void stopKeeping() {
    pool.removeKeeper(keeper);
  }

  /// The memory of claims that are done goes back to the pool.
  void trim() {
    completions.lock();
    try {
      completions.drain();
      keepNothing();
    } finally {
      completions.unlock();
    }
  }

  // ---- Ending without a write ------------------------------------------------------------------

  void abort(WriteClaim claim) {
    completions.lock();
    try {
      if (claim.isOpenOf(core)) {
        ClaimSlot slot = claim.requireOpenOf(core);
        claim.aborted();
        giveUp(slot);
      }
    } finally {
      completions.unlock();
    }
  }

  /// A claim that is not written leaves what it has entered.
  void giveUp(ClaimSlot slot) {
    completions.lock();
    try {
      slot.open = false;
      IoBuffer unused = slot.buffer;
      if (unused != null) {
        slot.buffer = null;
        if (!core.isClosed() && memory.keep(unused)) {
          memory.putBack(unused);
        } else {
          unused.close();
        }
      }
      leave(slot);
      completions.changed();
    } finally {
      completions.unlock();
    }
  }

  void leave(ClaimSlot slot) {
    if (slot.counted != 0) {
      backlog.exit(slot.counted);
      slot.counted = 0;
    }
    if (slot.range.isEntered()) {
      ranges.exit(slot.range);
    }
    free.add(slot);
  }

  void shrink(ClaimSlot slot, long size) {
    completions.lock();
    try {
      end.check(slot.position, size, slot.endThen);
      slot.size = size;
      slot.wide = end.wide(size);
      ranges.shrink(slot.range, slot.wide);
    } finally {
      completions.unlock();
    }
  }

  /// Bytes claimed or in flight.
  long backlogBytes() {
    completions.lock();
    try {
      completions.drain();
      return backlog.bytes();
    } finally {
      completions.unlock();
    }
  }
}
