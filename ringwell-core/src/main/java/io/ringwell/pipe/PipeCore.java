package io.ringwell.pipe;

import io.ringwell.memory.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/// What reader and writer of a pipe know of each other. All of it are single words: each side
/// writes its own, makes a full fence, and then looks at the other's.
///
/// The segments are a list; the writer links them at its end, the reader passes them from its
/// beginning. Who may free what the list holds is decided by the claim on its tail:
///
/// | claim  | who may change or free the tail |
/// |--------|---------------------------------|
/// | `IDLE` | nobody; all that was committed is flushed |
/// | `BUSY` | the writer, from its first window or append up to the flush |
/// | `LOST` | nobody: its memory was taken away, and the writer begins a new one |
/// | `TAKEN` | whoever takes the memory away, for a few steps: the others wait for that |
///
/// Besides the two sides, a pool that somebody waits for takes it, where the pipe is empty.
///
/// Bytes that were appended are closed when the claim was let go: that runs code of their giver's,
/// which may throw, and may call the pipe.
final class PipeCore {
  static final long IDLE = 0;
  static final long BUSY = 1;
  static final long LOST = 2;
  static final long TAKEN = 3;

  /// `TAKEN` lasts a few hundred nanoseconds, unless its thread is stopped.
  private static final int LOOKS = 128;

