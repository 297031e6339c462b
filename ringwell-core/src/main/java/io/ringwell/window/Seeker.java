package io.ringwell.window;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The part of a reader that answers seeks: which window is the current one, and what a seek that
/// was answered NOT_READY waits for.
final class Seeker {
  /// How long a parking seek waits for the pool.
  private static final Duration MEMORY_PATIENCE = Duration.ofSeconds(10);

  /// No file reaches further: windows end before the largest offset that there is.
  private static final long LAST_POSITION = Long.MAX_VALUE - (1L << 40);

  private final ManagedReader owner;
  private final Loader loader;
  private final WindowSlots slots;
  private final Fetcher fetcher;
  private Arrivals arrivals;
  private @Nullable ReaderSet set;

  private final Window even = new Window();
  private final Window odd = new Window();
  private Window shown = odd;
  private @Nullable Slot current;

  /// What a seek that answered NOT_READY waits for; null where it waits for memory.
  private @Nullable Slot wanted;

  /// What an earlier seek waited for, and has not heard of yet: its read failed.
  private @Nullable Slot failed;

  private boolean waiting;

  /// Whether the set has been told, and nobody has asked it since.
  private boolean reported;

  private long windows;
  private long stalls;
  private boolean closed;

  Seeker(
      ManagedReader owner, Loader loader, WindowSlots slots, Fetcher fetcher, Arrivals arrivals) {
    this.owner = owner;
    this.loader = loader;
    this.slots = slots;
    this.fetcher = fetcher;
    this.arrivals = arrivals;
  }

  /// As [ManagedReader#seek(long, long)].
  Readiness find(long position, long atLeast) throws IOException {
    reported = false;
    Slot now = current;
    if (now != null && has(now, position, atLeast)) {
      return show(now);
    }
    release();
    if (position > LAST_POSITION) {
      wait(false);
      return Readiness.END;
    }
    takeArrivals();
    Slot failedBefore = failed;
    Readiness answer = Readiness.NOT_READY;
    boolean answered = false;
    try {
      answer = locate(position, atLeast);
      answered = true;
      return answer;
    } finally {
      wait(answered && answer == Readiness.NOT_READY);
      // What has become known meanwhile, this seek has answered.
      reported = false;
      if (failedBefore != null) {
        forget(failedBefore);
      }
    }
  }

  /// Nobody asked what went wrong, and now something else is asked for.
  private void forget(Slot before) {
    if (before.state() == Slot.FAILED) {
      before.state(Slot.EMPTY);
    }
    if (failed == before) {
      failed = null;
    }
  }

  private static boolean has(Slot slot, long position, long atLeast) {
    return slot.start <= position
        && position < slot.end
        && (slot.end - position >= atLeast || slot.atEnd);
  }

  /// The current window becomes one that is merely kept.
  private void release() {
    Slot now = current;
    current = null;
    even.pass();
    odd.pass();
    if (now != null) {
      now.state(Slot.FULL);
    }
    if (slots.memory().isPressed()) {
      slots.dropKept();
    }
  }

  private Readiness locate(long position, long atLeast) throws IOException {
    boolean retried = false;
    while (true) {
      Slot slot = slots.find(position, atLeast);
      if (slot == null) {
        slot = fetcher.demand(arrivals, position, atLeast);
        if (slot == null) {
          return notReady(null, position);
        }
      }
      switch (slot.state()) {
        case Slot.FULL -> {
          Readiness answer = take(slot, position);
          if (answer != null) {
            return answer;
          }
        }
        case Slot.LOADING -> {
          // A source may have completed before its read returned.
          wanted = slot;
          takeArrivals();
          if (slot.state() == Slot.LOADING) {
            return notReady(slot, position);
          }
        }
        case Slot.FAILED -> {
          IOException failure = Objects.requireNonNull(slot.failure);
          slot.state(Slot.EMPTY);
          if (retried || !fetcher.isOutdated(failure)) {
            throw Fetcher.named(loader.name(), position, failure);
          }
          retried = true;
        }
        default -> {}
      }
    }
  }

  /// Makes a full slot the current window; null where it was taken by others meanwhile.
  private @Nullable Readiness take(Slot slot, long position) throws IOException {
    slot.fresh = false;
    if (position >= slot.end) {
      return Readiness.END;
    }
    if (!slot.claim(Slot.HELD)) {
      return null;
    }
    current = slot;
    windows++;
    fetcher.moved(slot);
    fetcher.ahead(arrivals, slot);
    return show(slot);
  }

  private Readiness show(Slot slot) {
    Window next = shown == even ? odd : even;
    if (current == slot && !shown.isStale()) {
      // The same window goes on: whoever has the object may go on too.
      return Readiness.READY;
    }
    shown = next;
    shown.show(slot);
    return Readiness.READY;
  }

