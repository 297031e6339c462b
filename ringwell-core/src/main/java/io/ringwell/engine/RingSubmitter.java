package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Probe;
import io.ringwell.uring.Ring;
import io.ringwell.uring.SqeFlags;
import io.ringwell.uring.Submission;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Starts operations on the ring's thread: decides how many now, gives each a slot and writes its
/// submission, or sends it where it can be done: to a worker, behind the file's gate, into the
/// queue of chains. Knows which entries the kernel has not taken yet, so that these fail, and no
/// others, where it refuses them.
final class RingSubmitter {
  /// An operation takes a submission, and one more where it has a deadline.
  static final int ENTRIES_PER_OPERATION = 2;

  /// A device got 5 to 15 % less done with batches of 8 and more, and cost more with 1 and 2.
  private static final int PIPELINED_BATCH = 4;

  /// Fewer in one enter cost more in system calls than taking turns does.
  private static final int SMALLEST_BATCH = 8;

  /// `IORING_TIMEOUT_ABS`, on CLOCK_MONOTONIC, which System.nanoTime reads on Linux.
  private static final int TIMEOUT_ABSOLUTE = 1;

  private final UringEngine engine;
  private final RingLoop loop;
  private final Ring ring;
  private final Probe probe;
  private final RegisteredFiles files;
  private final Workers workers;
  private final Inbox inbox;
  private final SlotTable slots;
  private final FileChains chains;
  private final int batch;
  private final int limit;
  private final int socketLimit;

  /// Operations that a worker has in hand for this ring.
  private final AtomicInteger lent = new AtomicInteger();

  /// Operations in flight that wait for a peer, and are none that a device is at.
  private int onSockets;

  // Slots of the entries that the kernel has not consumed, in order; -1 for entries of our own.
  private final int[] unsubmitted;
  private int unsubmittedCount;

  RingSubmitter(
      UringEngine engine,
      RingLoop loop,
      Ring ring,
      Probe probe,
      RegisteredFiles files,
      Workers workers,
      Inbox inbox,
      SlotTable slots,
      FileChains chains) {
    this.engine = engine;
    this.loop = loop;
    this.ring = ring;
    this.probe = probe;
    this.files = files;
    this.workers = workers;
    this.inbox = inbox;
    this.slots = slots;
    this.chains = chains;
    this.batch = engine.options.batch();
    this.limit = engine.options.inFlight();
    this.socketLimit = engine.options.socketOperations();
    this.unsubmitted = new int[ring.submissionEntries()];
  }

  // ---- Room ------------------------------------------------------------------------------------

  boolean hasRoom() {
    return slots.free() > 0 && busy() + lent.get() + chains.waiting() < limit;
  }

  /// Those that do not wait for a peer.
  private int busy() {
    return slots.used() - onSockets;
  }

  void release(Operation op) {
    slots.release(op);
    if (op.kind instanceof SocketKind) {
      onSockets--;
    }
  }

  /// From any thread.
  int lent() {
    return lent.get();
  }

  // ---- Starting --------------------------------------------------------------------------------

  /// Where nothing stays in flight, takes half of what waits, so that its submitter, once answered,
  /// asks again while the other half is worked off: with all of it in one batch, ring and submitter
  /// would take turns; but all that this thread has submitted itself. Where a device is at work,
  /// takes a few, which it begins with while the next are prepared. Chains are mostly names and
  /// pages that lie in memory: all that there is room for.
  int drain() {
    int most = chains.running() > 0 ? batch : Math.min(inbox.own(), batch);
    if (busy() > 0) {
      most = Math.max(most, Math.min(PIPELINED_BATCH, batch));
    } else {
      int half = Math.max((inbox.waiting() + 1) / 2, most);
      most = Math.clamp(half, Math.min(SMALLEST_BATCH, batch), batch);
    }
    int started = 0;
    while (started < most && hasRoom()) {
      if (ring.room() < ENTRIES_PER_OPERATION * Operation.MAX_LINKED) {
        break;
      }
      Operation op = inbox.poll();
      if (op == null) {
        break;
      }
      started += start(op);
    }
    inbox.wakeWaiters(started);
    return started;
  }

