package io.ringwell.window;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The part of a reader that answers seeks: which window is the current one, and what a seek that
/// was answered NOT_READY waits for.
final class Seeker {
  /// No file reaches further: windows end before the largest offset that there is.
  private static final long LAST_POSITION = Long.MAX_VALUE - (1L << 40);

  private final Asked asked;
  private final Loader loader;
  private final WindowSlots slots;
  private final Fetcher fetcher;
  private Arrivals arrivals;

  private final Shown shown = new Shown();
  private @Nullable Slot current;

  /// What an earlier seek waited for, and has not heard of yet: its read failed, or told the end.
  private @Nullable Slot unheard;

  /// While this thread decides by itself what comes next; else what arrives does.
  private boolean deciding;

  private final Turns turns = new Turns();
  private final Overlap overlap;

  private long windows;
  private long stalls;
  private boolean closed;

  /// @param overlap what becomes of a seek where a claim is in the way
  Seeker(
      ManagedReader owner,
      Loader loader,
      WindowSlots slots,
      Fetcher fetcher,
      Arrivals arrivals,
      Overlap overlap) {
    this.overlap = overlap;
    this.asked = new Asked(owner);
    this.loader = loader;
    this.slots = slots;
    this.fetcher = fetcher;
    this.arrivals = arrivals;
  }

  /// As [ManagedReader#seek(long, long)].
  Readiness find(long position, long atLeast) throws IOException {
    if (!asked.begin(position, atLeast) && unheard != null) {
      unheard.fresh = false;
    }
    Slot now = current;
    if (now != null && has(now, position, atLeast) && !now.isOutdated()) {
      shown.show(now);
      return Readiness.READY;
    }
    release();
    if (position > LAST_POSITION || loader.endsBefore(position)) {
      asked.waits(false);
      return Readiness.END;
    }
    deciding = true;
    Slot unheardBefore = null;
    Readiness answer = Readiness.NOT_READY;
    boolean answered = false;
    try {
      takeArrivals();
      unheardBefore = unheard;
      asked.tellRefusal(position);
      answer = locate(position, atLeast);
      answered = true;
      return answer;
    } finally {
      deciding = false;
      asked.end(position, atLeast, answered && answer == Readiness.NOT_READY);
      turns.keepOnly(asked.wanted());
      if (unheardBefore != null) {
        forget(unheardBefore);
      }
    }
  }

  /// Nobody asked what came of it, and now something else is asked for.
  private void forget(Slot before) {
    before.fresh = false;
    if (before.state() == Slot.FAILED) {
      before.state(Slot.EMPTY);
    }
    if (unheard == before) {
      unheard = null;
    }
  }

  private boolean has(Slot slot, long position, long atLeast) {
    return slot.start <= position
        && position < slot.end
        && (slot.end - position >= atLeast || loader.stillEnds(slot));
  }

  /// The current window becomes one that is merely kept.
  private void release() {
    Slot now = current;
    current = null;
    shown.pass();
    if (now != null) {
      loader.letGo();
      now.release();
    }
    if (slots.memory().isPressed()) {
      slots.dropKept();
    }
  }

