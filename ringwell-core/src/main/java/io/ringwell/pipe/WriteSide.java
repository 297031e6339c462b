package io.ringwell.pipe;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// All that a writer does, of bytes or of objects.
final class WriteSide extends Padding {
  private final PipeCore core;
  private final PipeOptions options;
  private Segment tail;

  /// The oldest one that the reader passed, to be linked anew; up to this one it is known to have.
  private Segment oldest;

  private Segment passedSeen;

  /// Made or taken from those passed, not linked yet.
  private @Nullable Segment unused;

  private long committed;
  private long flushed;
  private long windowLength;
  private long lastSize;

  // What the reader published, as it was when it was last needed.
  private long consumedSeen;
  private long relievedSeen;

  private boolean claimed;
  private boolean paused;
  private boolean roomIsWanted;

  /// Whether a stage waits, or a thread is parked.
  private volatile boolean waiting;

  private long wanted;

  /// Why the last reserve got nothing: not for want of room.
  private boolean poolWasEmpty;

  /// Of that, what needs memory of the supply's: 0 for what is appended.
  private long wantedMemory;

  private final WaitSlot.Condition mayFlow = this::mayFlow;
  private final WaitSlot.Condition mayGoOn = this::mayGoOn;
  private final WaitSlot.Condition mayReserve = this::mayReserve;
  private final BooleanSupplier isGivenUp = this::isGivenUp;

  /// Tells who left [#then]. It takes the place of a thread in the slot.
  private final Runnable hear = this::hear;

  private @Nullable Runnable then;

  WriteSide(PipeCore core) {
    this.core = core;
    this.options = core.options;
    this.tail = core.first();
    this.oldest = tail;
    this.passedSeen = tail;
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

  long committed() {
    return committed;
  }

  long unflushed() {
    return committed - flushed;
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
      long need = Math.max(least, 1);
      if (!hasRoom(need) || !mayFill(need)) {
        awaitRoom(need, need);
      } else if (poolWasEmpty) {
        if (core.reading.isDone()) {
          return reserveForNobody(least);
        }
        awaitMemory(need);
      } // else the reader has made room meanwhile
    }
  }

