package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.SqeFlags;
import io.ringwell.uring.Submission;
import java.util.Objects;

/// Cancels what a ring has in flight, on the ring's thread.
///
/// **A cancel may miss.** Between the completion of a link and the start of the next the kernel
/// finds neither (ENOENT), and what one of its workers has in hand it interrupts, which may come to
/// nothing (EALREADY). With a busy processor that takes as long as the worker is not scheduled. So
/// a cancel that missed is repeated: a few times at once, and then every millisecond where the
/// operation might otherwise never end. What only waits for a device ends by itself.
final class RingCancels {
  /// Bit of the user data of cancels; the rest of it is the target's.
  static final long CANCEL = Long.MIN_VALUE;

  private static final int REPEATS_AT_ONCE = 8;
  private static final long PAUSE_NANOS = 1_000_000;

  /// A cancel and the pause before it, or one for each link of a chain that reads a file.
  private static final int MOST_ENTRIES = 3;

  private final RingSubmitter submitter;
  private final SlotTable slots;
  private final Inbox inbox;
  private final UnconfirmedSends sends;
  private final Scratch pause = new Scratch(16);

  RingCancels(RingSubmitter submitter, SlotTable slots, Inbox inbox, UnconfirmedSends sends) {
    this.submitter = submitter;
    this.slots = slots;
    this.inbox = inbox;
    this.sends = sends;
    pause.timespec(0, PAUSE_NANOS);
  }

  /// Submits what callers asked for.
  void drain() {
    while (submitter.room() >= MOST_ENTRIES) {
      Inbox.Cancel cancel = inbox.pollCancel();
      if (cancel == null) {
        return;
      }
      Operation op = cancel.op();
      if (op.ticket == cancel.ticket() && slots.holds(op)) {
        submit(op);
      }
    }
  }

  private void submit(Operation op) {
    boolean paced = op.cancelRepeats > REPEATS_AT_ONCE;
    if (submitter.room() < MOST_ENTRIES) {
      // Looked at again when there is room.
      inbox.offerCancel(op);
      return;
    }
    if (paced) {
      // A hard link, since a timeout ends with ETIME.
      next()
          .set(
              Opcode.TIMEOUT,
              SqeFlags.HARDLINK,
              0,
              -1,
              0,
              pause.address(),
              1,
              0,
              RingLoop.IGNORED,
              0,
              0);
    }
    int links = op.kind == ReadFileKind.INSTANCE ? FileChains.cancellable() : 1;
    for (int i = 0; i < links; i++) {
      long target = FileChains.link(op.userData, i);
      next().set(Opcode.ASYNC_CANCEL, 0, 0, -1, 0, target, 0, 0, op.userData | CANCEL, 0, 0);
    }
  }

  private Submission next() {
    return Objects.requireNonNull(submitter.ownEntry());
  }

  /// A cancel ended with `result`. A link whose turn has not come is cancelled when it has.
  void ended(long target, int result) {
    Operation op = slots.find(target);
    if (op == null || (result != -Errno.ENOENT && result != -Errno.EALREADY)) {
      return;
    }
    if (op.unconfirmed) {
      sends.breakOff(op);
      return;
    }
    boolean itsTurn = op.run == null || op.run.isNext(op);
    boolean endless = op.kind.waitsForEvent(op);
    if (itsTurn && (endless || (op.run != null && op.cancelRepeats < REPEATS_AT_ONCE))) {
      op.cancelRepeats++;
      submit(op);
    }
  }

  /// A link completed: those behind it that are to be cancelled may have begun by now.
  void linkCompleted(LinkedRun run) {
    for (Operation member : run.members()) {
      if (member.run == run && member.cancelled && slots.holds(member)) {
        submit(member);
      }
    }
  }

  /// The engine is closing: what might never complete by itself is cancelled.
  void cancelEndless() {
    for (int slot = 0; slot < slots.size(); slot++) {
      Operation op = slots.in(slot);
      if (op != null && op.kind.waitsForEvent(op)) {
        op.markCancelled();
        inbox.offerCancel(op);
      }
    }
  }
}
