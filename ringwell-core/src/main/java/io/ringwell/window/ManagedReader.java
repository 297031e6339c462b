package io.ringwell.window;

import io.ringwell.engine.Engine;
import io.ringwell.file.AsyncFile;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads by windows: the caller seeks, the reader has the bytes in its own memory.
///
/// ```java
/// try (ManagedReader reader = ManagedReader.open(engine, path, ReaderOptions.defaults())) {
///   for (long at = 0; reader.await(at) == Readiness.READY; at = reader.window().end()) {
///     process(reader.window().segment());
///   }
/// }
/// ```
///
/// **Waiting.** Poll: [#seek(long)], which never blocks. Park: [#await(long)], which unmounts a
/// virtual thread. Stage: [#whenReady]. Many readers at once: [ReaderSet].
///
/// **Windows** lie on a grid, so one usually begins before the position that was sought. After
/// READY the window is in memory as its [Residency] says, and stays valid until the next seek; what
/// is to be kept longer is detached, in constant time and without a copy (save of maps).
///
/// **Files that change.** A window shows its part of the file as it was when it was read; windows
/// that are kept, or were read ahead, may be older than others. The end is looked for when a seek
/// meets it: a file that was cut short ends earlier, one that has grown goes on. A file that was
/// replaced is still the file that was opened.
///
/// **Errors.** A seek throws what went wrong with its own window, naming file, place and error, and
/// may be repeated. What went wrong with reading ahead is forgotten.
///
/// **Memory** is bounded by [ReaderOptions#maxBytes] and by a [WindowMemory] that readers share. A
/// seek for which there is none fails with [NoWindowMemoryException]; one that parks waits for up
/// to ten seconds before.
///
/// **Threads.** One at a time.
///
/// **Cost.** Moving to a cached window costs one system call and its copy, and allocates nothing.
public final class ManagedReader implements AutoCloseable {
  /// How long a parking seek waits for the pool.
  private static final Duration MEMORY_PATIENCE = Duration.ofSeconds(10);

  /// No file reaches further: windows end before the largest offset that there is.
  private static final long LAST_POSITION = Long.MAX_VALUE - (1L << 40);

  private final Loader loader;
  private final WindowSlots slots;
  private final WindowSizer sizer;
  private final AccessPattern pattern;
  private final Fetcher fetcher;
  private final Engine engine;
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
  private long windows;
  private long stalls;
  private boolean closed;
  private volatile @Nullable Thread staged;

  ManagedReader(
      Engine engine,
      Loader loader,
      ReaderOptions options,
      SourceFacts facts,
      Environment environment,
      Plan plan)
      throws IOException {
    this.engine = engine;
    this.loader = loader;
    this.arrivals = new Arrivals(engine);
    this.pattern = new AccessPattern(options.hint());
    if (options.maxWindow() < loader.granularity()) {
      throw new IllegalArgumentException(
          "maxWindow is "
              + options.maxWindow()
              + " bytes, less than the granularity of "
              + loader.name()
              + ", which is "
              + loader.granularity());
    }
    WindowMemory shared = options.memory();
    WindowMemory memory =
        shared != null
            ? shared
            : WindowMemory.of(
                engine.pool(), Math.min(engine.pool().maxBytes(), options.maxBytes()));
    this.sizer =
        new WindowSizer(loader.granularity(), Math.min(options.maxWindow(), memory.maxBytes()));
    sizer.fix(options.windowSize());
    long reserved = WindowMemory.blockBytes(sizer.smallest());
    this.slots = new WindowSlots(this, memory, reserved, options.maxBytes(), loader.isBuffered());
    this.fetcher =
        new Fetcher(
            loader,
            slots,
            pattern,
            sizer,
            options.route() != null,
            facts,
            environment,
            plan,
            arrivals);
  }

  /// Opens a file and a reader of it, which closes it; parks.
  ///
  /// @throws java.nio.file.FileSystemException where there is no such file, or it is a directory
  /// @throws IllegalArgumentException where the options do not go with the file
  public static ManagedReader open(Engine engine, Path path, ReaderOptions options)
      throws IOException {
    return new ReaderOpening(engine, options).open(path);
  }

  /// A reader of a file that the caller has opened, and closes after the reader. It is read by the
  /// engine that it was opened on, and never mapped. Parks to ask for its size.
  public static ManagedReader open(AsyncFile file, ReaderOptions options) throws IOException {
    return new ReaderOpening(file.engine(), options).open(file, false);
  }

  /// A reader of anything else, which it closes.
  ///
  /// @param engine whose pool windows come from, where the options name no other memory
  public static ManagedReader open(Engine engine, WindowSource source, ReaderOptions options)
      throws IOException {
    return new ReaderOpening(engine, options).open(source);
  }

