package io.ringwell.window;

import io.ringwell.memory.IoBuffer;
import io.ringwell.window.WindowMemory.Account;
import java.io.InterruptedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The windows that a reader has: what is being read, what is there, what is kept.
///
/// **Which goes first.** While a reader streams, the oldest window that was used just once is
/// loaded again, so that few buffers stay warm in the processor's caches. Otherwise new ones are
/// taken until the bounds are reached; then the least recently used goes, and one that was read
/// ahead and not used yet goes last.
final class WindowSlots {
  /// Found by looking at each: few enough for that.
  private static final int MOST = 128;

  /// Windows that a streaming reader keeps behind it.
  private static final int KEPT_BEHIND = 1;

  /// With strict checks a raw segment throws once its window has passed: so every window has a
  /// buffer of its own.
  private static final boolean STRICT = System.getProperty("ringwell.check", "").contains("strict");

  private final WindowMemory memory;
  private final boolean buffered;
  private final Account account;

  // Grows; what is in it stays. Read by whoever takes windows, so published by a volatile write.
  private volatile Slot[] slots = new Slot[0];
  private long clock;
  private @Nullable Seeker seeker;

  /// @param buffered whether windows need buffers, or show memory that is there
  /// @throws NoWindowMemoryException where `reserved` bytes cannot be set aside
  /// @throws InterruptedIOException where the thread is interrupted while it waits for that
  WindowSlots(WindowMemory memory, long reserved, long maxBytes, boolean buffered)
      throws NoWindowMemoryException, InterruptedIOException {
    this.memory = memory;
    this.buffered = buffered;
    Account opened = memory.open(buffered ? reserved : 0, maxBytes, this);
    if (opened == null) {
      throw new NoWindowMemoryException(
          "nothing can be set aside for a reader that needs "
              + reserved
              + " bytes: "
              + memory
              + "; close readers, make windows smaller, or raise the bound");
    }
    this.account = opened;
  }

  /// Whose they are; told once.
  void seeker(Seeker theirs) {
    seeker = theirs;
  }

  Slot[] all() {
    return slots;
  }

  /// The slot that has `position`, or will; null where there is none. A window that ended before
  /// `atLeast` bytes will do where `loader` says that the file ends there still.
  @Nullable Slot find(long position, long atLeast, Loader loader) {
    for (Slot slot : slots) {
      if (slot.isOutdated() && slot.state() == Slot.FULL && slot.claim(Slot.TAKEN)) {
        freeTaken(slot);
      }
      if (slot.start <= position && position < slot.planned) {
        switch (slot.state()) {
          case Slot.FULL, Slot.HELD -> {
            if (position >= slot.end
                ? slot.fresh
                : slot.end - position >= atLeast || loader.stillEnds(slot)) {
              return slot;
            }
            dropIfUseless(slot, position);
          }
          case Slot.LOADING, Slot.FAILED -> {
            if (slot.planned - position >= atLeast) {
              return slot;
            }
          }
          default -> {}
        }
      }
    }
    return null;
  }

  /// What only told that the file ended before `position` is not kept: whoever follows a file asks
  /// again and again.
  private void dropIfUseless(Slot slot, long position) {
    if (position >= slot.end
        && slot.uses == 0
        && slot.state() == Slot.FULL
        && slot.claim(Slot.TAKEN)) {
      freeTaken(slot);
    }
  }

  /// The slot that was loaded for a range with `position` in it; null where there is none.
  @Nullable Slot covering(long position) {
    for (Slot slot : slots) {
      if (slot.start <= position && position < slot.planned && isLive(slot)) {
        return slot;
      }
    }
    return null;
  }

  private static boolean isLive(Slot slot) {
    int state = slot.state();
    return state != Slot.EMPTY && state != Slot.TAKEN;
  }

  /// Where a new window would begin that has `position` and begins at `from` or later: not before
  /// the end of a neighbour.
  long startAfterNeighbours(long from, long position, long granularity) {
    long start = from;
    for (Slot slot : slots) {
      if (isLive(slot)) {
        long end = slot.state() == Slot.LOADING ? slot.planned : slot.end;
        long onGrid = end - end % granularity;
        if (onGrid > start && onGrid <= position) {
          start = onGrid;
        }
      }
    }
    return start;
  }

  /// Where it would end: not behind the start of a neighbour.
  long endBeforeNeighbours(long to, long position) {
    long end = to;
    for (Slot slot : slots) {
      if (isLive(slot) && slot.start > position && slot.start < end) {
        end = slot.start;
      }
    }
    return end;
  }

  boolean anyLoading() {
    for (Slot slot : slots) {
      if (slot.state() == Slot.LOADING) {
        return true;
      }
    }
    return false;
  }