  /// Starts an operation, and with it those linked behind it where the ring can carry the whole
  /// chain.
  ///
  /// @return how many were started
  private int start(Operation op) {
    if (op.linked != null && fitsRing(op)) {
      return startChain(op);
    }
    int refusal = refusal(op);
    if (refusal != 0) {
      refuse(op, -refusal);
    } else if (isWorkersOwn(op)) {
      lend(op);
    } else if (op.kind.transfers() && op.remaining() == 0) {
      refuse(op, 0);
    } else if (op.kind == CloseKind.INSTANCE && op.arguments != CloseKind.SHUT) {
      startClose(op);
    } else if (op.kind == ReadFileKind.INSTANCE) {
      startFile(op);
    } else if (op.kind instanceof SocketKind) {
      startOnSocket(op);
    } else {
      encode(op, 0);
    }
    return 1;
  }

  private void startOnSocket(Operation op) {
    int ready = onSockets < socketLimit ? op.kind.makeReady(op) : -Errno.ENOBUFS;
    if (ready < 0) {
      refuse(op, ready);
    } else {
      encode(op, 0);
    }
  }

  private boolean isWorkersOwn(Operation op) {
    return op.kind.prefersWorker(op)
        || !probe.supports(op.kind.ringOpcode)
        || (op.kind == ReadFileKind.INSTANCE && !chains.possible());
  }

  /// Reads a file by a chain, when there is a place for one.
  private void startFile(Operation op) {
    if (!chains.hasPlace()) {
      if (chains.running() == 0) {
        // Closes have failed, and all places are lost.
        lend(op);
      } else {
        chains.await(op);
      }
      return;
    }
    int slot = slots.take(op);
    op.carrier = loop;
    op.submitted();
    chains.encode(op, slot);
    unsubmitted[unsubmittedCount++] = slot;
    for (int i = 1; i < FileChains.ENTRIES; i++) {
      tookOwn();
    }
  }

  /// A place for a chain has become free.
  void startWaitingFile() {
    Operation next = chains.pollWaiting();
    if (next != null) {
      inbox.offerRetry(next);
    }
  }

  private void lend(Operation op) {
    op.lender = this;
    lent.incrementAndGet();
    workers.offerAgain(op);
  }

  void refuse(Operation op, int result) {
    op.carrier = loop;
    op.attempted(result);
  }

  /// A worker is done with what it was lent, and will not touch it again.
  void lentBack() {
    lent.decrementAndGet();
    if (inbox.hasOperations()) {
      loop.wake();
    }
  }

  private int refusal(Operation op) {
    if (op.kind == CloseKind.INSTANCE) {
      return 0;
    }
    if (loop.isEnding() && op.kind.waitsForEvent(op)) {
      return Errno.ECANCELED;
    }
    if (op.deadlineNanos != Long.MAX_VALUE && op.deadlineNanos - System.nanoTime() <= 0) {
      // ECANCELED becomes ETIME where the deadline has passed; a timeout takes a raw ETIME for
      // success.
      return Errno.ECANCELED;
    }
    return op.cancelled ? Errno.ECANCELED : 0;
  }

  private boolean fitsRing(Operation first) {
    int count = 0;
    for (Operation op = first; op != null; op = op.linked) {
      boolean mine = op.file == null || op.file.carrier == loop;
      boolean plain =
          op.kind != CloseKind.INSTANCE
              && op.kind != ReadFileKind.INSTANCE
              && !(op.kind instanceof SocketKind)
              && !(op.kind.transfers() && op.remaining() == 0);
      // An attempt at a part succeeds, for the kernel, and starts the link behind it.
      boolean whole = op.linked == null || op.kind.isWhole(op);
      if (!mine || !plain || !whole || isWorkersOwn(op) || refusal(op) != 0) {
        return false;
      }
      count++;
    }
    return count <= slots.free();
  }