  // ---- Seeking ---------------------------------------------------------------------------------

  /// Asks for the window with `position` in it. Never blocks. Ends the window before.
  public Readiness seek(long position) throws IOException {
    return seek(position, 1);
  }

  /// Asks for a window with at least `atLeast` bytes from `position` on, fewer only where the file
  /// ends before.
  ///
  /// @throws IllegalArgumentException where `position` is negative, or no window can hold `atLeast`
  ///   bytes: [#maxWindow] less [#granularity] is the most
  public Readiness seek(long position, long atLeast) throws IOException {
    requireUsable();
    return find(position, atLeast);
  }

  private Readiness find(long position, long atLeast) throws IOException {
    if (position < 0 || atLeast < 1 || atLeast > mostAtLeast()) {
      throw refused(position, atLeast);
    }
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

  private IllegalArgumentException refused(long position, long atLeast) {
    return new IllegalArgumentException(
        position < 0
            ? "position is negative: " + position
            : "a window can have from 1 to "
                + mostAtLeast()
                + " bytes behind a position, not "
                + atLeast);
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
        slot = fetcher.demand(position, atLeast);
        if (slot == null) {
          return await(null, position);
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
            return await(slot, position);
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
    fetcher.ahead(slot);
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

  private Readiness await(@Nullable Slot slot, long position) throws IOException {
    if (slot == null && !slots.anyLoading()) {
      throw fetcher.noMemory(position);
    }
    wanted = slot;
    if (slot != null) {
      fetcher.ahead(slot);
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
      slot.reader.arrived(slot);
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
        set.ready(this);
      }
    }
  }

  // ---- Waiting ---------------------------------------------------------------------------------

  /// As [#seek(long)], parking until the answer is READY or END. An interrupt ends the wait with
  /// [InterruptedIOException]; the reader stays usable.
  public Readiness await(long position) throws IOException {
    return await(position, 1);
  }

  /// As [#seek(long, long)], parking until the answer is READY or END.
  public Readiness await(long position, long atLeast) throws IOException {
    requireUsable();
    return park(position, atLeast);
  }

  private Readiness park(long position, long atLeast) throws IOException {
    long deadline = 0;
    while (true) {
      try {
        Readiness answer = find(position, atLeast);
        if (answer != Readiness.NOT_READY) {
          return answer;
        }
        Slot slot = arrivals.take();
        slot.reader.arrived(slot);
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
    try (IoBuffer room = slots.memory().pool().acquire(sizer.smallest(), patience)) {
      Objects.requireNonNull(room);
    } catch (TimeoutException late) {
      e.addSuppressed(late);
      throw e;
    }
  }

  /// A stage that completes with READY or END. The reader is its own until then: using it before
  /// throws `IllegalStateException`, save [#close], which ends the stage with
  /// [InterruptedIOException]. Where the answer is not known at once, a virtual thread waits for
  /// it.
  public CompletionStage<Readiness> whenReady(long position) {
    requireUsable();
    if (set != null) {
      throw new IllegalStateException("a reader in a set waits by its set");
    }
    try {
      Readiness now = find(position, 1);
      if (now != Readiness.NOT_READY) {
        return CompletableFuture.completedFuture(now);
      }
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<Readiness> stage = new CompletableFuture<>();
    Thread waiter =
        Thread.ofVirtual()
            .name("ringwell-reader")
            .unstarted(() -> {
              Readiness answer = null;
              Throwable failure = null;
              try {
                answer = park(position, 1);
              } catch (IOException | RuntimeException | Error e) {
                failure = e;
              }
              staged = null;
              if (failure == null) {
                stage.complete(answer);
              } else {
                stage.completeExceptionally(failure);
              }
            });
    staged = waiter;
    waiter.start();
    return stage;
  }

  // ---- The window ------------------------------------------------------------------------------

  /// The window that the last seek found.
  ///
  /// @throws IllegalStateException where it found none
  public Window window() {
    requireUsable();
    if (current == null) {
      throw new IllegalStateException("no window: the last seek did not answer READY");
    }
    return shown;
  }

  /// The whole window as owned bytes, which the caller closes; the window itself goes on. Constant
  /// time and no copy, save of mapped windows and of memory that is not native `Bytes`.
  public Bytes detach() {
    Window whole = window();
    return detach(whole.position(), whole.length());
  }

  /// A part of the window as owned bytes: `length` from the file's `position` on.
  ///
  /// @throws IndexOutOfBoundsException where that is not within the window
  public Bytes detach(long position, long length) {
    Window whole = window();
    long from = position - whole.position();
    Objects.checkFromIndexSize(from, length, whole.length());
    Slot slot = Objects.requireNonNull(current);
    Bytes detached = loader.detach(slot, from, length);
    // Freezing may have given the memory a new segment.
    whole.show(slot);
    return detached;
  }

  // ---- Facts and settings ----------------------------------------------------------------------

  /// Windows begin and end on multiples of this, in bytes, save at the end of the file.
  public int granularity() {
    return loader.granularity();
  }

  /// The largest window, in bytes.
  public long maxWindow() {
    return sizer.maxWindow();
  }

  /// The most bytes that a seek can insist on.
  public long mostAtLeast() {
    return Math.max(1, sizer.maxWindow() - loader.granularity() + 1);
  }

  /// The size of the next window, in bytes: fixed, or as adapted by now.
  public long windowSize() {
    return sizer.size();
  }

  /// Fixes the size of windows from now on, in bytes; 0 lets them adapt.
  ///
  /// @throws IllegalArgumentException where it is no multiple of [#granularity], or more than
  ///   [#maxWindow]; then nothing changes
  public void windowSize(long bytes) {
    requireUsable();
    sizer.fix(bytes);
  }

  /// Changes what the reader expects of its use.
  public void hint(AccessHint hint) {
    requireUsable();
    fetcher.hint(Objects.requireNonNull(hint, "hint"));
  }

  /// The plan that it follows now, and why.
  public Plan plan() {
    return fetcher.plan();
  }

  /// The size in bytes as far as it is known: as of opening, or as the last look at the end told;
  /// -1 where a source does not say.
  public long size() {
    return fetcher.knownSize();
  }

  /// What messages call it.
  public String name() {
    return loader.name();
  }

  /// Whether the source itself never waits; one that does is called from threads of its own, so a
  /// seek does not wait in any case.
  public boolean isSourceNonBlocking() {
    return loader.isNonBlocking();
  }

  public ReaderStats stats() {
    return new ReaderStats(
        windows,
        fetcher.loads,
        fetcher.aheadLoads,
        fetcher.loadedBytes,
        fetcher.allHits,
        fetcher.allMisses,
        stalls);
  }

  /// Gives up the windows that are kept because they may be of use.
  public void trim() {
    requireUsable();
    slots.dropKept();
  }

  boolean reads(AsyncFile file) {
    return loader instanceof FileLoader loads && loads.reads(file);
  }

  private void requireUsable() {
    if (closed) {
      throw new IllegalStateException("the reader of " + loader.name() + " is closed");
    }
    if (staged != null && staged != Thread.currentThread()) {
      throw new IllegalStateException("a stage of the reader of " + loader.name() + " is pending");
    }
  }

  // ---- Sets, and the end -----------------------------------------------------------------------

  @Nullable ReaderSet set() {
    return set;
  }

  boolean isWaiting() {
    return waiting;
  }

  /// Reads arrive with `next` from now on; parks until those in flight have arrived.
  void join(@Nullable ReaderSet joined, Arrivals next, int files) throws InterruptedIOException {
    requireUsable();
    while (slots.anyLoading()) {
      Slot slot = arrivals.take();
      slot.reader.arrived(slot);
    }
    wait(false);
    set = joined;
    arrivals = next;
    fetcher.arrivals(next);
    fetcher.files(files);
  }

  Arrivals ownArrivals() {
    return new Arrivals(engine);
  }

  /// Ends the window, gives up what is in flight, and gives memory back, save what is detached.
  /// Parks until reads of the file that were in flight have ended; reads of a [WindowSource] are
  /// not waited for. Once more does nothing.
  @Override
  public void close() throws IOException {
    endStage();
    if (closed) {
      return;
    }
    closed = true;
    release();
    boolean interrupted = giveUp();
    wait(false);
    if (set != null) {
      set.left(this);
      set = null;
    }
    slots.close();
    try {
      loader.close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void endStage() {
    Thread waiter = staged;
    boolean interrupted = false;
    while (waiter != null && waiter.isAlive()) {
      waiter.interrupt();
      try {
        waiter.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether the thread was interrupted meanwhile.
  private boolean giveUp() {
    for (Slot slot : slots.all()) {
      if (slot.state() == Slot.LOADING && loader.giveUp(slot, arrivals)) {
        slots.freeTaken(slot);
      }
    }
    boolean interrupted = false;
    while (slots.anyLoading()) {
      try {
        Slot slot = arrivals.take();
        slot.reader.arrived(slot);
      } catch (InterruptedIOException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }

  @Override
  public String toString() {
    return "ManagedReader[" + loader.name() + (closed ? ", closed]" : ", " + plan() + "]");
  }
}
