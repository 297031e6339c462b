package io.ringwell.engine;

import io.ringwell.sys.EventFd;
import io.ringwell.sys.FileCalls;
import io.ringwell.uring.Ring;
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
/// | sets `sleeping` | puts its operation into the queue |
/// | looks into the queue again | looks at `sleeping`, and clears it |
/// | enters the kernel, a read of an eventfd among its operations | writes the eventfd if it cleared it |
///
/// Both sides' accesses are volatile, so at least one sees the other's.
final class RingSleep {
  private static final VarHandle SLEEPING;

  static {
    try {
      SLEEPING = MethodHandles.lookup().findVarHandle(RingSleep.class, "sleeping", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Ring ring;
  private final int wakeFd;
  private final LongAdder wakeups;
  private final MemorySegment wakeCount = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);

  /// Who writes the eventfd is inside, so that its number is nobody else's by then.
  private final Gate signalling = new Gate();

  private volatile boolean sleeping;

  /// Whether a read of the eventfd is in flight. The ring's thread's alone.
  private boolean armed;

  /// @param wakeups counts the eventfd's writes
  RingSleep(Ring ring, LongAdder wakeups) throws RingUnavailableException {
    this.ring = ring;
    this.wakeups = wakeups;
    wakeFd = EventFd.open();
    if (wakeFd < 0) {
      throw RingUnavailableException.of("eventfd", -wakeFd);
    }
  }

  // ---- From any thread -------------------------------------------------------------------------

  /// Ends a sleep that is there or about to begin.
  void wake() {
    if (sleeping && SLEEPING.compareAndSet(this, true, false) && signalling.enter()) {
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
  void start() {
    sleeping = true;
  }

  /// Sleeps until something has completed.
  ///
  /// @return as [Ring#enter]
  int enter() {
    return ring.enter(1);
  }

  void end() {
    sleeping = false;
  }

  /// Closes the eventfd when nobody writes it any more.
  void close() {
    signalling.close(() -> FileCalls.close(wakeFd));
  }
}
