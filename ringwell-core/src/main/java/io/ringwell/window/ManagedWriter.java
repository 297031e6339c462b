package io.ringwell.window;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.file.Durability;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Writes a file through memory that the library manages: a claim is a writable piece of it, to be
/// filled and committed. No byte is copied in user memory.
///
/// ```java
/// try (ManagedWriter writer = ManagedWriter.open(engine, path, WriterOptions.defaults());
///     WriteClaim claim = writer.beginWrite(0, 64 << 10)) {
///   fill(claim.segment());
///   Commit commit = writer.commit(claim);
///   commit.await();
///   writer.sync(Durability.DATA);
/// }
/// ```
///
/// **Claims.** [#beginWrite] hands one out; [#commit] sends one or many on their way and returns;
/// closing a claim that was not committed aborts it. Nothing is written by a close. Filling a claim
/// neither blocks nor races: claims of one file in this process do not overlap each other, nor the
/// windows that others read, whichever writer or reader has them ([Overlap]).
///
/// **Bounds.** At most [WriterOptions#maxInFlightBytes] are claimed or on their way. Over that,
/// [#beginWrite] parks, first come, first served, and [#tryBeginWrite] answers null. Commits park
/// only while the engine's queue is full.
///
/// **Sizes.** Any, up to [#maxClaim()], where the page cache is used. On a direct file, positions
/// and sizes are multiples of [#granularity()], save that the last claim may end anywhere: its last
/// block is written whole, and the file is longer than its content until [#flush], [#sync] or
/// [#close] cut it. That takes for granted that nobody else makes the file longer.
///
/// **Order.** There is none between commits. A claim of a range that is still in flight is refused
/// or waits, as [Overlap] says, and so two writes of one place are never under way at once.
///
/// **Durability.** None but what [#sync] promises, and no atomicity at all: after a crash, any part
/// of what was committed since may be in the file.
///
/// **Errors.** None is lost. A commit tells its own ([Commit]); the first that nobody was told of
/// is thrown, once, by the next [#commit], [#flush], [#sync] or [#close], with further ones
/// suppressed onto it. A commit that throws so has committed nothing, and its claims stay open.
///
/// **Threads.** Any number at once. Who waits parks, which unmounts a virtual thread, and an
/// interrupt ends the wait with [InterruptedIOException]; what is in flight goes on.
///
/// **Memory.** A claim's goes back to the pool when the kernel's completion has arrived, up to
/// [WriterOptions#keepBytes] excepted, which wait for the next claims of the same size, until
/// [#trim] or [#close], or until anybody has to wait for the pool.
///
/// **Cost.** A claim and its commit allocate two small objects; with a claim and a commit that are
/// used again, beginning, committing and polling allocate nothing. On a direct file each claim
/// becomes one direct write; buffered writes are copied into the page cache by the kernel, on a
/// thread of the engine where the file system would hold up the ring.
public final class ManagedWriter implements AutoCloseable {
  private final WriterCore core;
  private final WriterSync whole;
  private final WriterOptions options;
  private final FileRanges ranges;

  ManagedWriter(WriterCore core, WriterOptions options, FileRanges ranges) {
    this.core = core;
    this.options = options;
    this.ranges = ranges;
    this.whole = new WriterSync(core);
  }

  /// Opens a file; parks.
  ///
  /// @throws IllegalArgumentException where a bound does not fit the file or the engine's pool
  /// @throws IllegalStateException where the file is to be cut, and others have windows or claims
  /// @throws IOException where it cannot be opened, or another open file holds a lock on it
  public static ManagedWriter open(Engine engine, Path path, WriterOptions options)
      throws IOException {
    return WriterOpening.open(engine, path, options);
  }

  // ---- Claims ----------------------------------------------------------------------------------

  /// Claims `size` bytes at `position`; parks until there is room, in the writer's bound and in the
  /// pool. [#close] ends the wait for the range and for the bound at once, that for the pool when
  /// the pool has some.
  ///
  /// @throws IllegalArgumentException where the size is out of its bounds, or off the grid
  /// @throws IllegalStateException where it overlaps another claim or a window, and
  ///   [Overlap#REFUSE] holds, or the writer is closed
  public WriteClaim beginWrite(long position, long size) throws InterruptedIOException {
    WriteClaim claim = new WriteClaim();
    core.claiming().begin(claim, position, size);
    return claim;
  }

  /// The same with a claim that is used again.
  ///
  /// @throws IllegalStateException also where `claim` is open
  public void beginWrite(WriteClaim claim, long position, long size) throws InterruptedIOException {
    core.claiming().begin(claim, position, size);
  }

  /// The same without waiting: null where it would have to.
  public @Nullable WriteClaim tryBeginWrite(long position, long size) {
    WriteClaim claim = new WriteClaim();
    return core.claiming().tryBegin(claim, position, size) ? claim : null;
  }

