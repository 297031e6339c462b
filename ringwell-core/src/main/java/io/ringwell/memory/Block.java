package io.ringwell.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A piece of memory and the count of those who hold it.
///
/// Handles ([IoBuffer], [Bytes]) come and go; a pool's block is used again and again. All that
/// decides about its life is one atomic word, so that no two threads can disagree about it:
///
/// ```
/// 63          40 39        24 23          0
/// | generation  |    lent    | references  |
///     24 bits      16 bits       24 bits
/// ```
///
/// | state     | references | lent | generation | who owns the memory                       |
/// |-----------|------------|------|------------|-------------------------------------------|
/// | free      | 0          | 0    | n          | the pool                                  |
/// | held      | 1..        | 0    | n          | the handles of generation n               |
/// | lent      | 1..        | 1..  | n          | the handles, and the kernel with them     |
/// | abandoned | 0          | 1..  | n          | the kernel alone; nobody may take it back |
/// | frozen    | as held    | 0    | n + 1      | the `Bytes` made from the buffer          |
///
/// Freezing and recycling move the generation on. A handle carries the generation that it was made
/// with, every operation is a compare-and-set that includes it, and so whatever a stale handle
/// tries fails without touching the next owner's counts. The generation wraps after 16,777,216 uses
/// of one block: a stale call would have to be delayed for exactly that many to go unnoticed.
final class Block {
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Block.class, "state", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int LENT_SHIFT = 24;
  private static final int GENERATION_SHIFT = 40;
  private static final long ONE_REFERENCE = 1;
  private static final long ONE_LENT = 1L << LENT_SHIFT;
  private static final long MAX_REFERENCES = (1L << LENT_SHIFT) - 1;
  private static final long MAX_LENT = (1L << (GENERATION_SHIFT - LENT_SHIFT)) - 1;
  private static final int MAX_GENERATION = (1 << (Long.SIZE - GENERATION_SHIFT)) - 1;

  private final Recycler recycler;

  /// Whether its memory is that of a secure pool.
  final boolean secure;

  /// Its number in the pool's table; -1 for memory that belongs to no pool.
  final int index;

  /// The block below it on a free stack, as number + 1. The stack's tag makes stale reads harmless.
  int below;

  @SuppressWarnings("UnusedVariable") // through STATE
  private volatile long state;

  // Written by the exclusive owner before it publishes a handle or pushes the block on a stack.
  MemorySegment memory = MemorySegment.NULL;
  MemorySegment view = MemorySegment.NULL;
  long offset;
  long bytes;
  int sizeClass;
  long timesAcquired;

  /// Strict mode: the arena that [#view] dies with.
  @Nullable Arena guard;

  /// Leak tracking: where the memory was acquired.
  @Nullable Throwable site;

  Block(Recycler recycler, int index) {
    this.recycler = recycler;
    this.secure = recycler.isSecure();
    this.index = index;
  }

  /// Gives a free block its memory. Only its exclusive owner may.
  void assign(MemorySegment segment, long poolOffset, int ofClass) {
    memory = segment;
    view = segment;
    offset = poolOffset;
    bytes = segment.byteSize();
    sizeClass = ofClass;
  }

  /// The generation of a free block's next handle. Only the block's exclusive owner may ask.
  int generation() {
    return generation((long) STATE.getOpaque(this));
  }

  /// Free to held by one handle. Only the block's exclusive owner may.
  void open() {
    // Stale handles only read: their generation does not match, so a plain release store will do.
    STATE.setRelease(this, (long) STATE.getOpaque(this) | ONE_REFERENCE);
    timesAcquired++;
  }

  /// One more handle.
  void retain(int generation) {
    while (true) {
      long now = state;
      if (generation(now) != generation || references(now) == 0) {
        throw stale("share");
      }
      if (references(now) == MAX_REFERENCES) {
        throw new IllegalStateException("more than " + MAX_REFERENCES + " handles of one buffer");
      }
      if (STATE.compareAndSet(this, now, now + ONE_REFERENCE)) {
        return;
      }
    }
  }

  /// One handle less; recycles with the last one if nothing is lent.
  void release(int generation) {
    while (true) {
      long now = state;
      if (generation(now) != generation || references(now) == 0) {
        throw stale("close");
      }
      long next = now - ONE_REFERENCE;
      if (holders(next) == 0) {
        next = free(now);
      }
      if (STATE.compareAndSet(this, now, next)) {
        if (holders(next) == 0) {
          recycler.recycle(this);
        }
        return;
      }
    }
  }

  /// The kernel gets the memory too, while a handle is open.
  void lend(int generation) {
    while (true) {
      long now = state;
      if (generation(now) != generation || references(now) == 0) {
        throw stale("lend");
      }
      if (lent(now) == MAX_LENT) {
        throw new IllegalStateException("one buffer lent more than " + MAX_LENT + " times at once");
      }
      if (STATE.compareAndSet(this, now, now + ONE_LENT)) {
        return;
      }
    }
  }

  /// The kernel is done with the memory; recycles if no handle is open and nothing else is lent.
  void giveBack(int generation) {
    while (true) {
      long now = state;
      if (generation(now) != generation || lent(now) == 0) {
        throw new IllegalStateException("giveBack without lend");
      }
      long next = now - ONE_LENT;
      if (holders(next) == 0) {
        next = free(now);
      }
      if (STATE.compareAndSet(this, now, next)) {
        if (holders(next) == 0) {
          recycler.recycle(this);
        }
        return;
      }
    }
  }

  /// Ends the generation of the one handle and begins that of its successor, which is returned.
  int freeze(int generation) {
    while (true) {
      long now = state;
      if (generation(now) != generation || references(now) == 0) {
        throw stale("freeze");
      }
      if (lent(now) != 0) {
        throw new IllegalStateException("freeze of a buffer that is lent: it may still change");
      }
      int next = following(generation);
      if (STATE.compareAndSet(this, now, pack(next, references(now)))) {
        return next;
      }
    }
  }

  /// Undoes [#freeze]. Nobody can know the successor yet.
  void thaw(int generation) {
    STATE.setVolatile(this, pack(generation, 1));
  }

  boolean isOpen(int generation) {
    long now = (long) STATE.getAcquire(this);
    return generation(now) == generation && references(now) != 0;
  }

  /// Whether it is handed out or lent.
  boolean isInUse() {
    return holders(state) != 0;
  }

  boolean isLent() {
    return lent(state) != 0;
  }

  private IllegalStateException stale(String attempt) {
    return new IllegalStateException(attempt + " of a buffer that is closed or frozen");
  }

  private static long free(long now) {
    return pack(following(generation(now)), 0);
  }

  private static long pack(int generation, long references) {
    return (long) generation << GENERATION_SHIFT | references;
  }

  private static int following(int generation) {
    return (generation + 1) & MAX_GENERATION;
  }

  private static int generation(long state) {
    return (int) (state >>> GENERATION_SHIFT);
  }

  private static long lent(long state) {
    return state >>> LENT_SHIFT & MAX_LENT;
  }

  private static long references(long state) {
    return state & MAX_REFERENCES;
  }

  /// 0 if nobody holds the block.
  private static long holders(long state) {
    return state & ((1L << GENERATION_SHIFT) - 1);
  }

  @Override
  public String toString() {
    long now = state;
    return "Block[%d, %d bytes, generation %d, %d references, lent %d]"
        .formatted(index, bytes, generation(now), references(now), lent(now));
  }
}
