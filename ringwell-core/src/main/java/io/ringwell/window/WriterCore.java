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

/// What the claims of one writer have in common once they are committed: what is in flight, what
/// went wrong, and the file. All of it, and [Claiming], is guarded by the lock of [Completions].
final class WriterCore implements FileRange.Owner {
  final Engine engine;
  final FileHandle file;
  private final FileRanges ranges;
  private final Completions completions = new Completions(this::book);
  private final Claiming claiming;
  private final ClaimMemory memory;
  private final Failures failures = new Failures();
  private final ArrayList<Pending> table = new ArrayList<>();
  private final ArrayList<Control> freeControls = new ArrayList<>();
  private final Completions.Goal notHeldBack = () -> !isHeldBack();
  private final Completions.Goal idle;

  /// Where the file ends.
  final FileEnd end;

  private final InFlight inFlight = new InFlight();
  private boolean heldBack;
  private volatile boolean closed;
  private @Nullable IOException syncFailure;

  WriterCore(
      Engine engine, FileHandle file, WriterOptions options, FileRanges ranges, FileEnd end) {
    this.engine = engine;
    this.file = file;
    this.ranges = ranges;
    this.end = end;
    this.memory = new ClaimMemory(engine.pool(), options.keepBytes());
    this.claiming = new Claiming(this, options, ranges, end, memory);
    this.idle = inFlight::isEmpty;
  }

  Claiming claiming() {
    return claiming;
  }

  InFlight inFlight() {
    return inFlight;
  }

  /// What the next one that is registered finds as its index.
  int tableSize() {
    return table.size();
  }

  void register(Pending pending) {
    table.add(pending);
  }

  boolean isClosed() {
    return closed;
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
        claiming.giveUp(slot);
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
    inFlight.add(slot);
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

  // ---- Completing ------------------------------------------------------------------------------

  private void book(Operation op) {
    table.get((int) op.tag()).completed();
  }

  /// With the lock held.
  void written(ClaimSlot slot) {
    inFlight.remove(slot);
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
    claiming.leave(slot);
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
    long until = inFlight.sequence();
    completions.unlock();
    completions.await(() -> inFlight.isPast(until));
  }

  /// Reached when no claim is in flight.
  Completions.Goal idle() {
    return idle;
  }

  Completions.Goal notHeldBack() {
    return notHeldBack;
  }

  @Override
  public void requireOpen() {
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
      ranges.ownerClosed();
      memory.dropIdle();
      completions.changed();
      return true;
    } finally {
      completions.unlock();
    }
  }
}
