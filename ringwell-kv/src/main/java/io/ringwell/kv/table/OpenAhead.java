package io.ringwell.kv.table;

import io.ringwell.kv.KvIterator;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Opens the blocks that a scan will come to next, verifies and decompresses them, by threads of
/// [Helpers] while the scan is in the block before.
///
/// The scan plans blocks as the index tells them, those whose bytes are there. Helpers take one
/// after another. A scan that comes to a block before it was opened opens it itself; where somebody
/// is just doing that, it opens later ones meanwhile. So it waits for a helper only where there is
/// nothing else to do, and never for one that has not begun.
///
/// | a slot's state | whose it is | what it becomes |
/// |---|---|---|
/// | PLANNED | nobody's | TAKEN, by a helper or the scan |
/// | TAKEN | who opens it | OPEN; LEFT where that fails |
/// | OPEN | the scan's | PLANNED, of another block, when the scan is past it |
/// | LEFT | the scan's | gone, with all this: it meets itself what is wrong there |
///
/// **Bound.** [#BLOCKS] blocks, as they are stored [#STORED_BYTES] or one block.
///
/// **Threads.** The scan's, one at a time, which also closes it; helpers beside. What a block is
/// read from goes back when the scan is past it, or, after a close, when the last helper has left.
final class OpenAhead implements AutoCloseable {
  /// A power of two.
  static final int BLOCKS = 64;

  static final int STORED_BYTES = 256 << 10;

  private static final int REST = BLOCKS - 1;

  /// So many blocks, and a helper lets others have its thread.
  private static final int TURN = 1024;

  private enum State {
    PLANNED,
    TAKEN,
    OPEN,
    LEFT
  }

  /// Where a block is; guarded by the monitor, save what only the one has whose it is.
  private static final class Slot {
    final BlockOpener opener;
    State state = State.LEFT;
    @Nullable Room raw;
    long at;
    int stored;
    long offset;

    Slot(BlockOpener opener) {
      this.opener = opener;
    }
  }

  /// Memory that no block from `number` on is read from.
  private record Passed(long number, Runnable giveBack) {}

  private final Table table;
  private final ReadAhead reads;
  private final IndexWalk index;
  private final long limit;
  private final int mostHelpers;
  private final Slot[] ring = new Slot[BLOCKS];
  private final ArrayDeque<Passed> passed = new ArrayDeque<>();

  /// The number of the block that the scan is in, or comes to next.
  private long head;

  private boolean inHead;

  /// Whether the index stands on a block that is not planned yet.
  private boolean standing;

  private boolean indexFound;
  private boolean awaitsIndex;

  /// Whether nothing more can be planned.
  private boolean exhausted;

  /// As they are stored, of the blocks from [#head] on.
  private long plannedBytes;

  // ---- guarded by the monitor

  private long planned;

  /// No block before it is PLANNED.
  private long untaken;

  private int taken;
  private int helpers;
  private boolean closed;
  private @Nullable CompletableFuture<Void> waiting;

  private final CompletableFuture<Void> left = new CompletableFuture<>();

  /// @param reads which from now on gives here what it has passed
  /// @param limit where blocks lie that the scan does not come to
  OpenAhead(Table table, ReadAhead reads, long limit) throws TableException {
    this.table = table;
    this.reads = reads;
    this.limit = limit;
    this.mostHelpers = table.options().helpers();
    this.index = new IndexWalk(table);
    reads.passTo(this);
  }

  /// Takes over what [ReadAhead] does not need any more.
  void keep(Runnable giveBack) {
    passed.addLast(new Passed(planned, giveBack));
  }

  // ---- the scan

  /// Comes to the block that the index says is next: [KvIterator#ENTRY] where it is open,
  /// [KvIterator#PENDING] where [#ready] says when to ask again, [KvIterator#END] where that is to
  /// be done without this, which is to be closed.
  int come(IndexCursor to) {
    leaveBlock();
    plan(to);
    if (head == planned) {
      boolean elsewhere = standing && index.at().blockOffset != to.blockOffset;
      return exhausted || elsewhere ? KvIterator.END : KvIterator.PENDING;
    }
    Slot slot = ring[(int) head & REST];
    if (slot.offset != to.blockOffset) {
      return KvIterator.END;
    }
    while (true) {
      Slot mine;
      synchronized (this) {
        switch (slot.state) {
          case OPEN -> {
            inHead = true;
            return KvIterator.ENTRY;
          }
          case LEFT -> {
            return KvIterator.END;
          }
          default -> mine = takeNext();
        }
        if (mine == null) {
          waiting = new CompletableFuture<>();
          return KvIterator.PENDING;
        }
      }
      open(mine);
    }
  }

  private void leaveBlock() {
    if (!inHead) {
      return;
    }
    inHead = false;
    plannedBytes -= ring[(int) head & REST].stored;
    head++;
    while (!passed.isEmpty() && passed.getFirst().number <= head) {
      passed.removeFirst().giveBack.run();
    }
  }

