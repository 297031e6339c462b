package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Probe;
import io.ringwell.uring.Ring;
import io.ringwell.uring.RingFeature;
import io.ringwell.uring.RingOptions;
import io.ringwell.uring.RingUnavailableException;
import io.ringwell.uring.SqeFlags;
import io.ringwell.uring.Submission;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One ring and the one thread that touches it.
///
/// Each turn drains the queues up to a batch, submits it with one enter, reaps all that has
/// completed and completes it. With nothing to do the thread sleeps in the kernel ([RingSleep])
/// until a completion arrives or a submitter wakes it.
final class RingLoop implements Carrier, Runnable {
  /// User data of submissions whose completion means nothing: deadlines, pauses.
  static final long IGNORED = 0;

  /// User data of the read of the eventfd.
  private static final long WAKE_UP = -1;

  /// An operation takes a submission, and one more where it has a deadline.
  private static final int ENTRIES_PER_OPERATION = 2;

  /// An operation has a completion, and one more where it has a deadline, or two more where it is a
  /// chain that reads a file.
  private static final int MOST_COMPLETIONS = 3;

  /// A device got 5 to 15 % less done with batches of 8 and more, and cost more with 1 and 2.
  private static final int PIPELINED_BATCH = 4;

  /// Fewer in one enter cost more in system calls than taking turns does.
  private static final int SMALLEST_BATCH = 8;

  /// `IORING_TIMEOUT_ABS`, on CLOCK_MONOTONIC, which System.nanoTime reads on Linux.
  private static final int TIMEOUT_ABSOLUTE = 1;

  private final UringEngine engine;
  private final Ring ring;
  private final Probe probe;
  private final RegisteredFiles files;
  private final RegisteredMemory memory;
  private final Workers workers;
  private final Inbox inbox;
  private final SlotTable slots;
  private final RingCancels cancels;
  private final FileChains chains;
  private final AtomicInteger lent = new AtomicInteger();
  private final Thread thread;
  private final int batch;
  private final int spins;
  private final int limit;
  private final RingSleep sleep;

  // Slots of the entries that the kernel has not consumed, in order; -1 for entries of our own.
  private final int[] unsubmitted;
  private int unsubmittedCount;

  private volatile boolean ending;
  private volatile boolean stopped;
  private volatile boolean dead;
  private volatile @Nullable Throwable failure;
  private boolean endlessCancelled;

  private final RingCounters counters = new RingCounters();
  private final Announcements announcements = new Announcements();

  /// Opens the ring on the calling thread, which is to run it.
  RingLoop(UringEngine engine, Workers workers) throws RingUnavailableException {
    EngineOptions options = engine.options;
    this.engine = engine;
    this.workers = workers;
    this.thread = Thread.currentThread();
    this.batch = options.batch();
    this.spins = options.spins();
    this.limit = options.inFlight();
    int entries =
        Math.max(128, Integer.highestOneBit(ENTRIES_PER_OPERATION * options.batch() * 2 - 1));
    int completions =
        Math.max(2 * entries, Integer.highestOneBit(MOST_COMPLETIONS * limit * 2 - 1));
    ring =
        Ring.open(
            new RingOptions(
                Math.min(entries, 16384),
                Math.min(completions, 65536),
                options.features(),
                options.pollThread(),
                1));
    try {
      probe = ring.probe();
      sleep = new RingSleep(ring, engine.counters.wakeups);
    } catch (RingUnavailableException e) {
      ring.close();
      throw e;
    }
    files = new RegisteredFiles(ring);
    memory = new RegisteredMemory(ring, engine.pool, options.registerMemory());
    inbox = new Inbox(options.queueCapacity());
    slots = new SlotTable(limit);
    cancels = new RingCancels(this, slots, inbox);
    chains = new FileChains(ring, probe, files, slots);
    unsubmitted = new int[ring.submissionEntries()];
  }

  // ---- From any thread -------------------------------------------------------------------------

  boolean offer(Operation op) {
    return inbox.offer(op);
  }

  int offer(Operation[] ops, int from, int to) {
    return inbox.offer(ops, from, to);
  }

  void offerParking(Operation op) throws InterruptedIOException {
    inbox.offerParking(op, this);
  }

  /// To be called after an offer.
  void wake() {
    checkAlive();
    sleep.wake();
  }

  boolean isMine() {
    return Thread.currentThread() == thread;
  }

  void again(Operation op) {
    if (isMine()) {
      inbox.offerRetry(op);
    } else {
      inbox.offerReturned(op);
      wake();
    }
  }

  void cancel(Operation op) {
    inbox.offerCancel(op);
    wake();
  }

  /// The engine is closing: what might never complete is cancelled, whatever waits for room leaves.
  void startEnding() {
    ending = true;
    inbox.wakeAllWaiters();
    wake();
  }

  /// Nothing is in flight any more: the thread ends.
  void stop() {
    stopped = true;
    wake();
  }

  boolean isEnding() {
    return ending;
  }

  // ---- The ring's thread -----------------------------------------------------------------------

