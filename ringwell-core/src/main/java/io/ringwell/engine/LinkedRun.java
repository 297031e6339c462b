package io.ringwell.engine;

import io.ringwell.sys.Errno;
import java.util.Objects;

/// A chain that the kernel carries out link by link, from the first member to the last.
///
/// A short result or a retry breaks the chain in the kernel, which then answers ECANCELED for all
/// behind. So results are kept until every member's own completion has arrived, and only then is it
/// decided: the chain goes on from the member that was short, or ends at the one that failed.
final class LinkedRun {
  private final Operation[] members;
  private final int[] results;
  private int outstanding;

  /// How many links the kernel has completed: the ring's thread's alone, and ahead of `outstanding`
  /// where an engine wrapped around this one holds results back.
  private int completed;

  LinkedRun(Operation[] members) {
    this.members = members;
    this.results = new int[members.length];
    this.outstanding = members.length;
    for (Operation member : members) {
      member.run = this;
    }
  }

  /// Called for each member, on the ring's thread, or on that of an engine wrapped around it.
  void settle(Operation op, int result) {
    boolean last;
    synchronized (this) {
      results[indexOf(op)] = result;
      last = --outstanding == 0;
    }
    if (last) {
      resolve();
    }
  }

  Operation[] members() {
    return members;
  }

  /// The kernel has completed one more link. On the ring's thread.
  void linkCompleted() {
    completed++;
  }

  /// Whether the kernel has completed all links before `op`, and no more. On the ring's thread.
  boolean isNext(Operation op) {
    return completed == indexOf(op);
  }

  private int indexOf(Operation op) {
    for (int i = 0; i < members.length; i++) {
      if (members[i] == op) {
        return i;
      }
    }
    throw new IllegalStateException("not of this chain: " + op);
  }

  private void resolve() {
    for (Operation member : members) {
      member.run = null;
    }
    for (int i = 0; i < members.length; i++) {
      Operation op = members[i];
      Engine owner = Objects.requireNonNull(op.engine);
      Carrier carrier = op.carrier();
      Operation next = i + 1 < members.length ? members[i + 1] : null;
      // Cancelled by the link before, which went on after all. One whose time is up is started
      // again and then refused.
      boolean broken = i > 0 && results[i] == -Errno.ECANCELED && !op.cancelled;
      if (broken || op.advance(results[i])) {
        owner.again(op);
        return;
      }
      boolean succeeded = op.errno == 0;
      carrier.finish(op);
      if (!succeeded) {
        if (next != null) {
          Operation.cancelChain(next, carrier);
        }
        return;
      }
    }
  }
}
