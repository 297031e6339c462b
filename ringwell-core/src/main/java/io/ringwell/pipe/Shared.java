package io.ringwell.pipe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A number that one thread writes and the other reads, on a cache line of its own.
final class Shared extends Padding {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(Shared.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("UnusedVariable") // through VALUE
  private long value;

  /// Sees what was written before [#publish] of what is seen.
  long get() {
    return (long) VALUE.getAcquire(this);
  }

  void publish(long now) {
    VALUE.setRelease(this, now);
  }

  boolean change(long from, long to) {
    return VALUE.compareAndSet(this, from, to);
  }
}
