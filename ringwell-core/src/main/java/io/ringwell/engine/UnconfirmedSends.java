package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.SocketCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;

/// Sends without a copy whose bytes the kernel has taken, and whose memory it holds until the peer
/// has confirmed them; on the ring's thread.
///
/// For the ring they are over: there is nothing to cancel, and the deadline that was linked to them
/// is gone. A peer that takes nothing would keep the memory for good. So a cancel and a deadline
/// break the connection off, which drops what the kernel has queued, and with it its hold on the
/// memory.
final class UnconfirmedSends {
  /// User data of the timeout after which deadlines are looked at.
  static final long LOOK = -2;

  /// `IORING_TIMEOUT_UPDATE`: the timeout of that user data gets another time.
  private static final int UPDATE = 1 << 1;

  private static final long NEVER = Long.MAX_VALUE;

  private final RingSubmitter submitter;
  private final SlotTable slots;
  private final Scratch time = new Scratch(16);

  /// When deadlines are to be looked at, and for when that is submitted. They are as good as in
  /// order, so that one timeout at a time is enough.
  private long wanted = NEVER;

  private long submitted = NEVER;

  UnconfirmedSends(RingSubmitter submitter, SlotTable slots) {
    this.submitter = submitter;
    this.slots = slots;
  }

  /// The kernel has taken `result` bytes, or none.
  void taken(Operation op, int result) {
    op.sent = result;
    op.unconfirmed = result > 0;
    if (!op.unconfirmed) {
      return;
    }
    if (op.cancelled || isLate(op)) {
      breakOff(op);
    } else if (op.handle().brokenOff) {
      op.sent = -Errno.ECONNRESET; // taken before that, and told behind it
    } else {
      wanted = Math.min(wanted, op.deadlineNanos);
    }
  }

  /// The kernel has let go of the memory.
  ///
  /// @return the result
  int confirmed(Operation op) {
    op.unconfirmed = false;
    return op.sent;
  }

  private static boolean isLate(Operation op) {
    return op.deadlineNanos != NEVER && op.deadlineNanos - System.nanoTime() <= 0;
  }

  /// A cancel found nothing, or a deadline has passed. The confirmation comes by that.
  void breakOff(Operation op) {
    op.sent = -Errno.ECANCELED;
    // Of a connection that is broken off already there is nothing left to drop.
    int _ = SocketCalls.disconnect(op.handle().descriptor);
    op.handle().brokenOff = true;
    for (int slot = 0; slot < slots.size(); slot++) {
      Operation other = slots.in(slot);
      if (other != null && other.unconfirmed && other.sent > 0 && other.file == op.file) {
        // Its bytes were dropped, too.
        other.sent = other.cancelled || isLate(other) ? -Errno.ECANCELED : -Errno.ECONNRESET;
      }
    }
  }

  /// Submits the timeout that is wanted.
  void drain() {
    if (wanted >= submitted) {
      return;
    }
    Submission entry = submitter.ownEntry();
    if (entry == null) {
      return; // looked at again when there is room
    }
    long address = time.timespec(0, Math.max(0, wanted - System.nanoTime()));
    if (submitted == NEVER) {
      entry.set(Opcode.TIMEOUT, 0, 0, -1, 0, address, 1, 0, LOOK, 0, 0);
    } else {
      // Where it has passed already, looking at that submits the next.
      entry.set(Opcode.TIMEOUT_REMOVE, 0, 0, -1, address, LOOK, 0, UPDATE, RingLoop.IGNORED, 0, 0);
    }
    submitted = wanted;
  }

  /// What was to be submitted was not, and will not be.
  void withdrawn() {
    submitted = NEVER;
  }

  /// The time has come.
  void look() {
    wanted = NEVER;
    submitted = NEVER;
    for (int slot = 0; slot < slots.size(); slot++) {
      Operation op = slots.in(slot);
      if (op == null || !op.unconfirmed || op.sent < 0) {
        continue;
      }
      if (isLate(op)) {
        breakOff(op);
      } else {
        wanted = Math.min(wanted, op.deadlineNanos);
      }
    }
  }
}
