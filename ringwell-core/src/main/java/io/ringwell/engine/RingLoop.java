package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.uring.Probe;
import io.ringwell.uring.Ring;
import io.ringwell.uring.RingFeature;
import io.ringwell.uring.RingOptions;
import io.ringwell.uring.RingUnavailableException;
import java.io.InterruptedIOException;
import java.nio.channels.SelectableChannel;
import java.util.Set;
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

  /// An operation has a completion, and one more where it has a deadline, or two more where it is a
  /// chain that reads a file.
  private static final int MOST_COMPLETIONS = 3;

  /// `IORING_CQE_F_MORE` and `IORING_CQE_F_NOTIF`.
  private static final int COMPLETION_GOES_ON = 1 << 1;

  private static final int COMPLETION_NOTIFIES = 1 << 3;

  /// `IORING_CQE_F_SOCK_NONEMPTY`: there was more than the receive took.
  private static final int SOCKET_HAS_MORE = 1 << 2;

  /// No result of an operation.
  private static final int GOES_ON = FileChains.GOES_ON;

  private final UringEngine engine;
  private final Ring ring;
  private final Probe probe;
  private final RegisteredFiles files;
  private final RegisteredMemory memory;
  private final Inbox inbox;
  private final SlotTable slots;
  private final RingCancels cancels;
  private final UnconfirmedSends sends;
  private final FileChains chains;
  private final RingSubmitter submitter;
  private final Thread thread;
  private final int spins;
  private final RingSleep sleep;

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
    this.thread = Thread.currentThread();
    this.spins = options.spins();
    int entries =
        Math.max(
            128,
            Integer.highestOneBit(RingSubmitter.ENTRIES_PER_OPERATION * options.batch() * 2 - 1));
    int completions =
        Math.max(
            2 * entries,
            Integer.highestOneBit(
                (MOST_COMPLETIONS * options.inFlight() + 2 * options.socketOperations()) * 2 - 1));
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
    slots = new SlotTable(options.inFlight() + options.socketOperations());
    chains = new FileChains(ring, probe, files, slots);
    submitter = new RingSubmitter(engine, this, ring, probe, files, workers, inbox, slots, chains);
    sends = new UnconfirmedSends(submitter, slots);
    cancels = new RingCancels(submitter, slots, inbox, sends);
  }

  // ---- From any thread -------------------------------------------------------------------------

  boolean offer(Operation op) {
    return isMine() ? inbox.offerOwn(op) : inbox.offer(op);
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
      sends.drain();
      int started = submitter.drain();
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
    return inbox.hasCancels() || (submitter.hasRoom() && inbox.hasOperations());
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
      submitter.tookOwn();
    }
    sleep.start();
    if (!hasWork() && !stopped && !(ending && !endlessCancelled)) {
      int before = ring.unsubmitted();
      entered(before, sleep.enter());
    }
    sleep.end();
  }

  private void enter(int minComplete) {
    int before = ring.unsubmitted();
    entered(before, ring.enter(minComplete));
  }

  private void entered(int before, int result) {
    counters.entered(result);
    if (!submitter.submitted(before, result)) {
      sleep.disarmed();
      sends.withdrawn();
    }
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
      if (userData == UnconfirmedSends.LOOK) {
        sends.look();
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
        submitter.startWaitingFile();
      }
      if (op.kind == ReceiveKind.INSTANCE) {
        op.handle().hasMore = (ring.completionFlags() & SOCKET_HAS_MORE) != 0;
      } else if (op.kind instanceof SendKind) {
        result = sent(op, result);
        if (result == GOES_ON) {
          continue;
        }
      }
      submitter.release(op);
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

  /// A send without a copy has two completions: the result, and that its memory is free.
  ///
  /// @return the result, or [#GOES_ON] where the second is to come
  private int sent(Operation op, int result) {
    int flags = ring.completionFlags();
    if ((flags & COMPLETION_NOTIFIES) != 0) {
      return sends.confirmed(op);
    }
    if ((flags & COMPLETION_GOES_ON) == 0) {
      return result;
    }
    sends.taken(op, result);
    return GOES_ON;
  }

  @Override
  public FileHandle adoptSocket(Operation op, int descriptor, @Nullable SelectableChannel channel) {
    return engine.adoptSocket(this, op, descriptor, channel);
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
    // kernel's until then. What fails meanwhile must not end that; the bound is for what fails
    // again and again.
    boolean goesOn = true;
    boolean cancelled = false;
    int failures = 0;
    while (goesOn && inFlight() > 0 && failures <= slots.size()) {
      try {
        if (!cancelled) {
          cancels.cancelEndless();
          cancelled = true;
        }
        goesOn = drainInFlight();
      } catch (RuntimeException | Error e) {
        failures++;
      }
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

  /// Cancels what may never end, and waits for something to end.
  ///
  /// @return false where the ring cannot be waited for
  private boolean drainInFlight() {
    cancels.drain();
    int before = ring.unsubmitted();
    int result = ring.enter(1);
    entered(before, result);
    if (result < 0 && result != -Errno.EINTR && result != -Errno.EBUSY) {
      return false;
    }
    reap();
    announcements.flush();
    return true;
  }

  /// The ring's thread is gone: whatever is queued fails. After a regular end there is nothing.
  private synchronized void failQueued() {
    Operation op = inbox.poll();
    while (op != null) {
      op.cause = failure;
      submitter.refuse(op, -Errno.EIO);
      op = inbox.poll();
    }
    announcements.flush();
    // Whoever waits for room has it, and finds out.
    inbox.wakeAllWaiters();
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
    return submitter.lent();
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

  boolean has(RingFeature feature) {
    return ring.has(feature);
  }

  Set<RingFeature> features() {
    return ring.features();
  }
}