  private Readiness locate(long position, long atLeast) throws IOException {
    boolean retried = false;
    while (true) {
      Slot slot = slots.find(position, atLeast, loader);
      if (slot == null) {
        slot = fetcher.demand(arrivals, asked, position, atLeast);
        if (slot == null) {
          return fetcher.isBlocked()
              ? blocked(fetcher.blockedAt(), fetcher.blockedBytes())
              : notReady(null, position);
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
          asked.want(slot);
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
    boolean held = false;
    try {
      held = loader.hold(slot);
    } finally {
      if (!held) {
        slot.state(Slot.FULL);
      }
    }
    if (!held) {
      return blocked(slot.start, slot.end - slot.start);
    }
    current = slot;
    windows++;
    fetcher.moved(slot);
    shown.show(slot);
    fetcher.ahead(arrivals, slot);
    return Readiness.READY;
  }

  private Readiness notReady(@Nullable Slot slot, long position) throws IOException {
    if (slot == null && !slots.anyLoading()) {
      throw fetcher.noMemory(position);
    }
    asked.want(slot);
    if (slot != null) {
      fetcher.ahead(arrivals, slot);
    }
    stalls++;
    return Readiness.NOT_READY;
  }

  /// A claim is in the way: the seek waits until it has gone, or is refused.
  private Readiness blocked(long from, long length) {
    if (overlap == Overlap.REFUSE) {
      FileReads.refuse(loader.reads(), from, length);
    }
    asked.want(turns.await(this, loader.reads(), arrivals, from, length));
    stalls++;
    return Readiness.NOT_READY;
  }

  /// Begins anew for a seek that waits: a claim has gone, or has begun on what was being read.
  private void again() {
    try {
      Slot slot = slots.find(asked.position(), asked.atLeast(), loader);
      if (slot == null) {
        slot = fetcher.demand(arrivals, asked, asked.position(), asked.atLeast());
      }
      boolean blocked = slot == null && fetcher.isBlocked();
      if (blocked && overlap == Overlap.WAIT) {
        long from = fetcher.blockedAt();
        long length = fetcher.blockedBytes();
        asked.want(turns.await(this, loader.reads(), arrivals, from, length));
        return;
      }
      asked.want(slot);
      unheard = slot != null && slot.state() == Slot.FULL ? slot : unheard;
      // The seek that is to be refused hears of it when it comes again.
      if (!blocked && (slot == null ? slots.anyLoading() : slot.state() == Slot.LOADING)) {
        return;
      }
    } catch (IOException e) {
      asked.refuse(e);
    }
    asked.report();
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
    boolean awaited = asked.isAbout(slot);
    Turn turn = slot.turn;
    if (turn != null || slot.isOutdated()) {
      if (turn != null) {
        turns.arrived(turn);
      } else {
        slots.freeTaken(slot);
      }
      if (awaited && !deciding && !closed) {
        again();
      }
      return;
    }
    boolean wanted = asked.wants(slot);
    boolean good = fetcher.arrived(slot, wanted ? asked.number() : Slot.AHEAD);
    if (!good) {
      slot.state(wanted ? Slot.FAILED : Slot.EMPTY);
    }
    if (wanted) {
      unheard = slot;
    }
    if (closed) {
      return;
    }
    if (awaited) {
      asked.report();
    }
  }

  // ---- Waiting ---------------------------------------------------------------------------------

  /// As [ManagedReader#await(long, long)].
  Readiness park(long position, long atLeast) throws IOException {
    MemoryPatience patience = null;
    while (true) {
      try {
        Readiness answer = find(position, atLeast);
        if (answer != Readiness.NOT_READY) {
          return answer;
        }
        Slot slot = arrivals.take();
        slot.seeker.arrived(slot);
      } catch (NoWindowMemoryException e) {
        patience = patience == null ? new MemoryPatience(slots) : patience;
        patience.await(e, fetcher.leastWindow(position, atLeast));
      }
    }
  }

  // ---- The window ------------------------------------------------------------------------------

  Window window() {
    if (current == null) {
      throw new IllegalStateException("no window: the last seek did not answer READY");
    }
    return shown.window();
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
    // What was read ahead and has arrived is merely kept, too.
    takeArrivals();
    slots.dropKept();
  }

  ReaderStats stats() {
    return fetcher.stats(windows, stalls);
  }

  // ---- Sets, and the end -----------------------------------------------------------------------

  /// Towards its set.
  Asked asked() {
    return asked;
  }

  /// Reads arrive with `next` from now on; parks until those in flight have arrived.
  void join(@Nullable ReaderSet joined, Arrivals next, int files) throws InterruptedIOException {
    deciding = true;
    try {
      turns.giveUp();
      while (isAwaitingAnything()) {
        Slot slot = arrivals.take();
        slot.seeker.arrived(slot);
      }
    } finally {
      deciding = false;
    }
    asked.join(joined);
    arrivals = next;
    fetcher.files(files);
  }

  private boolean isAwaitingAnything() {
    return slots.anyLoading() || turns.anyOutstanding();
  }

  /// Ends the window, gives up what is in flight, and gives memory back.
  ///
  /// @return whether the thread was interrupted meanwhile
  boolean close() {
    closed = true;
    release();
    boolean interrupted = giveUp();
    asked.leave();
    slots.close();
    return interrupted;
  }

  /// Whether the thread was interrupted meanwhile.
  private boolean giveUp() {
    turns.giveUp();
    for (Slot slot : slots.all()) {
      if (slot.state() == Slot.LOADING && loader.withdraw(slot, arrivals)) {
        slots.freeTaken(slot);
      }
    }
    arrivals.closing(true);
    try {
      // What has completed is not to be cancelled.
      takeArrivals();
      for (Slot slot : slots.all()) {
        if (slot.state() == Slot.LOADING && loader.giveUp(slot, arrivals)) {
          slots.freeTaken(slot);
        }
      }
      return awaitArrivals();
    } finally {
      arrivals.closing(false);
    }
  }

  private boolean awaitArrivals() {
    boolean interrupted = false;
    while (isAwaitingAnything()) {
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