  /// The reader is complete: nobody makes the pool have memory, but this pipe by what it has.
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
    Segment segment = unused();
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
    publish();
    wanted = need;
    wantedMemory = memory;
    core.relievedGoal = 0;
    core.consumedGoal = committed + need - options.maxBuffered();
    waiting = true;
    try {
      core.writeWait.await(mayReserve, "room in a pipe");
    } finally {
      waiting = false;
    }
    checkUsable();
    if (core.observeWriteCancel()) {
      throw new CancellationException("the wait for room in a pipe was cancelled");
    }
  }

  /// Waits for the pool, while the other side is heard all the same: memory may not come for long.
  private void awaitMemory(long need) throws InterruptedIOException {
    publish();
    core.relievedGoal = 0;
    core.consumedGoal = Long.MAX_VALUE; // what is read brings memory to the pool, which tells
    waiting = true;
    try {
      core.supply.await(need, isGivenUp);
    } finally {
      waiting = false;
      core.writeWait.ignore();
    }
    checkUsable();
    if (core.observeWriteCancel()) {
      throw new CancellationException("the wait for memory for a pipe was cancelled");
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
    wantRoomUpTo(goal + options.maxBuffered());
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

  /// Whether that much more may be held. A reader that is complete holds nothing.
  private boolean hasRoom(long need) {
    if (committed + need - consumedSeen <= options.maxBuffered()) {
      return true;
    }
    consumedSeen = core.reading.isDone() ? committed : core.consumed.get();
    return committed + need - consumedSeen <= options.maxBuffered();
  }

  /// Tells a reader that it waits in vain: nothing comes until it consumes.
  private void wantRoom(long need) {
    wantRoomUpTo(committed + need);
  }

  private void wantRoomUpTo(long offset) {
    roomIsWanted = true;
    core.roomWanted.publish(offset);
    VarHandle.fullFence();
    if (core.readWait.isTaken()) {
      core.readWait.wake();
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
    if (!core.supply.mayFill(need) && core.consumed.get() == committed) {
      // The tail is the writer's, for now: it would go back if the reader knew.
      core.supply.retire(tail);
      tail.capacity = committed - tail.start;
    }
    Segment segment = unused();
    segment.renew(committed);
    if (!core.supply.fill(segment, nextSize(need), need)) {
      unused = segment;
      poolWasEmpty = true;
      return false;
    }
    lastSize = Math.min(segment.capacity, options.maxSegmentBytes());
    link(segment);
    return true;
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

  /// One that is not linked. It stays at hand if what is to be done with it fails.
  private Segment unused() {
    Segment segment = unused;
    if (segment != null) {
      unused = null;
      return segment;
    }
    if (oldest == passedSeen) {
      passedSeen = core.first();
    }
    segment = oldest;
    if (segment == passedSeen || segment.next == null) {
      return new Segment();
    }
    oldest = segment.next;
    return segment;
  }

  private void link(Segment segment) {
    tail.seal(committed, segment);
    tail = segment;
  }

  // ---- Flushing --------------------------------------------------------------------------------

  FlushResult tryFlush() throws IOException {
    checkUsable();
    publish();
    return status();
  }

  FlushResult flush() throws IOException {
    FlushResult result = tryFlush();
    while (result == FlushResult.PENDING) {
      waiting = true;
      try {
        core.writeWait.await(mayFlow, "the reader of a pipe");
      } finally {
        waiting = false;
      }
      checkUsable();
      result = status();
    }
    return result;
  }

  FlushResult tryFlush(Runnable next) throws IOException {
    FlushResult result = tryFlush();
    while (result == FlushResult.PENDING) {
      then = next;
      waiting = true;
      if (!core.writeWait.arm(hear, mayGoOn)) {
        return FlushResult.PENDING;
      }
      result = flowing();
    }
    return result;
  }

  /// In the scheduler: the other side has done something.
  private void hear() {
    while (!mayFlow()) {
      if (!core.writeWait.arm(hear, mayGoOn)) {
        return;
      }
    }
    core.writeWait.leave();
    Runnable next = Objects.requireNonNull(then);
    then = null;
    waiting = false;
    next.run();
  }

  CompletionStage<FlushResult> flushAsync() {
    FlushResult result;
    try {
      result = tryFlush();
    } catch (IOException | RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
    if (result != FlushResult.PENDING) {
      return CompletableFuture.completedStage(result);
    }
    waiting = true;
    return new Pending<>(core.writeWait, mayFlow, mayGoOn, this::flowing).begin();
  }

  /// What a wait ends with.
  private FlushResult flowing() throws IOException {
    waiting = false;
    checkUsable();
    return status();
  }

  /// Makes visible what was committed, and lets go of the tail.
  private void publish() {
    windowLength = 0;
    long end = committed;
    boolean news = end != flushed;
    if (news) {
      flushed = end;
      core.flushed.publish(end);
    }
    if (claimed) {
      claimed = false;
      core.claim.publish(PipeCore.IDLE);
    }
    VarHandle.fullFence();
    if (news && core.readWait.isTaken() && end >= core.readGoal) {
      core.readWait.wake();
    }
  }

  private FlushResult status() throws IOException {
    if (core.reading.isDone()) {
      core.freeIfIdle();
      core.reading.throwError();
      return FlushResult.COMPLETED;
    }
    if (core.observeWriteCancel()) {
      return FlushResult.CANCELLED;
    }
    return flows() ? FlushResult.OPEN : FlushResult.PENDING;
  }

  private boolean mayFlow() {
    return isToLook() || flows();
  }

  private boolean isToLook() {
    return core.reading.isDone() || core.isWriteCancelled() || core.writing.isDone();
  }

  /// Whether to look again whether it flows: the goals that it set then are reached. Writes
  /// nothing, for [WaitSlot#arm].
  private boolean mayGoOn() {
    return isToLook()
        || (core.relieved.get() >= core.relievedGoal && core.consumed.get() >= core.consumedGoal);
  }

  /// Whether the reader keeps up; where it does not, from when on it does.
  private boolean flows() {
    long pause = options.pauseBytes();
    if (pause > 0) {
      long limit = paused ? options.resumeBytes() : pause;
      if (flushed - relievedSeen >= limit) {
        relievedSeen = core.relieved.get();
        if (flushed - relievedSeen >= limit) {
          paused = true;
          core.relievedGoal = flushed - options.resumeBytes() + 1;
          core.consumedGoal = 0;
          return false;
        }
      }
      paused = false;
    }
    if (!hasRoom(1)) {
      core.relievedGoal = 0;
      core.consumedGoal = committed + 1 - options.maxBuffered();
      wantRoom(1);
      return false;
    }
    return true;
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
    core.writeWait.wake();
    if (core.reading.isDone()) {
      core.freeIfIdle();
    } else {
      core.freeIfDrained();
    }
    core.writing.announce(core.readWait::wake);
    return true;
  }

  void checkUsable() {
    if (core.writing.isDone()) {
      throw new IllegalStateException(
          "the writer of the pipe is complete; a pipe that is reset can be written again");
    }
    if (waiting) {
      throw new IllegalStateException(
          "a call of the pipe's writer is in progress; wait for it, or end it by cancelPending");
    }
  }

  void reset() {
    tail = core.first();
    oldest = tail;
    passedSeen = tail;
    unused = null;
    committed = 0;
    flushed = 0;
    windowLength = 0;
    lastSize = 0;
    consumedSeen = 0;
    relievedSeen = 0;
    claimed = false;
    paused = false;
    roomIsWanted = false;
    waiting = false;
  }
}
