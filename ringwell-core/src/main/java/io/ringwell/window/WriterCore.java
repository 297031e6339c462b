package io.ringwell.window;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// What claims of one writer have in common: the slots behind them, the bound on their bytes, what
/// is in flight, what went wrong. All of it is guarded by the lock of [Completions].
///
/// A claim enters the ranges of its file first, so that one that is refused is refused at once,
/// then the [Backlog], then gets memory. It leaves all three when it is aborted, or written and
/// booked.
final class WriterCore implements FileRange.Owner {
  final Engine engine;
  final FileHandle file;
  private final WriterOptions options;
  private final FileRanges ranges;
  private final Completions completions = new Completions(this::book);
  private final Backlog backlog;
  private final ClaimMemory memory;
  private final Failures failures = new Failures();
  private final ArrayList<Pending> table = new ArrayList<>();
  private final ArrayList<ClaimSlot> free = new ArrayList<>();
  private final ArrayList<Control> freeControls = new ArrayList<>();
  private final Completions.Goal notHeldBack = () -> !isHeldBack();
  private final Completions.Goal idle;

  /// Where the file ends.
  final FileEnd end;

  // Those in flight, in the order of their commits.
  private @Nullable ClaimSlot first;
  private @Nullable ClaimSlot last;
  private long sequence;

  private boolean heldBack;
  private boolean closed;
  private @Nullable IOException syncFailure;

  WriterCore(
      Engine engine, FileHandle file, WriterOptions options, FileRanges ranges, FileEnd end) {
    this.engine = engine;
    this.file = file;
    this.options = options;
    this.ranges = ranges;
    this.end = end;
    this.backlog = new Backlog(options.maxInFlightBytes());
    this.memory = new ClaimMemory(engine.pool(), options.keepBytes());
    this.idle = () -> first == null;
  }

