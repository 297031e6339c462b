package io.ringwell.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringwell.sys.Errno;
import io.ringwell.sys.EventFd;
import io.ringwell.sys.FileCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;

/// Lets workers wait for pipes until they are ready, or the operation is cancelled, its deadline
/// has come or the engine closes: poll(2) on the pipe and on an eventfd of that wait's own.
final class PipeWait {
  private static final short POLLIN = 1;
  private static final short POLLOUT = 4;

  /// `struct pollfd`: descriptor i32, events i16, what happened i16.
  private static final int POLLFD_BYTES = 8;

  private static final long NANOS_PER_MILLI = 1_000_000L;

  /// Who waits, by the eventfd that ends the wait. Descriptors are closed under the same lock, so
  /// that a signal never goes to somebody else's.
  private final IdentityHashMap<Operation, Integer> waiting = new IdentityHashMap<>();

  private boolean stopped;

  /// Waits until the file of `op` can be read or written, or has been closed at its other end.
  ///
  /// @return false where the operation is to end instead
  boolean awaitReady(Operation op) {
    int event = start(op);
    if (event < 0) {
      return false;
    }
    try {
      return poll(op, event);
    } finally {
      end(op, event);
    }
  }

  private synchronized int start(Operation op) {
    if (stopped || op.cancelled) {
      return -1;
    }
    int event = EventFd.open();
    if (event >= 0) {
      waiting.put(op, event);
    }
    return event;
  }

  private synchronized void end(Operation op, int event) {
    waiting.remove(op);
    int result = FileCalls.close(event);
    assert result == 0 : "close of an eventfd answered " + result;
  }

  private static boolean poll(Operation op, int event) {
    boolean writing = op.kind.code == OpCode.WRITE || op.kind.code == OpCode.WRITEV;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment both = arena.allocate(2L * POLLFD_BYTES, Long.BYTES);
      both.set(JAVA_INT, 0, op.handle().descriptor);
      both.set(JAVA_SHORT, 4, writing ? POLLOUT : POLLIN);
      both.set(JAVA_INT, POLLFD_BYTES, event);
      both.set(JAVA_SHORT, POLLFD_BYTES + 4L, POLLIN);
      int ready;
      do {
        ready = FileCalls.poll(both.address(), 2, millisLeft(op));
      } while (ready == -Errno.EINTR);
      return ready != 0 && both.get(JAVA_SHORT, POLLFD_BYTES + 6L) == 0;
    }
  }

  /// Rounded up, so that the deadline has passed when poll(2) gives up; -1 waits without end.
  private static int millisLeft(Operation op) {
    if (op.deadlineNanos == Long.MAX_VALUE) {
      return -1;
    }
    long left = Math.max(0, op.deadlineNanos - System.nanoTime());
    return (int) Math.min(left / NANOS_PER_MILLI + 1, Integer.MAX_VALUE);
  }

  /// Ends the wait of `op`, which has been marked as cancelled.
  synchronized void cancel(Operation op) {
    Integer event = waiting.get(op);
    if (event != null) {
      EventFd.signal(event);
    }
  }

  /// Ends every wait, now and from now on.
  synchronized void stop() {
    stopped = true;
    for (int event : waiting.values()) {
      EventFd.signal(event);
    }
  }
}
