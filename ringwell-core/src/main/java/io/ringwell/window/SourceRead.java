package io.ringwell.window;

import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One read of a [WindowSource] that is in flight.
///
/// | state | left by |
/// |---|---|
/// | PENDING | the source, or a reader that closes |
/// | DONE | never: the reader takes the result |
/// | ORPHANED | never: nobody waits any more; the source's completion gives the memory back |
final class SourceRead implements WindowSource.Completion {
  private static final int PENDING = 0;
  private static final int DONE = 1;
  private static final int ORPHANED = 2;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(SourceRead.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Arrivals arrivals;
  private final Slot slot;
  private final IoBuffer buffer;
  private final String name;
  private final long length;

  @SuppressWarnings("UnusedVariable") // through STATE
  private volatile int state;

  private boolean told;
  private long bytes;
  private @Nullable IOException failure;

  /// Lends the slot's buffer.
  SourceRead(Arrivals arrivals, Slot slot, String name) {
    this.arrivals = arrivals;
    this.slot = slot;
    this.name = name;
    this.length = slot.planned - slot.start;
    this.buffer = Objects.requireNonNull(slot.buffer);
    buffer.lend();
  }

  @Override
  public void complete(long count) {
    if (count < 0 || count > length) {
      fail(
          new IOException(
              name + " says that it read " + count + " bytes where " + length + " were asked for"));
      return;
    }
    requireFirst();
    bytes = count;
    end();
  }

  @Override
  public void fail(IOException cause) {
    Objects.requireNonNull(cause, "cause");
    requireFirst();
    failure = cause;
    end();
  }

  /// The source threw this. Where it has told the end of the read before, that stands, and this is
  /// for the thread's handler of what nobody caught: no reader waits for it any more.
  void threw(IOException cause) {
    if (tell()) {
      failure = cause;
      end();
      return;
    }
    Thread here = Thread.currentThread();
    here.getUncaughtExceptionHandler().uncaughtException(here, cause);
  }

  private void requireFirst() {
    if (!tell()) {
      throw new IllegalStateException("a read of " + name + " was completed twice");
    }
  }

  /// Whether nobody has told the end before.
  private synchronized boolean tell() {
    boolean first = !told;
    told = true;
    return first;
  }

  private void end() {
    buffer.giveBack();
    if (STATE.compareAndSet(this, PENDING, DONE)) {
      arrivals.deliver(slot);
    } else {
      buffer.close();
    }
  }

  /// Nobody waits any more, and the buffer is this read's to close; false where it has completed
  /// meanwhile. The source may go on to use the buffer.
  boolean orphan() {
    return STATE.compareAndSet(this, PENDING, ORPHANED);
  }

  /// What a delivered read answered.
  long result() throws IOException {
    if (failure != null) {
      throw failure;
    }
    return bytes;
  }
}