  private int startChain(Operation first) {
    int count = 0;
    for (Operation op = first; op != null; op = op.linked) {
      count++;
    }
    Operation[] members = new Operation[count];
    int i = 0;
    for (Operation op = first; op != null; op = op.linked) {
      members[i++] = op;
    }
    LinkedRun run = new LinkedRun(members);
    for (Operation member : members) {
      member.run = run;
      member.loop = loop;
      encode(member, member.linked == null ? 0 : SqeFlags.LINK);
    }
    OperationSlot.loopIsKnown();
    for (Operation member : members) {
      if (member.cancelled) {
        inbox.offerCancel(member);
      }
    }
    return count;
  }

  /// A close goes to the kernel when nobody is inside the file's gate; the last to leave sends it
  /// here again.
  private void startClose(Operation op) {
    FileHandle file = op.handle();
    op.carrier = loop;
    file.gate.close(() -> {
      op.arguments = CloseKind.SHUT;
      loop.again(op);
    });
  }

  private void encode(Operation op, int sqeFlags) {
    int slot = slots.take(op);
    if (op.kind instanceof SocketKind) {
      onSockets++;
    }
    op.carrier = loop;
    op.submitted();
    if (op.kind == CloseKind.INSTANCE) {
      files.remove(op.handle());
      engine.openFiles.remove(op.handle());
    }
    boolean limited = op.deadlineNanos != Long.MAX_VALUE;
    Submission entry = Objects.requireNonNull(ring.next());
    int flags = limited ? sqeFlags | SqeFlags.LINK : sqeFlags;
    try {
      op.kind.encode(op, entry, loop, flags, op.userData);
    } catch (RuntimeException | Error e) {
      // The entry must be something, and must fail, so that what is linked behind it does not run.
      entry.set(Opcode.FSYNC, flags, 0, -1, 0, 0, 0, 0, op.userData, 0, 0);
      op.broke(e);
    }
    unsubmitted[unsubmittedCount++] = slot;
    if (limited) {
      Submission limit = Objects.requireNonNull(ring.next());
      long time = op.deadlineScratch().timespec(0, op.deadlineNanos);
      limit.set(
          Opcode.LINK_TIMEOUT,
          sqeFlags,
          0,
          -1,
          0,
          time,
          1,
          TIMEOUT_ABSOLUTE,
          RingLoop.IGNORED,
          0,
          0);
      tookOwn();
    }
  }

  // ---- Entries ---------------------------------------------------------------------------------

  /// Submissions that there is room for.
  int room() {
    return ring.room();
  }

  /// A submission that belongs to no operation; null where there is no room.
  @Nullable Submission ownEntry() {
    Submission entry = ring.next();
    if (entry != null) {
      tookOwn();
    }
    return entry;
  }

  /// An entry was taken that belongs to no operation.
  void tookOwn() {
    unsubmitted[unsubmittedCount++] = -1;
  }

  /// Books what an enter said that had `before` entries to submit.
  ///
  /// @return false where it was refused for good: the operations that it was to submit have failed,
  ///   and no entry is left
  boolean submitted(int before, int result) {
    if (result >= before) {
      unsubmittedCount = 0;
    } else if (result >= 0) {
      dropSubmitted(result);
    } else if (!isTransient(result)) {
      failUnsubmitted(result);
      return false;
    }
    return true;
  }

  private static boolean isTransient(int result) {
    return switch (-result) {
      case Errno.EINTR, Errno.EAGAIN, Errno.EBUSY -> true;
      default -> false;
    };
  }

  /// The kernel took the first `count` entries, of which some are of ours and not operations'.
  private void dropSubmitted(int count) {
    int taken = Math.min(count, unsubmittedCount);
    System.arraycopy(unsubmitted, taken, unsubmitted, 0, unsubmittedCount - taken);
    unsubmittedCount -= taken;
  }

  private void failUnsubmitted(int result) {
    ring.withdraw();
    int count = unsubmittedCount;
    unsubmittedCount = 0;
    for (int i = 0; i < count; i++) {
      int slot = unsubmitted[i];
      Operation op = slot < 0 ? null : slots.in(slot);
      if (op != null) {
        if (op.kind == ReadFileKind.INSTANCE) {
          chains.free(slot);
        }
        release(op);
        op.attempted(result);
      }
    }
  }
}