  /// The block that the scan came to.
  BlockOpener opened() {
    return ring[(int) head & REST].opener;
  }

  CompletionStage<Void> ready() {
    CompletableFuture<Void> helper;
    synchronized (this) {
      helper = waiting;
    }
    if (helper != null) {
      return helper.minimalCompletionStage();
    }
    return awaitsIndex ? index.ready() : reads.ready();
  }

  // ---- plans

  private void plan(IndexCursor to) {
    if (exhausted || planned - head > BLOCKS / 2 || plannedBytes > STORED_BYTES / 2) {
      return;
    }
    try {
      while (planned - head < BLOCKS && (planned == head || plannedBytes < STORED_BYTES)) {
        int found = standing ? KvIterator.ENTRY : indexFound ? index.next() : findIndex(to);
        awaitsIndex = found == KvIterator.PENDING;
        if (awaitsIndex) {
          break;
        }
        indexFound = true;
        if (found == KvIterator.END || index.at().blockOffset >= limit) {
          exhausted = true;
          break;
        }
        standing = true;
        if (!planBlock(index.at())) {
          break;
        }
        standing = false;
      }
    } catch (IOException e) {
      // Whoever comes there meets it himself, if he does.
      exhausted = true;
    }
    callHelpers();
  }

  /// To the block that the scan comes to.
  private int findIndex(IndexCursor to) throws IOException {
    int found = index.seek(to.key, to.userLength(), false);
    // Blocks may have the same separator but for its sequence number.
    while (found == KvIterator.ENTRY && index.at().blockOffset < to.blockOffset) {
      found = index.next();
    }
    return found;
  }

  private boolean planBlock(IndexCursor at) throws IOException {
    int place = (int) planned & REST;
    Slot slot = ring[place];
    if (slot == null) {
      slot = new Slot(new BlockOpener(table, TableFormat.DATA));
      ring[place] = slot;
    }
    int stored = slot.opener.requireSize(at.blockSize, at.blockOffset);
    if (!reads.find(at.blockOffset, stored + BlockHandle.TRAILER_BYTES, false)) {
      return false;
    }
    Room raw = reads.room();
    // From now on it is immutable, and nobody's step changes where it is.
    raw.bytes();
    slot.raw = raw;
    slot.at = reads.position();
    slot.stored = stored;
    slot.offset = at.blockOffset;
    plannedBytes += stored;
    synchronized (this) {
      slot.state = State.PLANNED;
      planned++;
    }
    return true;
  }

  private void callHelpers() {
    int wanted = 0;
    synchronized (this) {
      // The first of them is the scan's own.
      long first = Math.max(untaken, head + 1);
      while (helpers < mostHelpers && wanted < planned - first) {
        helpers++;
        wanted++;
      }
    }
    for (int i = 0; i < wanted; i++) {
      Helpers.call(this::help);
    }
  }

  // ---- opening

  private void help() {
    for (int i = 0; i < TURN; i++) {
      Slot slot;
      synchronized (this) {
        slot = takeNext();
        if (slot == null) {
          helpers--;
          return;
        }
      }
      open(slot);
    }
    Helpers.call(this::help);
  }

  /// The first block that nobody has taken; null where there is none. Has the monitor.
  private @Nullable Slot takeNext() {
    if (closed) {
      return null;
    }
    while (untaken < planned) {
      Slot slot = ring[(int) untaken & REST];
      untaken++;
      if (slot.state == State.PLANNED) {
        slot.state = State.TAKEN;
        taken++;
        return slot;
      }
    }
    return null;
  }

  private void open(Slot slot) {
    State became = State.LEFT;
    try {
      slot.opener.open(Objects.requireNonNull(slot.raw), slot.at, slot.stored, slot.offset);
      became = State.OPEN;
    } catch (IOException | RuntimeException e) {
      // The scan meets it when it comes there, if it does.
      became = State.LEFT;
    } finally {
      opened(slot, became);
    }
  }

  private void opened(Slot slot, State became) {
    CompletableFuture<Void> told;
    boolean last;
    synchronized (this) {
      slot.state = became;
      taken--;
      told = waiting;
      waiting = null;
      last = closed && taken == 0;
    }
    if (told != null) {
      told.completeAsync(() -> null);
    }
    if (last) {
      giveBack();
    }
  }

  // ---- the end

  /// Has its memory given back now, or when the last helper has left. What [ReadAhead] has was
  /// given here before.
  @Override
  public void close() {
    index.close();
    CompletableFuture<Void> told;
    boolean last;
    synchronized (this) {
      closed = true;
      told = waiting;
      waiting = null;
      last = taken == 0;
    }
    if (told != null) {
      told.completeAsync(() -> null);
    }
    if (last) {
      giveBack();
    }
  }

  /// Done when all memory was given back behind a close.
  CompletableFuture<Void> left() {
    return left;
  }

  private void giveBack() {
    for (Slot each : ring) {
      if (each != null) {
        each.opener.close();
      }
    }
    for (Passed each : passed) {
      each.giveBack.run();
    }
    left.completeAsync(() -> null);
  }
}
