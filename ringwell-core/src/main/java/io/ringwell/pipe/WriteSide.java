package io.ringwell.pipe;

import io.ringwell.memory.Bytes;
import java.io.InterruptedIOException;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// All that a writer does, of bytes or of objects: this is the memory that it writes to, how it
/// gets some, and its end; [Flushing] is what it tells the reader.
final class WriteSide extends Flushing {
  private final PassedSegments passed;
  private Segment tail;
  private long lastSize;

  /// Why the last reserve got nothing: not for want of room.
  private boolean poolWasEmpty;

  /// How much room the wait is for.
  private long wanted;

  /// Of that, what needs memory of the supply's: 0 for what is appended.
  private long wantedMemory;

  private final WaitSlot.Condition mayReserve = this::mayReserve;
  private final BooleanSupplier isGivenUp = this::isGivenUp;

  WriteSide(PipeCore core) {
    super(core);
    this.tail = core.first();
    this.passed = new PassedSegments(core);
  }

  // ---- Windows ---------------------------------------------------------------------------------

  Segment tail() {
    return tail;
  }

  /// Where the window begins in the tail's memory.
  long position() {
    return committed - tail.start;
  }

  long windowLength() {
    return windowLength;
  }

  /// The length of a window of at least `least`, or 0 where there is no room or no memory.
  long tryReserve(long least) {
    checkUsable();
    long need = Math.max(least, 1);
    checkFits(need);
    checkMemoryFits(need);
    windowLength = 0;
    poolWasEmpty = false;
    if (!hasRoom(need)) {
      wantRoom(need);
      return 0;
    }
    claim();
    long left = tail.start + tail.capacity - committed;
    if (left < need) {
      if (!extend(need)) {
        return 0;
      }
      left = tail.capacity;
    }
    windowLength = Math.min(left, options.maxBuffered() - (committed - consumedSeen));
    return windowLength;
  }

  long reserve(long least) throws InterruptedIOException {
    while (true) {
      long length = tryReserve(least);
      if (length > 0) {
        return length;
      }
      if (core.reading.isDone()) {
        return reserveForNobody(least);
      }
      long need = Math.max(least, 1);
      if (!hasRoom(need) || !mayFill(need)) {
        awaitRoom(need, need);
      } else if (poolWasEmpty) {
        awaitMemory(need);
      } // else the reader has made room meanwhile
    }
  }

  /// The reader is complete: nobody makes room or has the pool have memory, but this pipe by what
  /// it has.
  private long reserveForNobody(long least) {
    publish();
    core.freeIfIdle();
    long length = tryReserve(least);
    if (length == 0) {
      throw new CancellationException(
          "no memory for a pipe whose reader is complete; flush tells how that came");
    }
    return length;
  }

  void commit(long count) {
    checkUsable();
    if (count < 0 || count > windowLength) {
      throw new IllegalArgumentException(
          "commit of %d in a window of %d; reserve one that is large enough"
              .formatted(count, windowLength));
    }
    committed += count;
    windowLength -= count;
  }

  boolean tryAppend(Bytes bytes) {
    checkUsable();
    long size = bytes.size();
    checkFits(size);
    windowLength = 0;
    if (!hasRoom(size)) {
      wantRoom(size);
      return false;
    }
    if (size == 0) {
      bytes.close();
      return true;
    }
    claim();
    if (options.maxMemoryBytes() > 0) {
      retireReadTail();
    }
    Segment segment = passed.take();
    segment.renew(committed);
    segment.memory = bytes.segment();
    segment.bytes = bytes;
    segment.capacity = size;
    link(segment);
    committed += size;
    return true;
  }

  void append(Bytes bytes) throws InterruptedIOException {
    while (!tryAppend(bytes)) {
      awaitRoom(bytes.size(), 0);
    }
  }

  /// @param memory how much of it needs memory of the supply's
  private void awaitRoom(long need, long memory) throws InterruptedIOException {
    // Else the reader might never get to what it is to make room of.
    publishAll();
    wanted = need;
    wantedMemory = memory;
    core.relievedGoal = 0;
    core.consumedGoal = committed + need - options.maxBuffered();
    waiting = true;
    try {
      core.writeWait.await(mayReserve, "room in a pipe");
      goOn("room in a pipe");
    } finally {
      waiting = false;
      core.writeWait.leave();
    }
  }

  /// What comes back to its giver by that may have him append more.
  private void publishAll() {
    do {
      publish();
    } while (claimed);
  }

  private void goOn(String what) {
    waiting = false;
    checkUsable();
    if (core.observeWriteCancel()) {
      throw new CancellationException("the wait for " + what + " was cancelled");
    }
  }

