package io.ringwell.kv.table;

import io.ringwell.kv.CustomIterator;
import io.ringwell.kv.Keys;
import io.ringwell.kv.KvBounds;
import io.ringwell.kv.Retained;
import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The entries of a table, each version of each key, in the order of the table: by key, and the
/// newest first.
///
/// A step within a block is a few loads and the copy of what the key does not share with the one
/// before. At a block's end the index tells the next; where its bytes are not there yet, the step
/// is pending. What lies behind the upper bound is not read.
///
/// **Places.** It stands in a block, at the cursor's entry or at the gap before it ([#before]); or
/// a goal is noted that the next step goes to first. At the table's ends the index stands beyond
/// its entries, and the cursor where it was.
///
/// **Checks.** Besides checksums: that keys ascend, also from block to block; that none is behind
/// what the index says of its block; that a scan from end to end met as many entries as the
/// properties tell. What Ringwell cannot give the meaning of (merge operands, blobs, wide columns)
/// is refused where it is met.
///
/// **Close.** A step within a block takes no lock, so that a close from another thread may take the
/// memory from under it; pool memory stays mapped, and the step looks afterwards whether it was
/// closed, before it believes what it saw. All that takes or gives memory has the lock.
final class TableIterator extends CustomIterator {
  private enum Goal {
    /// It stands in a block, or at an end.
    NONE,
    START,
    END,
    /// Before the first entry whose key is not before [#goalKey].
    KEY,
    /// Before the first entry whose key is behind [#goalKey].
    BEHIND_KEY
  }

  private final Table table;
  private final boolean suffixed;
  private final long sequenceOfAll;
  private final @Nullable MemorySegment lower;
  private final @Nullable MemorySegment upper;

  private final Object lock = new Object();
  private final IndexWalk index;
  private final BlockLoader blocks;
  private final DataCursor cursor;
  private volatile boolean closed;

  private Goal goal = Goal.START;
  private MemorySegment goalKey = MemorySegment.NULL;
  private int goalLength;

  /// Whether it stands before the cursor's entry, which is decoded already.
  private boolean before;

  /// Whether the index stands on a block that is being read.
  private boolean loading;

  /// Whether the cursor has a block: it has none where the goal was beyond all of them.
  private boolean hasBlock;

  /// Where the index stands one further (1) or one before (-1) the cursor's block, at the ends of
  /// what may be read; else 0.
  private int beyond;

  /// Whether there may be keys in the block that are not before the upper bound.
  private boolean mayEnd;

  /// Entries met since the start, without a gap; -1 where there was one.
  private long met = -1;

  /// What a pending step waits for: the index or a block.
  private boolean awaitsIndex;

  TableIterator(Table table, KvBounds bounds) throws TableException {
    TableFormat format = table.format();
    this.table = table;
    this.suffixed = format.suffixBytes() > 0;
    this.sequenceOfAll = format.sequence();
    this.lower = bounds.lower();
    this.upper = bounds.upper();
    this.index = new IndexWalk(table);
    this.blocks = new BlockLoader(table, TableFormat.DATA);
    this.cursor = format.dataCursor();
    blocks.limit(readLimit(format));
    toStart();
  }

  /// Where reading ahead ends: with the block that has the upper bound, where the index is all in
  /// memory; else with the last block.
  private long readLimit(TableFormat format) throws TableException {
    MemorySegment to = upper;
    if (to == null || format.partitioned()) {
      return format.dataEnd();
    }
    IndexCursor probe = format.indexCursor();
    return probe.seek(to, (int) to.byteSize(), false)
        ? probe.blockOffset + probe.blockSize + BlockHandle.TRAILER_BYTES
        : format.dataEnd();
  }

  // ---- moves

  @Override
  protected void toStart() {
    MemorySegment from = lower;
    if (from == null) {
      setGoal(Goal.START);
    } else {
      setGoal(Goal.KEY, from, (int) from.byteSize());
    }
  }

  @Override
  protected void toEnd() {
    MemorySegment to = upper;
    if (to == null) {
      setGoal(Goal.END);
    } else {
      setGoal(Goal.KEY, to, (int) to.byteSize());
    }
  }

  @Override
  protected void toKey(MemorySegment key, int length) {
    MemorySegment from = lower;
    MemorySegment to = upper;
    if (from != null && Keys.compare(key, 0, length, from, 0, (int) from.byteSize()) < 0) {
      toStart();
    } else if (to != null && Keys.compare(key, 0, length, to, 0, (int) to.byteSize()) > 0) {
      toEnd();
    } else {
      setGoal(Goal.KEY, key, length);
    }
  }