  @Override
  public void run() {
    try {
      turn();
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      tearDown();
    }
  }

  private void turn() {
    boolean worked = true;
    while (!stopped) {
      memory.registerNew();
      if (ending && !endlessCancelled) {
        endlessCancelled = true;
        cancels.cancelEndless();
      }
      cancels.drain();
      int started = drain();
      if (started > 0 || ring.unsubmitted() > 0 || chainsGoOn()) {
        enter(0);
      } else if (inFlight() > 0 || !(worked && spin())) {
        // With something in the kernel, waiting there is what lets it complete.
        sleep();
      }
      worked = reap() > 0 || started > 0;
      announcements.flush();
    }
  }

  /// Whether links of chains are due, each of which the kernel starts in an enter: then there is
  /// nothing to sleep for, or to be woken from.
  private boolean chainsGoOn() {
    return chains.running() > 0 && ring.completionsDue();
  }

  /// Whether there is something that can be started now.
  private boolean hasWork() {
    return inbox.hasCancels() || (hasRoom() && inbox.hasOperations());
  }

  private boolean hasRoom() {
    return slots.free() > 0 && inFlight() + lent.get() + chains.waiting() < limit;
  }

  int inFlight() {
    return slots.used();
  }

  /// Looks a few times more before sleeping, since whoever was just answered often asks again: once
  /// after each batch of completions, for a few microseconds.
  private boolean spin() {
    for (int i = 0; i < spins; i++) {
      if (hasWork() || stopped) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  private void sleep() {
    if (sleep.arm(WAKE_UP)) {
      unsubmitted[unsubmittedCount++] = -1;
    }
    sleep.start();
    if (!hasWork() && !stopped && !(ending && !endlessCancelled)) {
      int before = ring.unsubmitted();
      submitted(before, sleep.enter());
    }
    sleep.end();
  }

  private void enter(int minComplete) {
    int before = ring.unsubmitted();
    submitted(before, ring.enter(minComplete));
  }

  /// Books what an enter said that had `before` entries to submit.
  private void submitted(int before, int result) {
    counters.entered(result);
    if (result >= before) {
      unsubmittedCount = 0;
    } else if (result >= 0) {
      dropSubmitted(result);
    } else if (!isTransient(result)) {
      failUnsubmitted(result);
    }
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

  /// An enter was refused for good: the operations that it was to submit fail, and no others.
  private void failUnsubmitted(int result) {
    ring.withdraw();
    sleep.disarmed();
    int count = unsubmittedCount;
    unsubmittedCount = 0;
    for (int i = 0; i < count; i++) {
      int slot = unsubmitted[i];
      Operation op = slot < 0 ? null : slots.in(slot);
      if (op != null) {
        if (op.kind == ReadFileKind.INSTANCE) {
          chains.free(slot);
        }
        slots.release(op);
        op.attempted(result);
      }
    }
  }

  // ---- Starting --------------------------------------------------------------------------------

  /// Where nothing stays in flight, takes half of what waits, so that its submitter, once answered,
  /// asks again while the other half is worked off: with all of it in one batch, ring and submitter
  /// would take turns. Where a device is at work, takes a few, which it begins with while the next
  /// are prepared. Chains are mostly names and pages that lie in memory: all that there is room
  /// for.
  private int drain() {
    int most;
    if (chains.running() > 0) {
      most = batch;
    } else if (inFlight() > 0) {
      most = Math.min(PIPELINED_BATCH, batch);
    } else {
      most = Math.clamp((inbox.waiting() + 1) / 2, Math.min(SMALLEST_BATCH, batch), batch);
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
    } else {
      encode(op, 0);
    }
    return 1;
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
    op.carrier = this;
    op.submitted();
    chains.encode(op, slot);
    unsubmitted[unsubmittedCount++] = slot;
    for (int i = 1; i < FileChains.ENTRIES; i++) {
      unsubmitted[unsubmittedCount++] = -1;
    }
  }

  /// A place for a chain has become free.
  private void startWaitingFile() {
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

  private void refuse(Operation op, int result) {
    op.carrier = this;
    op.attempted(result);
  }

  /// A worker is done with what it was lent, and will not touch it again.
  void lentBack() {
    lent.decrementAndGet();
    if (inbox.hasOperations()) {
      wake();
    }
  }

  private int refusal(Operation op) {
    if (op.kind == CloseKind.INSTANCE) {
      return 0;
    }
    if (ending && op.kind.waitsForEvent(op)) {
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
      boolean mine = op.file == null || op.file.carrier == this;
      boolean plain =
          op.kind != CloseKind.INSTANCE
              && op.kind != ReadFileKind.INSTANCE
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
      member.loop = this;
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
    op.carrier = this;
    file.gate.close(() -> {
      op.arguments = CloseKind.SHUT;
      again(op);
    });
  }

  private void encode(Operation op, int sqeFlags) {
    int slot = slots.take(op);
    op.carrier = this;
    op.submitted();
    if (op.kind == CloseKind.INSTANCE) {
      files.remove(op.handle());
      engine.openFiles.remove(op.handle());
    }
    boolean limited = op.deadlineNanos != Long.MAX_VALUE;
    Submission entry = Objects.requireNonNull(ring.next());
    int flags = limited ? sqeFlags | SqeFlags.LINK : sqeFlags;
    try {
      op.kind.encode(op, entry, this, flags, op.userData);
    } catch (RuntimeException | Error e) {
      // The entry must be something, and must fail, so that what is linked behind it does not run.
      entry.set(Opcode.FSYNC, flags, 0, -1, 0, 0, 0, 0, op.userData, 0, 0);
      op.broke(e);
    }
    unsubmitted[unsubmittedCount++] = slot;
    if (limited) {
      Submission limit = Objects.requireNonNull(ring.next());
      long time = op.deadlineScratch().timespec(0, op.deadlineNanos);
      limit.set(Opcode.LINK_TIMEOUT, sqeFlags, 0, -1, 0, time, 1, TIMEOUT_ABSOLUTE, IGNORED, 0, 0);
      unsubmitted[unsubmittedCount++] = -1;
    }
  }

  // ---- Entries of the loop's own ---------------------------------------------------------------

  /// Submissions that there is room for.
  int room() {
    return ring.room();
  }

  /// A submission that belongs to no operation; null where there is no room.
  @Nullable Submission ownEntry() {
    Submission entry = ring.next();
    if (entry != null) {
      unsubmitted[unsubmittedCount++] = -1;
    }
    return entry;
  }

  // ---- Completing ------------------------------------------------------------------------------

  private int reap() {
    int reaped = 0;
    while (ring.advance()) {
      long userData = ring.userData();
      int result = ring.result();
      reaped++;
      if (userData == IGNORED) {
        continue;
      }
      if (userData == WAKE_UP) {
        sleep.disarmed();
        continue;
      }
      if (userData < 0) {
        cancels.ended(userData & ~RingCancels.CANCEL, result);
        continue;
      }
      Operation op = slots.at(userData);
      if (op.kind == ReadFileKind.INSTANCE) {
        result = chains.completed(op, userData, result);
        if (result == FileChains.GOES_ON) {
          continue;
        }
        startWaitingFile();
      }
      slots.release(op);
      LinkedRun run = op.run;
      if (run != null) {
        run.linkCompleted();
      }
      op.attempted(result);
      if (run != null) {
        cancels.linkCompleted(run);
      }
    }
    return reaped;
  }

  @Override
  public void finish(Operation op) {
    if (!isMine()) {
      engine.countAndFinish(op);
      return;
    }
    counters.finished(op);
    op.finish(engine.options.callbacks(), announcements);
  }

  @Override
  public void run(Operation op) {
    throw new IllegalStateException("a ring's thread makes no blocking calls: " + op);
  }

  @Override
  public FileHandle adopt(Operation op, int descriptor) {
    FileFacts facts = FileFacts.of(descriptor, op.arguments);
    FileHandle file =
        new FileHandle(engine, this, op.firstPath(), op.arguments, facts, descriptor, null);
    engine.openFiles.add(file);
    // An engine wrapped around this one may tell of the open from a thread of its own; such a file
    // works without a place in the table, which is the ring's thread's alone.
    if (isMine()) {
      files.add(file);
    }
    return file;
  }

  /// Index of the registered memory that holds all of a range, or -1.
  int fixedBuffer(long address, int length) {
    return memory.indexOf(address, length);
  }

  private void tearDown() {
    // After a failure of this thread, what is in flight is drained all the same: its memory is the
    // kernel's until then.
    while (inFlight() > 0) {
      int result = ring.enter(1);
      if (result < 0 && result != -Errno.EINTR && result != -Errno.EBUSY) {
        break;
      }
      reap();
      announcements.flush();
    }
    memory.close();
    ring.close();
    for (Operation op = chains.pollWaiting(); op != null; op = chains.pollWaiting()) {
      inbox.offerRetry(op);
    }
    dead = true;
    failQueued();
    sleep.close();
  }

  /// The ring's thread is gone: whatever is queued fails. After a regular end there is nothing.
  private synchronized void failQueued() {
    Operation op = inbox.poll();
    while (op != null) {
      op.cause = failure;
      refuse(op, -Errno.EIO);
      op = inbox.poll();
    }
    announcements.flush();
  }

  /// Called after an offer: one that came too late for a thread that died is failed here.
  private void checkAlive() {
    if (dead) {
      failQueued();
    }
  }

  // ---- Statistics, from any thread -------------------------------------------------------------

  RingCounters counters() {
    return counters;
  }

  int lent() {
    return lent.get();
  }

  int waiting() {
    return inbox.waiting();
  }

  boolean supports(Kind kind) {
    return probe.supports(kind.ringOpcode);
  }

  RegisteredFiles files() {
    return files;
  }

  RegisteredMemory memory() {
    return memory;
  }

  Set<RingFeature> features() {
    return ring.features();
  }
}
