package io.ringwell.window;

import io.ringwell.engine.Engine;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Many readers, waited for together.
///
/// ```java
/// for (ManagedReader reader : readers) {
///   set.add(reader);
///   if (reader.seek(0) != Readiness.NOT_READY) { … }
/// }
/// while (set.await(ready, 1, Duration.ofSeconds(1)) > 0) {
///   for (ManagedReader reader : ready) { reader.seek(…) … }
///   ready.clear();
/// }
/// ```
///
/// A reader whose seek answered NOT_READY is reported once, when the same seek will answer
/// otherwise: READY, END, or the error. Asking makes no system call; reads of all members share
/// theirs, as the engine batches them.
///
/// **Threads.** One at a time, for the set and its members together.
public final class ReaderSet implements AutoCloseable {
  private final Engine engine;
  private final Arrivals arrivals;
  private final Set<ManagedReader> members = new HashSet<>();
  private final ArrayDeque<ManagedReader> ready = new ArrayDeque<>();
  private int waiting;

  private ReaderSet(Engine engine) {
    this.engine = engine;
    this.arrivals = new Arrivals(engine);
  }

  /// An empty set for readers of files on `engine`, and of sources.
  public static ReaderSet of(Engine engine) {
    return new ReaderSet(engine);
  }

  /// Adds a reader. Parks where reads of it are in flight, until they have arrived.
  ///
  /// @throws IllegalStateException where it is in a set
  /// @throws IllegalArgumentException where it reads a file by another engine
  public void add(ManagedReader reader) throws InterruptedIOException {
    reader.requireUsable();
    if (reader.seeker().asked().set() != null) {
      throw new IllegalStateException("the reader is in a set: " + reader.name());
    }
    if (!reader.canUse(engine)) {
      throw new IllegalArgumentException("the reader is of another engine: " + reader.name());
    }
    reader.seeker().join(this, arrivals, members.size() + 1);
    members.add(reader);
  }

  /// Takes a reader out. Parks where reads of it are in flight, until they have arrived.
  ///
  /// @throws IllegalArgumentException where it is not in this set
  public void remove(ManagedReader reader) throws InterruptedIOException {
    if (!isMember(reader)) {
      throw new IllegalArgumentException("the reader is not in this set: " + reader.name());
    }
    reader.seeker().join(null, new Arrivals(engine), 1);
    left(reader);
  }

  @SuppressWarnings("ReferenceEquality") // Sets have identity.
  private boolean isMember(ManagedReader reader) {
    return reader.seeker().asked().set() == this;
  }

  void left(ManagedReader reader) {
    members.remove(reader);
    ready.remove(reader);
  }

  /// Readers in the set.
  public int size() {
    return members.size();
  }

  /// Readers whose last seek answered NOT_READY, and still would.
  public int waiting() {
    return waiting;
  }

  void waits(int change) {
    waiting += change;
  }

  void ready(ManagedReader reader) {
    ready.add(reader);
  }

  /// Adds readers that have become ready to `out`, each once. Never blocks, makes no system call.
  ///
  /// @return how many
  public int poll(Collection<? super ManagedReader> out) {
    for (Slot slot = arrivals.poll(); slot != null; slot = arrivals.poll()) {
      slot.seeker.arrived(slot);
    }
    int count = 0;
    for (ManagedReader next = ready.poll(); next != null; next = ready.poll()) {
      if (next.seeker().asked().takeReport()) {
        out.add(next);
        count++;
      }
    }
    return count;
  }

  /// As [#poll], parking until `min` readers are ready, the time is over, or nobody waits for
  /// anything any more.
  ///
  /// @return how many were added, which may be fewer than `min`, or 0
  /// @throws InterruptedIOException where the thread is interrupted; what was added until then is
  ///   in `out`
  public int await(Collection<? super ManagedReader> out, int min, Duration timeout)
      throws InterruptedIOException {
    // Saturates: for ever is a duration, too.
    long nanos = TimeUnit.NANOSECONDS.convert(Objects.requireNonNull(timeout, "timeout"));
    long deadline = nanos == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + nanos;
    int count = poll(out);
    try {
      while (count < min && waiting > 0) {
        Slot slot = arrivals.take(deadline);
        if (slot == null) {
          return count;
        }
        slot.seeker.arrived(slot);
        count += poll(out);
      }
      return count;
    } finally {
      arrivals.endTimer();
    }
  }

  /// Takes all readers out, which stay open. Parks until reads in flight have arrived.
  @Override
  public void close() {
    boolean interrupted = false;
    while (!members.isEmpty()) {
      ManagedReader next = members.iterator().next();
      try {
        remove(next);
      } catch (InterruptedIOException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "ReaderSet[" + members.size() + " readers, " + waiting + " waiting]";
  }
}
