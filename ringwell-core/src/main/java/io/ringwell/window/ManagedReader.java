package io.ringwell.window;

import io.ringwell.engine.Engine;
import io.ringwell.file.AsyncFile;
import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
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
/// **Writers.** Claims of this process on the same file are known: a seek waits while one is in the
/// way ([ReaderOptions#withOverlap]), and shows nothing that was read before a claim began there.
/// The window that is shown already stays as it is, a copy, until the next seek. Of a map, which
/// has no copy, the current window keeps claims away.
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
  private final Loader loader;
  private final WindowSizer sizer;
  private final Fetcher fetcher;
  private final Seeker seeker;
  private boolean closed;

  /// The virtual thread that waits for a stage.
  private volatile @Nullable Thread staged;

  /// Reached when that is done with the reader, and is about to complete the stage.
  private CountDownLatch stagedEnd = new CountDownLatch(0);

  ManagedReader(
      Engine engine,
      Loader loader,
      ReaderOptions options,
      SourceFacts facts,
      Environment environment,
      Plan plan)
      throws IOException {
    this.loader = loader;
    WindowMemory memory = options.memory();
    if (memory == null) {
      memory =
          WindowMemory.of(engine.pool(), Math.min(engine.pool().maxBytes(), options.maxBytes()));
    }
    long most = Math.min(options.maxWindow(), memory.largestWindow());
    if (most < loader.granularity()) {
      throw new IllegalArgumentException(
          "windows of "
              + loader.name()
              + " have at least "
              + loader.granularity()
              + " bytes; maxWindow is "
              + options.maxWindow()
              + ", and the memory for them has "
              + memory.maxBytes());
    }
    this.sizer = new WindowSizer(loader.granularity(), most);
    sizer.fix(options.windowSize());
    long reserved = WindowMemory.blockBytes(sizer.smallest());
    WindowSlots slots = new WindowSlots(memory, reserved, options.maxBytes(), loader.isBuffered());
    this.fetcher =
        new Fetcher(
            loader,
            slots,
            new AccessPattern(options.hint()),
            sizer,
            options.route() != null,
            facts,
            environment,
            plan);
    this.seeker = new Seeker(this, loader, slots, fetcher, new Arrivals(engine), options.overlap());
    slots.seeker(seeker);
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
  /// engine that it was opened on, and as it was opened: never mapped, and by direct reads where it
  /// was opened for them, only then. Parks to ask for its size.
  ///
  /// @throws IllegalArgumentException where the options do not go with the file
  public static ManagedReader open(AsyncFile file, ReaderOptions options) throws IOException {
    return new ReaderOpening(file.engine(), options).open(file, false);
  }

  /// A reader of anything else, which it closes; where this throws, it is closed already.
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
  /// ends before, which is looked for anew.
  ///
  /// @throws IllegalArgumentException where `position` is negative, or no window can hold `atLeast`
  ///   bytes: [#mostAtLeast] is the most
  public Readiness seek(long position, long atLeast) throws IOException {
    requireUsable();
    requireRange(position, atLeast);
    return seeker.find(position, atLeast);
  }

  private void requireRange(long position, long atLeast) {
    if (position < 0) {
      throw new IllegalArgumentException("position is negative: " + position);
    }
    if (atLeast < 1 || atLeast > mostAtLeast()) {
      throw new IllegalArgumentException(
          "a window can have from 1 to "
              + mostAtLeast()
              + " bytes behind a position, not "
              + atLeast);
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
    requireRange(position, atLeast);
    return seeker.park(position, atLeast);
  }

  /// A stage that completes with READY or END, or fails as the seek does. The reader is its own
  /// until then: using it before throws `IllegalStateException`, save [#close], which ends the
  /// stage with [InterruptedIOException], and may return before what hangs on the stage has run.
  /// Where the answer is not known at once, a virtual thread waits for it.
  public CompletionStage<Readiness> whenReady(long position) {
    requireUsable();
    requireRange(position, 1);
    if (seeker.asked().set() != null) {
      throw new IllegalStateException("a reader in a set waits by its set");
    }
    try {
      Readiness now = seeker.find(position, 1);
      if (now != Readiness.NOT_READY) {
        return CompletableFuture.completedFuture(now);
      }
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<Readiness> stage = new CompletableFuture<>();
    CountDownLatch ended = new CountDownLatch(1);
    stagedEnd = ended;
    Thread waiter =
        Thread.ofVirtual()
            .name("ringwell-reader")
            .unstarted(() -> {
              Readiness answer = null;
              Throwable failure = null;
              try {
                answer = seeker.park(position, 1);
              } catch (IOException | RuntimeException | Error e) {
                failure = e;
              }
              staged = null;
              ended.countDown();
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
    return seeker.window();
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
    requireUsable();
    return seeker.detach(position, length);
  }

  // ---- Facts and settings ----------------------------------------------------------------------

  /// Windows begin and end on multiples of this, in bytes, save at the end of the file.
  public int granularity() {
    return loader.granularity();
  }

  /// The largest window, in bytes: as the options say, or less where their memory holds no block
  /// for that.
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

  /// Fixes the size of windows from now on, in bytes; 0 lets them adapt. What was set aside in a
  /// shared [WindowMemory] stays as it was at opening.
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
    return seeker.stats();
  }

  /// Gives up the windows that are kept because they may be of use.
  public void trim() {
    requireUsable();
    seeker.trim();
  }

  /// Whether what it reads comes through `engine`, or through none.
  @SuppressWarnings("ReferenceEquality") // Engines have identity.
  boolean canUse(Engine engine) {
    return !(loader instanceof FileLoader loads) || loads.engine().root() == engine.root();
  }

  boolean reads(AsyncFile file) {
    return loader instanceof FileLoader loads && loads.reads(file);
  }

  void requireUsable() {
    if (closed) {
      throw new IllegalStateException("the reader of " + loader.name() + " is closed");
    }
    if (staged != null && staged != Thread.currentThread()) {
      throw new IllegalStateException("a stage of the reader of " + loader.name() + " is pending");
    }
  }

  // ---- The end ---------------------------------------------------------------------------------

  /// What does the work.
  Seeker seeker() {
    return seeker;
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
    boolean interrupted = false;
    try {
      interrupted = seeker.close();
    } finally {
      closeLoader(interrupted);
    }
  }

  private void closeLoader(boolean interrupted) throws IOException {
    try {
      loader.close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Does not wait for what hangs on the stage, which may wait for whoever closes.
  private void endStage() {
    Thread waiter = staged;
    if (waiter == null) {
      return;
    }
    waiter.interrupt();
    boolean interrupted = false;
    while (true) {
      try {
        stagedEnd.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "ManagedReader[" + loader.name() + (closed ? ", closed]" : ", " + plan() + "]");
  }
}
