package io.ringwell.engine;

import io.ringwell.sys.EventFd;
import io.ringwell.sys.FileCalls;
import io.ringwell.uring.Ring;
import io.ringwell.uring.RingFeature;
import io.ringwell.uring.RingUnavailableException;
import io.ringwell.uring.Submission;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;

/// How one ring's thread sleeps in the kernel until a completion arrives or a submitter wakes it.
///
/// | the ring's thread | a submitter |
/// |---|---|
/// | sets the state to ASLEEP | puts its operation into the queue |
/// | looks into the queue again | looks at the state, and sets it to AWAKE |
/// | enters the kernel, a read of an eventfd among its operations | writes the eventfd if it was ASLEEP |
///
/// Both sides' accesses are volatile, so at least one sees the other's.
///
/// Where completions have lately come close together, the thread only DOZES: it wakes by itself
/// after a few of their distances, and submitters of what is not urgent leave it alone. That saves
/// both sides a system call and a wake-up for each batch.
final class RingSleep {
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(RingSleep.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int AWAKE = 0;
  private static final int DOZING = 1;
  private static final int ASLEEP = 2;

  /// How long a doze lasts at most: what a submission may wait for it, about a wake-up's own time.
  private static final long DOZE_NANOS = 50_000;

  /// With less in flight, completions are no clock.
  private static final int FEWEST_TO_DOZE = 4;

  /// The weight of one sleep in the average is one eighth.
  private static final int WEIGHT_SHIFT = 3;

  private final Ring ring;
  private final int wakeFd;
  private final boolean mayDoze;
  private final LongAdder wakeups;
  private final MemorySegment wakeCount = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);

  /// Who writes the eventfd is inside, so that its number is nobody else's by then.
  private final Gate signalling = new Gate();

  private volatile int state = AWAKE;

  // The ring's thread's alone.
  private boolean armed;

  /// Moving average of how long a sleep lasts, each taken as twice a doze at most.
  private long averageNanos = 2 * DOZE_NANOS;

  /// @param wakeups counts the eventfd's writes
  RingSleep(Ring ring, LongAdder wakeups) throws RingUnavailableException {
    this.ring = ring;
    this.wakeups = wakeups;
    mayDoze = ring.has(RingFeature.EXT_ARG);
    wakeFd = EventFd.open();
    if (wakeFd < 0) {
      throw RingUnavailableException.of("eventfd", -wakeFd);
    }
  }

  // ---- From any thread -------------------------------------------------------------------------

  /// Ends a sleep, and a doze too.
  void wake() {
    if (state != AWAKE && (int) STATE.getAndSet(this, AWAKE) != AWAKE) {
      signal();
    }
  }

  /// Ends a sleep; a doze ends by itself.
  void wakeUnlessDozing() {
    if (state == ASLEEP && STATE.compareAndSet(this, ASLEEP, AWAKE)) {
      signal();
    }
  }

  private void signal() {
    if (signalling.enter()) {
      try {
        wakeups.increment();
        EventFd.signal(wakeFd);
      } finally {
        signalling.exit();
      }
    }
  }

  // ---- The ring's thread -----------------------------------------------------------------------

  /// Takes an entry for the read of the eventfd, where none is in flight.
  ///
  /// @return whether an entry was taken
  boolean arm(long userData) {
    Submission entry = armed ? null : ring.next();
    if (entry == null) {
      return false;
    }
    entry.read(wakeFd, wakeCount.address(), Long.BYTES, 0, userData);
    armed = true;
    return true;
  }

  /// The read of the eventfd has ended, or was taken back.
  void disarmed() {
    armed = false;
  }

  /// From here on submitters wake: who calls this looks for work again before [#enter].
  void start(int inFlight) {
    boolean doze = mayDoze && averageNanos < DOZE_NANOS && inFlight >= FEWEST_TO_DOZE;
    state = doze ? DOZING : ASLEEP;
  }

  /// Sleeps.
  ///
  /// @return as [Ring#enter(int, long)]
  int enter() {
    long start = System.nanoTime();
    int result = state == DOZING ? ring.enter(1, DOZE_NANOS) : ring.enter(1);
    if (state != AWAKE) {
      // Nobody ended it: this was the time to the next completion.
      long slept = Math.min(System.nanoTime() - start, 2 * DOZE_NANOS);
      averageNanos += (slept - averageNanos) >> WEIGHT_SHIFT;
    }
    return result;
  }

  void end() {
    state = AWAKE;
  }

  /// Closes the eventfd when nobody writes it any more.
  void close() {
    signalling.close(() -> FileCalls.close(wakeFd));
  }
}