  /// The same with a claim that is used again; false where it would have to wait, and the claim
  /// stays as it is.
  public boolean tryBeginWrite(WriteClaim claim, long position, long size) {
    return core.claiming().tryBegin(claim, position, size);
  }

  /// The same as a stage. Where it has to wait, a virtual thread does. Whoever cancels the stage
  /// gives the claim up.
  public CompletionStage<WriteClaim> beginWriteAsync(long position, long size) {
    WriteClaim now = tryBeginWrite(position, size);
    if (now != null) {
      return CompletableFuture.completedFuture(now);
    }
    CompletableFuture<WriteClaim> stage = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("ringwell-claim")
        .start(() -> {
          try {
            WriteClaim claim = beginWrite(position, size);
            if (!stage.complete(claim)) {
              claim.close();
            }
          } catch (IOException | RuntimeException | Error e) {
            stage.completeExceptionally(e);
          }
        });
    return stage;
  }

  /// Sends a claim on its way. From here on its memory is the kernel's.
  ///
  /// @throws IOException what an earlier commit failed with and nobody was told of
  /// @throws IllegalStateException where the claim is not open, or writer or engine are closed; a
  ///   claim that the engine refuses is aborted
  public Commit commit(WriteClaim claim) throws IOException {
    Commit commit = new Commit();
    core.commit(commit, claim);
    return commit;
  }

  /// Sends several claims on their way, all or, where one is not open, none of them.
  public Commit commit(WriteClaim... claims) throws IOException {
    Commit commit = new Commit();
    core.commit(commit, claims);
    return commit;
  }

  /// As [#commit(WriteClaim)], with a commit that is used again.
  ///
  /// @throws IllegalStateException also where `into` is in flight
  public void commit(Commit into, WriteClaim claim) throws IOException {
    core.commit(into, claim);
  }

  /// As [#commit(WriteClaim...)], with a commit that is used again.
  public void commit(Commit into, WriteClaim... claims) throws IOException {
    core.commit(into, claims);
  }

  /// For sequential writes: from `position` on, with claims of the appender's choosing.
  ///
  /// @throws IOException where the block that `position` lies in has to be read, and cannot be
  public Appender appender(long position) throws IOException {
    return Appender.at(this, core, position, false);
  }

  /// For sequential writes behind what is there; parks until what was committed has been written.
  public Appender appender() throws IOException {
    flush();
    return Appender.at(this, core, size(), false);
  }

  // ---- The file --------------------------------------------------------------------------------

  /// Parks until all that was committed before has completed, and the file is as long as its
  /// content.
  ///
  /// @throws IOException the first failure that nobody was told of
  public void flush() throws IOException {
    whole.flush();
  }

  /// Brings to the device what was committed before, after waiting for it as [#flush] does; parks.
  /// NONE only waits.
  ///
  /// @throws IOException the first failure that nobody was told of, and then nothing is synced; or
  ///   what the sync failed with. After a sync has failed, all later ones of this writer do: the
  ///   kernel tells of lost data once
  public void sync(Durability durability) throws IOException {
    whole.sync(durability);
  }

  /// The same as a stage: a virtual thread waits for it.
  public CompletionStage<@Nullable Void> syncAsync(Durability durability) {
    return Background.<@Nullable Void>start(
        "ringwell-sync",
        () -> {
          sync(durability);
          return null;
        });
  }

  /// The size of the file, in bytes, now; parks.
  public long size() throws IOException {
    return whole.size();
  }

  /// What positions and sizes are multiples of, in bytes: 1 where the page cache is used.
  public long granularity() {
    return core.end.granularity();
  }

  /// The largest claim, in bytes.
  public long maxClaim() {
    return options.maxClaim();
  }

  /// Bytes that are claimed or on their way, each claim counted as a page at the least; at most
  /// [WriterOptions#maxInFlightBytes]. Books what has completed.
  public long inFlightBytes() {
    return core.claiming().backlogBytes();
  }

  /// Gives the memory that is kept for further claims back to the pool. Never blocks.
  public void trim() {
    core.claiming().trim();
  }

  WriterCore core() {
    return core;
  }

  public Path path() {
    return core.file.path();
  }

  /// The file as the engine knows it. Not to be closed.
  public FileHandle handle() {
    return core.file;
  }

  public WriterOptions options() {
    return options;
  }

  /// Refuses what is new, waits for what was committed, gives the file its size, and closes it.
  /// Claims that are still open can no longer be committed; their owners close them. An interrupt
  /// waits until it is over. Once more does nothing.
  ///
  /// @throws IOException the first failure that nobody was told of, or what the close failed with
  @Override
  public void close() throws IOException {
    if (core.startClose()) {
      try {
        whole.close();
      } finally {
        core.claiming().stopKeeping();
        ranges.close();
      }
    }
  }

  @Override
  public String toString() {
    return "ManagedWriter[" + path() + "]";
  }
}