  /// Waits for the pool, while the other side is heard all the same: memory may not come for long.
  private void awaitMemory(long need) throws InterruptedIOException {
    publishAll();
    core.relievedGoal = 0;
    core.consumedGoal = Long.MAX_VALUE; // what is read brings memory to the pool, which tells
    waiting = true;
    try {
      core.supply.await(need, isGivenUp);
      goOn("memory for a pipe");
    } finally {
      waiting = false;
      core.writeWait.ignore();
    }
  }

  /// Whether nobody waits for memory any more.
  private boolean isGivenUp() {
    core.writeWait.listen();
    return core.isWriteCancelled() || core.writing.isDone() || core.reading.isDone();
  }

  private boolean mayReserve() {
    return core.reading.isDone()
        || (hasRoom(wanted) && mayFill(wantedMemory))
        || core.isWriteCancelled()
        || core.writing.isDone();
  }

  /// Whether a segment for that much more may be had. If not, tells a reader that waits in vain,
  /// and has the writer, if it waits, look again when the first segment that counts was read.
  private boolean mayFill(long need) {
    if (need == 0 || core.supply.mayFill(need) || core.consumed.get() == committed) {
      return true;
    }
    long goal = committed;
    for (Segment each = core.first(); each != tail; each = each.next) {
      if (each == null) {
        return core.supply.mayFill(need); // the reader is ahead of what was seen
      }
      if (each.counted > 0) {
        goal = Objects.requireNonNull(each.next).start;
        break;
      }
    }
    core.consumedGoal = goal;
    // A reader that has read all of a segment since it was sealed frees it with the next read.
    wantRoomUpTo(Math.max(goal, core.consumed.get() + 1) + options.maxBuffered());
    return core.supply.mayFill(need) || core.consumed.get() == committed;
  }

  private void checkFits(long need) {
    if (need > options.maxBuffered()) {
      throw new IllegalArgumentException(
          "%d at once into a pipe that holds at most %d; PipeOptions.withMaxBuffered has it hold more"
              .formatted(need, options.maxBuffered()));
    }
  }

  private void checkMemoryFits(long need) {
    long most = options.maxMemoryBytes();
    if (most > 0 && need > most) {
      throw new IllegalArgumentException(
          "a window of %d in a pipe that has memory for at most %d; PipeOptions.withMaxMemory gives it more"
              .formatted(need, most));
    }
  }

  private void claim() {
    if (roomIsWanted) {
      roomIsWanted = false;
      core.roomWanted.publish(0);
    }
    if (claimed) {
      return;
    }
    claimed = true;
    if (core.claimForWriter()) {
      tail.capacity = committed - tail.start;
    }
  }

  // ---- Segments --------------------------------------------------------------------------------

  private boolean extend(long need) {
    if (!mayFill(need)) {
      return false;
    }
    retireReadTail();
    Segment segment = passed.take();
    segment.renew(committed);
    if (!core.supply.fill(segment, nextSize(need), need)) {
      passed.keep(segment);
      poolWasEmpty = true;
      return false;
    }
    lastSize = Math.min(segment.capacity, options.maxSegmentBytes());
    link(segment);
    return true;
  }

  /// A tail that was read is the writer's, for now: its reader would know it as his with the next
  /// read only. What was appended waits until the writer lets go of it: closing it runs code of its
  /// giver's.
  private void retireReadTail() {
    if (core.consumed.get() != committed || (tail.bytes != null && tail.counted == 0)) {
      return;
    }
    Bytes left = core.supply.retire(tail);
    tail.capacity = committed - tail.start;
    if (left != null) {
      left.close();
    }
  }

  @Override
  boolean tailIsTooMuch() {
    return tail.capacity > options.keepBytes() || tail.bytes != null;
  }

  /// Doubles as long as the reader lags behind by what the last one held.
  private long nextSize(long need) {
    long size = Math.max(lastSize, options.segmentBytes());
    if (committed - consumedSeen >= size && lastSize > 0) {
      consumedSeen = Math.max(consumedSeen, core.consumed.get());
      if (committed - consumedSeen >= size) {
        size = Math.min(size << 1, options.maxSegmentBytes());
      }
    }
    return Math.max(size, need);
  }

  private void link(Segment segment) {
    tail.seal(committed, segment);
    tail = segment;
  }

  // ---- The end ---------------------------------------------------------------------------------

  /// @return whether it was not complete before
  boolean complete(@Nullable Throwable error) {
    if (core.writing.isDone()) {
      return false;
    }
    windowLength = 0;
    flushed = committed;
    core.flushed.publish(committed);
    core.supply.abandon();
    if (!core.writing.complete(error)) {
      return false;
    }
    if (claimed) {
      claimed = false;
      core.claim.publish(PipeCore.IDLE);
    }
    VarHandle.fullFence();
    try {
      core.writeWait.wake();
      core.freeIfOver();
    } finally {
      core.writing.announce(core.readWait::wake);
    }
    return true;
  }

  @Override
  void reset() {
    super.reset();
    tail = core.first();
    passed.reset();
    lastSize = 0;
  }
}