  private Readiness notReady(@Nullable Slot slot, long position) throws IOException {
    if (slot == null && !slots.anyLoading()) {
      throw fetcher.noMemory(position);
    }
    wanted = slot;
    if (slot != null) {
      fetcher.ahead(arrivals, slot);
    }
    stalls++;
    return Readiness.NOT_READY;
  }

  /// Books whether the reader waits, here and with its set.
  private void wait(boolean now) {
    if (!now) {
      wanted = null;
    }
    if (waiting != now) {
      waiting = now;
      if (set != null) {
        set.waits(now ? 1 : -1);
      }
    }
  }

  private void takeArrivals() {
    if (!arrivals.isActive()) {
      return;
    }
    for (Slot slot = arrivals.poll(); slot != null; slot = arrivals.poll()) {
      slot.seeker.arrived(slot);
    }
  }

  /// A read of this reader is complete.
  @SuppressWarnings("ReferenceEquality") // Slots have identity.
  void arrived(Slot slot) {
    boolean asked = waiting && (wanted == slot || wanted == null);
    boolean good = fetcher.arrived(slot, wanted == slot);
    if (!good) {
      slot.state(wanted == slot ? Slot.FAILED : Slot.EMPTY);
      failed = wanted == slot ? slot : failed;
    }
    if (closed) {
      return;
    }
    if (asked) {
      wait(false);
      if (set != null) {
        reported = true;
        set.ready(owner);
      }
    }
  }

  // ---- Waiting ---------------------------------------------------------------------------------

  /// As [ManagedReader#await(long, long)].
  Readiness park(long position, long atLeast) throws IOException {
    long deadline = 0;
    while (true) {
      try {
        Readiness answer = find(position, atLeast);
        if (answer != Readiness.NOT_READY) {
          return answer;
        }
        Slot slot = arrivals.take();
        slot.seeker.arrived(slot);
      } catch (NoWindowMemoryException e) {
        long now = System.nanoTime();
        deadline = deadline == 0 ? now + MEMORY_PATIENCE.toNanos() : deadline;
        if (deadline - now <= 0) {
          throw e;
        }
        awaitMemory(e, Duration.ofNanos(deadline - now));
      }
    }
  }

  /// Waits until the pool has room for a window.
  private void awaitMemory(NoWindowMemoryException e, Duration patience)
      throws NoWindowMemoryException, InterruptedIOException {
    try (IoBuffer room = slots.memory().pool().acquire(fetcher.smallestWindow(), patience)) {
      Objects.requireNonNull(room);
    } catch (TimeoutException late) {
      e.addSuppressed(late);
      throw e;
    }
  }

  // ---- The window ------------------------------------------------------------------------------

  Window window() {
    if (current == null) {
      throw new IllegalStateException("no window: the last seek did not answer READY");
    }
    return shown;
  }

  Bytes detach(long position, long length) {
    Window whole = window();
    long from = position - whole.position();
    Objects.checkFromIndexSize(from, length, whole.length());
    Slot slot = Objects.requireNonNull(current);
    Bytes detached = loader.detach(slot, from, length);
    // Freezing may have given the memory a new segment.
    whole.show(slot);
    return detached;
  }

  void trim() {
    slots.dropKept();
  }

  ReaderStats stats() {
    return new ReaderStats(
        windows,
        fetcher.loads,
        fetcher.aheadLoads,
        fetcher.loadedBytes,
        fetcher.allHits,
        fetcher.allMisses,
        stalls);
  }

  // ---- Sets, and the end -----------------------------------------------------------------------

  @Nullable ReaderSet set() {
    return set;
  }

  /// Whether the set that this was reported to is to tell; once, and not after a further seek.
  boolean takeReport() {
    boolean due = reported;
    reported = false;
    return due;
  }

  /// Reads arrive with `next` from now on; parks until those in flight have arrived.
  void join(@Nullable ReaderSet joined, Arrivals next, int files) throws InterruptedIOException {
    while (slots.anyLoading()) {
      Slot slot = arrivals.take();
      slot.seeker.arrived(slot);
    }
    wait(false);
    set = joined;
    arrivals = next;
    fetcher.files(files);
  }

  /// Ends the window, gives up what is in flight, and gives memory back.
  ///
  /// @return whether the thread was interrupted meanwhile
  boolean close() {
    closed = true;
    release();
    boolean interrupted = giveUp();
    wait(false);
    if (set != null) {
      set.left(owner);
      set = null;
    }
    slots.close();
    return interrupted;
  }

  /// Whether the thread was interrupted meanwhile.
  private boolean giveUp() {
    // What has completed is not to be cancelled.
    takeArrivals();
    for (Slot slot : slots.all()) {
      if (slot.state() == Slot.LOADING && loader.giveUp(slot, arrivals)) {
        slots.freeTaken(slot);
      }
    }
    boolean interrupted = false;
    while (slots.anyLoading()) {
      try {
        Slot slot = arrivals.take();
        slot.seeker.arrived(slot);
      } catch (InterruptedIOException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