  @Override
  protected void behindKey(MemorySegment key, int length) {
    MemorySegment from = lower;
    MemorySegment to = upper;
    if (from != null && Keys.compare(key, 0, length, from, 0, (int) from.byteSize()) < 0) {
      toStart();
    } else if (to != null && Keys.compare(key, 0, length, to, 0, (int) to.byteSize()) >= 0) {
      toEnd();
    } else {
      setGoal(Goal.BEHIND_KEY, key, length);
    }
  }

  private void setGoal(Goal newGoal, MemorySegment key, int length) {
    goalKey = key;
    goalLength = length;
    setGoal(newGoal);
  }

  private void setGoal(Goal newGoal) {
    goal = newGoal;
    loading = false;
    met = -1;
    cursor.forgetLater();
    index.giveUp();
  }

  // ---- steps

  @Override
  protected int step() throws IOException {
    if (goal == Goal.NONE && !loading) {
      if (before) {
        before = false;
        return forwardEntry();
      }
      if (cursor.next()) {
        return forwardEntry();
      }
    }
    return stepOn();
  }

  /// To the goal, or the next block.
  private int stepOn() throws IOException {
    synchronized (lock) {
      requireOpen();
      if (goal != Goal.NONE) {
        if (!reachGoal()) {
          return PENDING;
        }
        if (before) {
          before = false;
          return forwardEntry();
        }
        if (cursor.next()) {
          return forwardEntry();
        }
      }
      int found;
      do {
        found = nextBlock();
      } while (found == ENTRY && !cursor.next());
      return found == ENTRY ? forwardEntry() : found;
    }
  }

  @Override
  protected int stepBack() throws IOException {
    synchronized (lock) {
      requireOpen();
      met = -1;
      if (goal != Goal.NONE && !reachGoal()) {
        return PENDING;
      }
      before = false;
      if (!loading && cursor.previous(cursor.limit())) {
        return backwardEntry();
      }
      int found;
      do {
        found = previousBlock();
      } while (found == ENTRY && !cursor.previous(cursor.limit()));
      if (found != ENTRY) {
        return found;
      }
      checkLast();
      return backwardEntry();
    }
  }

  private int forwardEntry() throws TableException {
    MemorySegment to = upper;
    if (mayEnd && to != null && cursor.compareUser(to, (int) to.byteSize()) >= 0) {
      before = true;
      return END;
    }
    if (met >= 0) {
      met++;
    }
    return show();
  }

  private int backwardEntry() throws TableException {
    MemorySegment from = lower;
    if (from != null && cursor.compareUser(from, (int) from.byteSize()) < 0) {
      return END;
    }
    return show();
  }

  private int show() throws TableException {
    int kind = EntryKinds.require(cursor);
    showEntry();
    if (suffixed) {
      version(sequenceOfAll < 0 ? cursor.suffix() >>> Byte.SIZE : sequenceOfAll, kind);
    }
    // All that was read above was read before this asks.
    VarHandle.loadLoadFence();
    requireOpen();
    return ENTRY;
  }

  private void showEntry() {
    entry(
        cursor.key,
        0,
        cursor.userLength(),
        cursor.memory,
        cursor.base + cursor.valueAt,
        cursor.valueLength);
  }

  // ---- goals

  /// Goes to the noted place; false while something is read for it.
  private boolean reachGoal() throws IOException {
    if (!loading) {
      int found =
          switch (goal) {
            case START -> index.first();
            case END -> index.last();
            case KEY -> index.seek(goalKey, goalLength, false);
            case BEHIND_KEY -> index.seek(goalKey, goalLength, true);
            case NONE -> throw new AssertionError("no goal");
          };
      if (found == PENDING) {
        awaitsIndex = true;
        return false;
      }
      if (found == END) {
        cursor.reset();
        hasBlock = false;
        before = false;
        beyond = 0;
        mayEnd = false;
        goal = Goal.NONE;
        return true;
      }
    }
    if (!load(false, false)) {
      return false;
    }
    before = false;
    switch (goal) {
      case START -> met = 0;
      case END -> cursor.toEnd();
      default -> before = cursor.seek(goalKey, goalLength, goal == Goal.BEHIND_KEY);
    }
    goal = Goal.NONE;
    return true;
  }

