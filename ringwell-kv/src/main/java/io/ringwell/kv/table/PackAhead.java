package io.ringwell.kv.table;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Packs the blocks of a writer, by threads of [Helpers] while the writer fills the next one.
///
/// Blocks are finished, and come back packed, in one order; between they are packed in any. A
/// writer that has no room for a further block packs some itself, and waits for a helper only where
/// each of them is in one's hands.
///
/// | a slot's state | whose it is | what it becomes |
/// |---|---|---|
/// | FREE | the writer's | PLANNED when its block is finished |
/// | PLANNED | nobody's | TAKEN, by a helper or the writer |
/// | TAKEN | who packs it | PACKED; LEFT where that fails |
/// | PACKED | the writer's | FREE when it is written |
/// | LEFT | the writer's | TAKEN: it tries itself, and is told what is wrong |
///
/// **Bound.** [#BLOCKS] blocks, and no further one while there are [#BYTES] in them.
///
/// **Threads.** The writer's, one at a time, which also closes it; helpers beside.
final class PackAhead implements AutoCloseable {
  static final int BLOCKS = 16;
  static final int BYTES = 1 << 20;

  /// A helper is called for no fewer blocks: to wake one costs as much as to compress a small one.
  private static final int WAKE = 4;

  private enum State {
    FREE,
    PLANNED,
    TAKEN,
    PACKED,
    LEFT
  }

  /// A block on its way. Guarded by the monitor, save what only the one has whose it is.
  static final class Slot {
    final BlockBuilder block;
    final BlockPacker.Packed packed = new BlockPacker.Packed();

    /// What the index says of it: no key of it is behind, and none of the next one before.
    final GrowingMemory separator = new GrowingMemory(64);

    int separatorLength;
    private int length;
    private State state = State.FREE;

    Slot(BlockBuilder block) {
      this.block = block;
    }

    private void close() {
      block.close();
      packed.close();
      separator.close();
    }
  }

  private final TableWriterOptions options;
  private final int mostHelpers;
  private final BlockPacker own;
  private final @Nullable Slot[] ring = new Slot[BLOCKS];

  /// Numbers of blocks: of the one that is written next, and of the one that is filled.
  private long first;

  private long filled;
  private long bytes;

  // ---- guarded by the monitor

  private final ArrayDeque<BlockPacker> idle = new ArrayDeque<>();

  /// No block before it is PLANNED.
  private long untaken;

  private long planned;
  private int taken;
  private int helpers;

  /// How often a block was packed, or could not be.
  private int changes;

  private boolean closed;

  /// @param own packs what the writer packs itself; stays the caller's
  PackAhead(TableWriterOptions options, BlockPacker own) {
    this.options = options;
    this.own = own;
    this.mostHelpers = options.compression() == TableCompression.NONE ? 0 : options.helpers();
  }

  /// The block that is being filled.
  BlockBuilder block() {
    return slot(filled).block;
  }

  private Slot slot(long number) {
    int place = (int) (number % BLOCKS);
    Slot known = ring[place];
    if (known == null) {
      known = new Slot(new BlockBuilder(options.restartInterval(), 2 * options.blockBytes()));
      ring[place] = known;
    }
    return known;
  }

  /// The block is full, and `key` its separator. Then, until it answers null, [#next] has to be
  /// asked for what is to be written.
  void finish(MemorySegment key, int keyLength) {
    Slot slot = slot(filled);
    slot.length = slot.block.finish();
    slot.separator.ensure(keyLength, 0);
    MemorySegment.copy(key, 0, slot.separator.segment(), 0, keyLength);
    slot.separatorLength = keyLength;
    bytes += slot.length;
    filled++;
    boolean call;
    synchronized (this) {
      slot.state = State.PLANNED;
      planned++;
      call = helpers < mostHelpers && planned - untaken >= (long) WAKE * (helpers + 1);
      helpers += call ? 1 : 0;
    }
    if (call) {
      Helpers.call(this::help);
    }
  }

  /// The first block that is not written yet, packed; null where it can wait, or there is none.
  ///
  /// @param all whether none can wait
  @Nullable Slot next(boolean all) {
    if (first == filled) {
      return null;
    }
    Slot slot = slot(first);
    boolean mayWait = !all && mostHelpers > 0 && filled - first < BLOCKS && bytes < BYTES;
    while (true) {
      Slot mine;
      synchronized (this) {
        if (slot.state == State.PACKED) {
          return slot;
        }
        if (mayWait) {
          return null;
        }
        mine = slot.state == State.LEFT ? take(slot) : takeNext();
        if (mine == null) {
          awaitHelper();
          continue;
        }
      }
      pack(mine, own);
    }
  }

  /// The block that [#next] gave is written.
  void written() {
    Slot slot = slot(first);
    slot.block.clear();
    bytes -= slot.length;
    first++;
    synchronized (this) {
      slot.state = State.FREE;
    }
  }

  // ---- packing

  private void help() {
    BlockPacker packer;
    synchronized (this) {
      packer = idle.poll();
    }
    if (packer == null) {
      packer = new BlockPacker(options);
    }
    while (true) {
      Slot slot;
      synchronized (this) {
        slot = takeNext();
        if (slot == null) {
          helpers--;
          if (!closed) {
            idle.push(packer);
            return;
          }
        }
      }
      if (slot == null) {
        packer.close();
        return;
      }
      try {
        pack(slot, packer);
      } catch (RuntimeException toBeMetAgain) {
        // The block is LEFT: the writer tries itself, and what is wrong is thrown there.
      }
    }
  }

  /// Has the monitor.
  private @Nullable Slot takeNext() {
    while (!closed && untaken < planned) {
      Slot slot = slot(untaken++);
      if (slot.state == State.PLANNED) {
        return take(slot);
      }
    }
    return null;
  }

  private Slot take(Slot slot) {
    slot.state = State.TAKEN;
    taken++;
    return slot;
  }

  private void pack(Slot slot, BlockPacker packer) {
    State became = State.LEFT;
    try {
      packer.pack(slot.block, slot.length, true, slot.packed);
      became = State.PACKED;
    } finally {
      boolean last;
      synchronized (this) {
        slot.state = became;
        taken--;
        changes++;
        last = closed && taken == 0;
        notifyAll();
      }
      if (last) {
        closeSlots();
      }
    }
  }

  /// Waits until the state of some block has changed. Has the monitor. No block takes long, so that
  /// an interrupt is left to whoever waits next.
  private void awaitHelper() {
    int before = changes;
    boolean interrupted = false;
    while (changes == before) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- the end

  /// Lets go of all memory, now or when the last helper has left.
  @Override
  public void close() {
    boolean last;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      last = taken == 0;
      idle.forEach(BlockPacker::close);
      idle.clear();
    }
    if (last) {
      closeSlots();
    }
  }

  private void closeSlots() {
    for (Slot each : ring) {
      if (each != null) {
        each.close();
      }
    }
  }
}