  /// A slot with room for `bytes`, in state TAKEN; null where bounds allow none now.
  ///
  /// @param demanded whether a seek waits for it
  /// @param streaming whether windows pass once, one after the other
  @Nullable Slot obtain(long bytes, boolean demanded, boolean streaming) {
    Slot passed = streaming ? takePassed(bytes) : null;
    if (passed != null) {
      return passed;
    }
    while (true) {
      Slot slot = takeEmpty();
      if (slot != null && (!buffered || give(slot, bytes, demanded))) {
        return slot;
      }
      if (slot != null) {
        slot.state(Slot.EMPTY);
      }
      Slot victim = leastUseful(demanded);
      if (victim == null) {
        return null;
      }
      if (!victim.claim(Slot.TAKEN)) {
        continue;
      }
      if (canReuse(victim, bytes)) {
        return victim;
      }
      freeTaken(victim);
    }
  }

  private boolean canReuse(Slot slot, long bytes) {
    return !buffered || (slot.frozen == null && !STRICT && slot.capacity() == bytes);
  }

  private @Nullable Slot takePassed(long bytes) {
    Slot oldest = null;
    int count = 0;
    for (Slot slot : slots) {
      if (slot.uses == 1 && slot.state() == Slot.FULL && canReuse(slot, bytes)) {
        count++;
        if (oldest == null || slot.stamp < oldest.stamp) {
          oldest = slot;
        }
      }
    }
    if (oldest == null || count <= KEPT_BEHIND || !oldest.claim(Slot.TAKEN)) {
      return null;
    }
    // It may have been taken, and given memory anew, between the look and the claim.
    if (canReuse(oldest, bytes)) {
      return oldest;
    }
    freeTaken(oldest);
    return null;
  }

  private @Nullable Slot takeEmpty() {
    for (Slot slot : slots) {
      if (slot.state() == Slot.EMPTY) {
        slot.state(Slot.TAKEN);
        return slot;
      }
    }
    Slot[] now = slots;
    if (now.length == MOST) {
      return null;
    }
    Slot added = new Slot(Objects.requireNonNull(seeker));
    added.state(Slot.TAKEN);
    Slot[] more = new Slot[now.length + 1];
    System.arraycopy(now, 0, more, 0, now.length);
    more[now.length] = added;
    slots = more;
    return added;
  }

  private boolean give(Slot slot, long bytes, boolean demanded) {
    long block = WindowMemory.blockBytes(bytes);
    IoBuffer buffer = memory.acquire(account, bytes, demanded);
    if (buffer == null) {
      return false;
    }
    slot.show(buffer, block);
    return true;
  }

  private @Nullable Slot leastUseful(boolean demanded) {
    Slot least = null;
    for (Slot slot : slots) {
      if (slot.state() == Slot.FULL && (demanded || slot.uses > 0)) {
        boolean sooner =
            least == null
                || ((slot.uses == 0) == (least.uses == 0) && slot.stamp < least.stamp)
                || (slot.uses > 0 && least.uses == 0);
        if (sooner) {
          least = slot;
        }
      }
    }
    return least;
  }

  /// Marks a slot as just used.
  void touch(Slot slot) {
    slot.stamp = ++clock;
  }

  /// Gives the memory of a slot back that this thread has: TAKEN, or LOADING and completed.
  void freeTaken(Slot slot) {
    if (slot.block != 0) {
      memory.release(account, slot.free());
    } else {
      slot.free();
    }
    slot.state(Slot.EMPTY);
  }

  /// Gives up the memory of every window that is merely kept. Called by [WindowMemory], which books
  /// it, from any thread.
  long surrender() {
    long freed = 0;
    for (Slot slot : slots) {
      if (slot.state() == Slot.FULL && slot.claim(Slot.TAKEN)) {
        freed += slot.free();
        slot.state(Slot.EMPTY);
      }
    }
    return freed;
  }

  /// Gives up what is kept, for one's own sake.
  void dropKept() {
    for (Slot slot : slots) {
      if (slot.state() == Slot.FULL && slot.claim(Slot.TAKEN)) {
        freeTaken(slot);
      }
    }
  }

  /// Ends the account. What is lent or detached goes back to the pool later.
  void close() {
    for (Slot slot : slots) {
      int state = slot.state();
      if (state == Slot.FULL
          ? slot.claim(Slot.TAKEN)
          : state != Slot.EMPTY && state != Slot.TAKEN) {
        freeTaken(slot);
      }
    }
    memory.close(account);
  }

  WindowMemory memory() {
    return memory;
  }

  /// As [WindowMemory#awaitRoom].
  boolean awaitRoom(long bytes, long deadline) throws InterruptedIOException {
    return memory.awaitRoom(account, bytes, deadline);
  }
}
