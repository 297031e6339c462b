package io.ringwell.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringwell.sys.Errno;
import io.ringwell.sys.EventFd;
import io.ringwell.sys.FileCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Lets a worker wait for a pipe until it is ready or the engine closes: poll(2) on the pipe and on
/// an eventfd that closing signals. A single operation that waits so is not cancelled before.
final class PipeWait {
  private static final short POLLIN = 1;
  private static final short POLLOUT = 4;

  /// `struct pollfd`: descriptor i32, events i16, what happened i16.
  private static final int POLLFD_BYTES = 8;

  private int eventFd = -1;
  private boolean stopped;

  /// Waits until the file of `op` can be read or written, or has been closed at its other end.
  ///
  /// @return false where the engine closes
  boolean awaitReady(Operation op) {
    int event = eventFd();
    if (event < 0) {
      return false;
    }
    boolean writing = op.kind.code == OpCode.WRITE || op.kind.code == OpCode.WRITEV;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment both = arena.allocate(2L * POLLFD_BYTES, Long.BYTES);
      both.set(JAVA_INT, 0, op.handle().descriptor);
      both.set(JAVA_SHORT, 4, writing ? POLLOUT : POLLIN);
      both.set(JAVA_INT, POLLFD_BYTES, event);
      both.set(JAVA_SHORT, POLLFD_BYTES + 4L, POLLIN);
      int result;
      do {
        result = FileCalls.poll(both.address(), 2, -1);
      } while (result == -Errno.EINTR);
      return both.get(JAVA_SHORT, POLLFD_BYTES + 6L) == 0;
    }
  }

  private synchronized int eventFd() {
    if (eventFd < 0 && !stopped) {
      eventFd = EventFd.open();
    }
    return stopped ? -1 : eventFd;
  }

  /// Ends every wait, now and from now on.
  synchronized void stop() {
    stopped = true;
    if (eventFd >= 0) {
      EventFd.signal(eventFd);
    }
  }

  /// When no worker waits any more.
  synchronized void close() {
    if (eventFd >= 0) {
      int result = FileCalls.close(eventFd);
      assert result == 0 : "close of an eventfd answered " + result;
      eventFd = -1;
    }
  }
}