  private static final VarHandle READ_CANCEL;
  private static final VarHandle WRITE_CANCEL;
  private static final VarHandle FIRST;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      READ_CANCEL = lookup.findVarHandle(PipeCore.class, "readCancelled", boolean.class);
      WRITE_CANCEL = lookup.findVarHandle(PipeCore.class, "writeCancelled", boolean.class);
      FIRST = lookup.findVarHandle(PipeCore.class, "first", Segment.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final PipeOptions options;
  final Supply supply;

  // ---- Offsets in the stream -------------------------------------------------------------------

  /// Up to where the reader may see.
  final Shared flushed = new Shared();

  /// Up to where the reader has used it: before, nothing is held.
  final Shared consumed = new Shared();

  /// Up to where nothing counts for back-pressure: what the reader has examined, or waits for.
  final Shared relieved = new Shared();

  /// Up to where the writer would get if it had the room that it wants and does not have; or 0.
  final Shared roomWanted = new Shared();

  final Shared claim = new Shared();

  // ---- Waiting ---------------------------------------------------------------------------------

  final WaitSlot readWait;
  final WaitSlot writeWait;

  /// The waiting reader has enough when this is flushed.
  long readGoal;

  /// The waiting writer may go on when that much is relieved, and that much consumed.
  long relievedGoal;

  long consumedGoal;

  private volatile boolean readCancelled;
  private volatile boolean writeCancelled;

  /// That the reader frees segments that it has passed: who frees everything leaves that to it.
  private volatile boolean passing;

  /// That the reader is complete, which the writer hears of; and the other way around.
  final Completion reading;

  final Completion writing;

  /// The first segment that was not passed. Those before it are the writer's to link anew.
  @SuppressWarnings("UnusedVariable") // through FIRST
  private Segment first = new Segment();

  PipeCore(PipeOptions options, Supply supply) {
    this.options = options;
    this.supply = supply;
    this.readWait = new WaitSlot(options.readerScheduler());
    this.writeWait = new WaitSlot(options.writerScheduler());
    this.reading = new Completion(options.writerScheduler());
    this.writing = new Completion(options.readerScheduler());
  }

  Segment first() {
    return (Segment) FIRST.getAcquire(this);
  }

  /// All before `segment` were passed.
  void passTo(Segment segment) {
    FIRST.setRelease(this, segment);
  }

  // ---- Cancelling ------------------------------------------------------------------------------

  void cancelRead() {
    readCancelled = true;
    readWait.wake();
  }

  void cancelWrite() {
    writeCancelled = true;
    writeWait.wake();
  }

  boolean isReadCancelled() {
    return readCancelled;
  }

  boolean isWriteCancelled() {
    return writeCancelled;
  }

  /// True once for each time that it was cancelled since.
  boolean observeReadCancel() {
    return readCancelled && READ_CANCEL.compareAndSet(this, true, false);
  }

  boolean observeWriteCancel() {
    return writeCancelled && WRITE_CANCEL.compareAndSet(this, true, false);
  }

  // ---- The end ---------------------------------------------------------------------------------

  /// Before the reader frees what it has passed, which it does not do where this is false: all of
  /// it is freed already, or being freed. The reader may be completed by another thread meanwhile,
  /// and with it comes whoever frees everything. He first brings that about and then looks whether
  /// the reader passes segments; the reader first says that it does, and then looks.
  boolean beginPassing() {
    passing = true;
    if (isOver()) {
      endPassing();
      return false;
    }
    return true;
  }

  /// After that. Frees everything for those who have left it to the reader.
  void endPassing() {
    passing = false;
    freeIfOver();
  }

  private boolean isOver() {
    return reading.isDone() || (writing.isDone() && isEmpty());
  }

  /// Frees everything if the reader is complete, or the writer is and all was read. A full fence
  /// lies between what the caller did for that and this.
  void freeIfOver() {
    if (isOver()) {
      freeIfIdle();
    }
  }

  /// Frees everything, now that the reader is complete, unless one of the sides is at it: then it
  /// does so itself, the writer when it flushes.
  void freeIfIdle() {
    if (passing || takeClaim() == BUSY) {
      return;
    }
    supply.end();
    List<Bytes> left = new ArrayList<>();
    Segment segment = first();
    retire(segment, left);
    while (segment.next != null) {
      segment = segment.next;
      retire(segment, left);
    }
    passTo(segment);
    claim.publish(LOST);
    closeAll(left);
  }

  private void retire(Segment segment, List<Bytes> left) {
    Bytes bytes = supply.retire(segment);
    if (bytes != null) {
      left.add(bytes);
    }
  }

  private static void closeAll(List<Bytes> left) {
    Throwable failure = null;
    for (Bytes bytes : left) {
      try {
        bytes.close();
      } catch (RuntimeException | Error e) {
        failure = Failures.add(failure, e);
      }
    }
    Failures.rethrow(failure);
  }

  /// The writer's claim; true where the tail has lost its memory.
  boolean claimForWriter() {
    for (int looks = 1; ; looks++) {
      if (claim.change(IDLE, BUSY)) {
        return false;
      }
      if (claim.change(LOST, BUSY)) {
        return true;
      }
      rest(looks);
    }
  }

  /// The claim of who takes the tail's memory away, unless it is the writer's.
  ///
  /// @return what it was before, `IDLE` or `LOST`; `BUSY` where it stays the writer's
  long takeClaim() {
    for (int looks = 1; ; looks++) {
      long now = claim.get();
      if (now == BUSY || (now != TAKEN && claim.change(now, TAKEN))) {
        return now;
      }
      rest(looks);
    }
  }

  private static void rest(int looks) {
    if (looks % LOOKS == 0) {
      Thread.yield();
    } else {
      Thread.onSpinWait();
    }
  }

  // ---- Memory that others wait for -------------------------------------------------------------

  /// Gives the pool what the tail has, if the pipe is empty. Any thread: that of whoever waits for
  /// the pool, before he does; and then that of whoever empties the pipe, or lets go of the tail,
  /// since one of them and he see each other. A full fence lies between that and this.
  ///
  /// The reader looks at nothing of a tail that is read: nothing comes to it under this claim.
  ///
  /// @param given also what somebody gave the pipe or detached from it: closing that runs code of
  ///   theirs, which is for the threads of the pipe's two sides
  void giveBackEmptyTail(boolean given) {
    if (!isEmpty()) {
      return;
    }
    long before = takeClaim();
    if (before == BUSY) {
      return;
    }
    Segment tail = first();
    while (tail.next != null) {
      tail = tail.next;
    }
    boolean gives = isEmpty() && (given || tail.bytes == null);
    Bytes left = gives ? supply.retire(tail) : null;
    claim.publish(gives ? LOST : before);
    if (left != null) {
      left.close();
    }
  }

  private boolean isEmpty() {
    return consumed.get() == flushed.get();
  }

  /// Begins anew. Both sides are complete.
  void reset() {
    if (!reading.isDone() || !writing.isDone()) {
      throw new IllegalStateException(
          "a pipe is reset when both its halves are complete; its %s is not"
              .formatted(writing.isDone() ? "reader" : "writer"));
    }
    boolean reads = readWait.isWaiting() || reading.isEnding();
    if (reads || writeWait.isWaiting() || writing.isEnding()) {
      throw new IllegalStateException(
          "a call of the pipe's %s is in progress; reset the pipe when it has ended"
              .formatted(reads ? "reader" : "writer"));
    }
    takeClaim(); // a request of the pool's may look at the pipe still
    flushed.publish(0);
    consumed.publish(0);
    relieved.publish(0);
    roomWanted.publish(0);
    readCancelled = false;
    writeCancelled = false;
    first = new Segment();
    supply.begin();
    claim.publish(IDLE);
    reading.begin();
    writing.begin();
  }
}