  // ---- blocks

  /// Reads the block that the index stands on; false while that is under way.
  private boolean load(boolean follows, boolean backwards) throws IOException {
    IndexCursor at = index.at();
    loading = true;
    boolean lookUp = goal == Goal.KEY || goal == Goal.BEHIND_KEY;
    if (!blocks.load(at, lookUp, backwards)) {
      awaitsIndex = false;
      return false;
    }
    loading = false;
    beyond = 0;
    hasBlock = true;
    cursor.open(blocks.memory(), blocks.position(), blocks.size(), at.blockOffset, follows);
    MemorySegment to = upper;
    mayEnd = to != null && at.compareUser(to, (int) to.byteSize()) >= 0;
    return true;
  }

  /// To the start of the next block.
  private int nextBlock() throws IOException {
    if (!loading) {
      if (beyond > 0 || mayEnd) {
        return END;
      }
      if (beyond == 0) {
        checkLast();
      }
      int found = index.next();
      if (found == ENTRY && beyond < 0) {
        // That was the block which the cursor has been in.
        beyond = 0;
        found = index.next();
      }
      if (found == PENDING) {
        awaitsIndex = true;
        return PENDING;
      }
      if (found == END) {
        beyond = hasBlock ? 1 : 0;
        checkCount();
        return END;
      }
    }
    return load(cursor.keyLength >= 0, false) ? ENTRY : PENDING;
  }

  /// To the end of the block before.
  private int previousBlock() throws IOException {
    if (!loading) {
      if (beyond < 0) {
        return END;
      }
      int found = index.previous();
      if (found == ENTRY && beyond > 0) {
        beyond = 0;
        found = index.previous();
      }
      if (found == PENDING) {
        awaitsIndex = true;
        return PENDING;
      }
      if (found == END) {
        beyond = hasBlock ? -1 : 0;
        cursor.forgetLater();
        return END;
      }
      MemorySegment from = lower;
      if (from != null && index.at().compareUser(from, (int) from.byteSize()) < 0) {
        // All of that block is before the bound.
        beyond = hasBlock ? -1 : 0;
        cursor.forgetLater();
        return END;
      }
    }
    if (!load(false, true)) {
      return PENDING;
    }
    cursor.toEnd();
    return ENTRY;
  }

  /// The cursor has decoded its block's last entry: the index must have told of its key.
  private void checkLast() throws TableException {
    IndexCursor at = index.at();
    if (cursor.keyLength < 0 || !at.isOnEntry()) {
      return;
    }
    int order = at.compareUser(cursor.key, cursor.userLength());
    boolean ahead =
        order == 0
            && at.suffixBytes > 0
            && suffixed
            && Long.compareUnsigned(cursor.suffix(), at.suffix()) < 0;
    if (order < 0 || ahead) {
      throw cursor.damaged("its last key is behind what the index says");
    }
  }

  /// The table was read from end to end.
  private void checkCount() throws TableException {
    TableProperties properties = table.properties();
    long told = properties.entries();
    if (met < 0 || told < 0 || lower != null) {
      return;
    }
    long entries = told - properties.rangeDeletes();
    if (met != entries) {
      throw TableException.damaged(
          table.name(),
          table.format().indexOffset(),
          TableFormat.INDEX,
          "the table has " + met + " entries, and its properties tell of " + entries);
    }
  }

  // ---- keeping, waiting, closing

  @Override
  protected @Nullable Retained retained() {
    synchronized (lock) {
      requireOpen();
      Bytes key = Bytes.copyOf(cursor.key.asSlice(0, cursor.userLength()));
      Bytes value;
      try {
        value = blocks.share(cursor.valueAt, cursor.valueLength);
      } catch (Throwable e) {
        key.close();
        throw e;
      }
      long sequence = sequence();
      int kind = kind();
      cursor.rebase(blocks.memory(), blocks.position());
      showEntry();
      version(sequence, kind);
      return new Retained(key, value);
    }
  }

  @Override
  protected CompletionStage<Void> whenReady() {
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.completedStage(null);
      }
      return awaitsIndex ? index.ready() : blocks.ready();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the iterator of " + table.name() + " is closed");
    }
  }

  @Override
  protected void release() {
    synchronized (lock) {
      closed = true;
      index.close();
      blocks.close();
    }
  }

  @Override
  public String toString() {
    return "TableIterator[" + table.name() + "]";
  }
}