  // ---- Beginning -------------------------------------------------------------------------------

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
      requireOpen();
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
    ClaimSlot slot = new ClaimSlot(this, table.size());
    table.add(slot);
    return slot;
  }

  private boolean open(WriteClaim claim, ClaimSlot slot) {
    completions.lock();
    try {
      requireOpen();
      claim.requireFree();
      slot.open = true;
      claim.begin(this, slot);
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
      completions.awaitLocked(() -> closed || backlog.isMyTurn(slot, bytes));
      try {
        requireOpen();
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

  /// While it waits for the pool, nothing of this writer's that others could use may be kept from
  /// it.
  private IoBuffer acquire(long bytes) throws InterruptedIOException {
    completions.lock();
    try {
      IoBuffer now = memory.tryTake(bytes);
      if (now != null) {
        return now;
      }
      keepNothing();
    } finally {
      completions.unlock();
    }
    try {
      return engine.pool().acquire(bytes);
    } catch (InterruptedIOException e) {
      // The pool leaves the status set; an interrupt that was told of is over.
      Thread.interrupted();
      throw e;
    }
  }

  private void keepNothing() {
    memory.dropIdle();
    for (ClaimSlot slot = first; slot != null; slot = slot.after) {
      if (slot.kept) {
        memory.drop(slot.memory());
        slot.buffer = null;
        slot.kept = false;
      }
    }
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
      if (claim.isOpenOf(this)) {
        ClaimSlot slot = claim.requireOpenOf(this);
        claim.aborted();
        giveUp(slot);
      }
    } finally {
      completions.unlock();
    }
  }

  /// A claim that is not written leaves what it has entered.
  private void giveUp(ClaimSlot slot) {
    completions.lock();
    try {
      slot.open = false;
      IoBuffer unused = slot.buffer;
      if (unused != null) {
        slot.buffer = null;
        if (!closed && memory.keep(unused)) {
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

  private void leave(ClaimSlot slot) {
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

  // ---- Committing ------------------------------------------------------------------------------

  /// @param into null where failures are for the writer to tell
  void commit(@Nullable Commit into, WriteClaim claim) throws IOException {
    lockToCommit();
    try {
      claim.requireOpenOf(this);
      tellFailures();
      if (into != null) {
        into.begin(this, 1);
      }
      hand(claim, into, 1);
    } finally {
      completions.unlock();
    }
  }

  void commit(Commit into, WriteClaim[] claims) throws IOException {
    lockToCommit();
    try {
      requireDistinct(claims);
      tellFailures();
      into.begin(this, claims.length);
      for (int i = 0; i < claims.length; i++) {
        hand(claims[i], into, claims.length - i);
      }
    } finally {
      completions.unlock();
    }
  }

  private void lockToCommit() throws IOException {
    completions.lock();
    if (isHeldBack()) {
      completions.unlock();
      completions.awaitLocked(notHeldBack);
    }
    boolean open = false;
    try {
      requireOpen();
      completions.drain();
      open = true;
    } finally {
      if (!open) {
        completions.unlock();
      }
    }
  }

  private void requireDistinct(WriteClaim[] claims) {
    int marked = 0;
    try {
      for (WriteClaim claim : claims) {
        ClaimSlot slot = claim.requireOpenOf(this);
        if (slot.marked) {
          throw new IllegalArgumentException("twice in one commit: " + claim);
        }
        slot.marked = true;
        marked++;
      }
    } finally {
      for (int i = 0; i < marked; i++) {
        claims[i].requireOpenOf(this).marked = false;
      }
    }
  }

  /// Gives a claim to the engine.
  ///
  /// @param left claims of the commit, with this one, that are not handed over
  private void hand(WriteClaim claim, @Nullable Commit into, int left) {
    ClaimSlot slot = claim.requireOpenOf(this);
    boolean handed = false;
    completions.begun();
    try {
      slot.prepare(file);
      submit(slot.op);
      handed = true;
    } finally {
      if (!handed) {
        completions.unbegun();
        claim.aborted();
        slot.letGo();
        giveUp(slot);
        if (into != null) {
          into.without(left);
        }
      }
    }
    claim.committed();
    slot.open = false;
    slot.commit = into;
    if (into != null) {
      into.handed(slot.size);
    }
    ranges.committed(slot.range);
    end.submitted(slot.position, slot.size);
    link(slot);
    IoBuffer lent = slot.buffer;
    slot.kept = lent != null && memory.keep(lent);
    if (!slot.kept) {
      slot.letGo();
    }
  }

  /// Parks while the engine's queue is full, which its ring empties whatever happens here. An
  /// interrupt is kept for later: half a commit is of no use to anybody.
  private void submit(Operation op) {
    boolean interrupted = false;
    while (true) {
      try {
        engine.submit(op);
        break;
      } catch (InterruptedIOException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void link(ClaimSlot slot) {
    slot.sequence = ++sequence;
    ClaimSlot before = last;
    slot.before = before;
    slot.after = null;
    if (before == null) {
      first = slot;
    } else {
      before.after = slot;
    }
    last = slot;
  }

  private void unlink(ClaimSlot slot) {
    ClaimSlot before = slot.before;
    ClaimSlot after = slot.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    slot.before = null;
    slot.after = null;
  }

  // ---- Completing ------------------------------------------------------------------------------

  private void book(Operation op) {
    table.get((int) op.tag()).completed();
  }

  /// With the lock held.
  void written(ClaimSlot slot) {
    unlink(slot);
    end.completed(slot.position, Math.min(slot.op.transferred(), slot.size));
    IoBuffer back = slot.buffer;
    if (back != null) {
      slot.buffer = null;
      slot.kept = false;
      if (closed) {
        memory.drop(back);
      } else {
        memory.putBack(back);
      }
    }
    leave(slot);
    IOException failed = slot.failure();
    Commit commit = slot.commit;
    slot.commit = null;
    if (commit != null) {
      commit.written(failed);
    } else if (failed != null) {
      failures.add(new Failures.Failure(failed));
    }
  }

  @Override
  public void progress() {
    completions.progress();
  }

  @Override
  public void awaitExit(FileRange range, int use) throws InterruptedIOException {
    completions.await(() -> range.isOver(use));
  }

  void await(Completions.Goal goal) throws InterruptedIOException {
    completions.await(goal);
  }

  CompletionQueue queue() {
    return completions.queue();
  }

  // ---- For the writer as a whole ---------------------------------------------------------------

  Completions completions() {
    return completions;
  }

  Failures failures() {
    return failures;
  }

  IOException tell(Failures.Failure failure) {
    completions.lock();
    try {
      return failure.tell();
    } finally {
      completions.unlock();
    }
  }

  /// With the lock held.
  void tellFailures() throws IOException {
    IOException untold = failures.tell();
    if (untold != null) {
      throw untold;
    }
  }

  /// With the lock held.
  void syncFailed(IOException failure) {
    if (syncFailure == null) {
      syncFailure = failure;
    }
  }

  @Nullable IOException syncFailure() {
    return syncFailure;
  }

  /// For an operation on the file as a whole; whoever has seen it done puts it back.
  Control takeControl(boolean syncs) {
    completions.lock();
    try {
      Control control = freeControls.isEmpty() ? newControl() : freeControls.removeLast();
      control.begin(syncs);
      return control;
    } finally {
      completions.unlock();
    }
  }

  private Control newControl() {
    Control control = new Control(this, table.size());
    table.add(control);
    return control;
  }

  /// With the lock held.
  void putBack(Control control) {
    freeControls.add(control);
  }

  /// Gives it to the engine.
  void hand(Control control) {
    control.op.notifying(completions.queue());
    completions.lock();
    boolean handed = false;
    completions.begun();
    try {
      submit(control.op);
      handed = true;
    } finally {
      if (!handed) {
        completions.unbegun();
        putBack(control);
      }
      completions.unlock();
    }
  }

  /// Whether commits wait: the file is being cut to its content.
  boolean isHeldBack() {
    return heldBack;
  }

  /// With the lock held.
  void holdBack(boolean on) {
    heldBack = on;
    completions.changed();
  }

  /// Parks until what was committed so far has completed.
  void awaitCommitted() throws InterruptedIOException {
    completions.lock();
    long until = sequence;
    completions.unlock();
    completions.await(() -> first == null || first.sequence > until);
  }

  /// Reached when no claim is in flight.
  Completions.Goal idle() {
    return idle;
  }

  Completions.Goal notHeldBack() {
    return notHeldBack;
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the writer is closed: " + file.path());
    }
  }

  /// Refuses what is new. Open claims keep their memory until they are closed, and stand in
  /// nobody's way any more.
  ///
  /// @return false where it was closed before
  boolean startClose() {
    completions.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      for (Pending each : table) {
        if (each instanceof ClaimSlot slot && slot.open) {
          ranges.exit(slot.range);
        }
      }
      memory.dropIdle();
      completions.changed();
      return true;
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
