package io.ringwell.window;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import io.ringwell.file.Durability;
import io.ringwell.memory.CopyCounter;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// Writes one byte after another, through claims whose size it chooses: 64 KiB at first, twice as
/// much with every one that was filled, up to [ManagedWriter#maxClaim()]; less again where flushes
/// come early. From [#open], which has a writer of its own, or [ManagedWriter#appender].
///
/// ```java
/// try (Appender log = Appender.open(engine, path, WriterOptions.defaults())) {
///   MemorySegment room = log.claim(16); // zero-copy: encode in place
///   log.advance(encode(entry, room));
///   log.append(bytes); // copies
///   log.sync(Durability.DATA);
/// }
/// ```
///
/// A full claim is committed at once and not waited for. What is not yet full goes on its way with
/// [#flush], [#sync] or [#close]. An appender that is dropped loses it.
///
/// **Direct files.** A flush in the middle of a block writes all of the block; the next claim
/// begins there again, with the bytes so far copied to its front (less than a block, counted by
/// [CopyCounter]). Inside what the file held before, such a flush is refused: what follows in the
/// block would be lost.
///
/// **Errors.** Those of the writer: what a commit failed with is thrown by the next call that
/// commits, flushes or syncs, and what follows is not for the appender to mend: it goes on behind
/// the gap.
///
/// **Threads.** One at a time. **Blocking.** [#append] and [#claim] park under back-pressure;
/// [#flush], [#sync] and [#close] until all is written. In steady state nothing is allocated, save
/// the segments that [#claim] hands out.
public final class Appender implements AutoCloseable {
  private static final long FIRST_CLAIM = 64 << 10;

  private final ManagedWriter writer;
  private final WriterCore core;

  /// Whether the writer is closed with it.
  private final boolean owner;

  private final WriteClaim claim = new WriteClaim();
  private final long granularity;
  private final long most;

  /// Where the next claim begins: on the grid.
  private long start;

  /// Bytes in the open claim; where there is none, of the block at [#start] that are in [#tail].
  private long filled;

  /// While a claim of whole blocks is open that could not be committed: bytes behind it, in
  /// [#tail].
  private long behind;

  private long nextSize;

  /// The beginning of a block that is not written yet, or was written in part.
  private final byte[] tail;

  /// Whether that block may be on its way now.
  private boolean tailInFlight;

  /// Whether it holds what no claim has, and none had.
  private boolean tailUnwritten;

  private Appender(ManagedWriter writer, WriterCore core, long position, boolean owner) {
    this.writer = writer;
    this.core = core;
    this.owner = owner;
    this.granularity = writer.granularity();
    this.most = writer.maxClaim();
    this.start = position / granularity * granularity;
    this.filled = position - start;
    this.nextSize = Math.min(Math.max(FIRST_CLAIM, granularity), most);
    this.tail = new byte[granularity == 1 ? 0 : Math.toIntExact(granularity)];
  }

  /// Opens a file, to append behind what is there; parks. It is closed with the appender.
  ///
  /// @throws IllegalArgumentException where a bound does not fit the file or the engine's pool
  /// @throws IOException where it cannot be opened, its last block has to be read and cannot be, or
  ///   another open file holds a lock on it
  public static Appender open(Engine engine, Path path, WriterOptions options) throws IOException {
    ManagedWriter writer = ManagedWriter.open(engine, path, options);
    boolean opened = false;
    try {
      Appender made = at(writer, writer.core(), writer.size(), true);
      opened = true;
      return made;
    } finally {
      if (!opened) {
        writer.close();
      }
    }
  }

  static Appender at(ManagedWriter writer, WriterCore core, long position, boolean owner)
      throws IOException {
    if (position < 0) {
      throw new IllegalArgumentException("position is negative: " + position);
    }
    Appender made = new Appender(writer, core, position, owner);
    if (made.filled > 0) {
      made.readTail();
    }
    return made;
  }

  /// The writer's file may be open for writing alone, and have another name by now.
  private void readTail() throws IOException {
    int flags = OpenFlag.READ | (writer.handle().flags() & OpenFlag.DIRECT);
    FileHandle file;
    try {
      file = core.engine.open(FileLook.wayTo(writer.handle()), flags, 0);
    } catch (OperationException e) {
      throw new IOException(
          "read of the last block of " + writer.path() + ": " + e.getMessage(), e);
    }
    try (IoBuffer block = core.engine.pool().acquire(granularity)) {
      block.segment().fill((byte) 0);
      Operation read = new Operation().read(file, block, 0, granularity, start);
      core.engine.submit(read);
      read.await();
      keepRest(block.segment(), 0);
    } finally {
      core.engine.close(file);
    }
  }

  /// Keeps what is filled behind `whole`, which is less than a block.
  private long keepRest(MemorySegment from, long whole) {
    long rest = filled - whole;
    if (rest > 0) {
      MemorySegment.copy(from, whole, MemorySegment.ofArray(tail), 0, rest);
      CopyCounter.add(rest);
    }
    return rest;
  }

  // ---- Appending -------------------------------------------------------------------------------

  /// Where the next byte goes, in bytes from the start of the file.
  public long position() {
    return start + filled + behind;
  }

  /// Appends a copy of `bytes`, which [CopyCounter] counts.
  public void append(MemorySegment bytes) throws IOException {
    long from = 0;
    long length = bytes.byteSize();
    while (from < length) {
      long part = Math.min(room(1), length - from);
      MemorySegment.copy(bytes, from, claim.segment(), filled, part);
      CopyCounter.add(part);
      from += part;
      advance(part);
    }
  }

  /// Appends a copy of what remains of `bytes`, whose position moves to its limit; [CopyCounter]
  /// counts it.
  public void append(ByteBuffer bytes) throws IOException {
    append(MemorySegment.ofBuffer(bytes));
    bytes.position(bytes.limit());
  }

  /// Room for at least `least` bytes, to be filled in place; then [#advance]. It is good until the
  /// next call of any other method. The room of a claim that is too short for `least` is given up.
  ///
  /// @param least from 1 to [ManagedWriter#maxClaim()], less a block on a direct file
  public MemorySegment claim(long least) throws IOException {
    if (least < 1 || least > most - (granularity == 1 ? 0 : granularity)) {
      throw new IllegalArgumentException(
          "room for " + least + " bytes, and the largest claim has " + most);
    }
    long room = room(least);
    return claim.segment().asSlice(filled, room);
  }

  /// The first `bytes` of the room that [#claim] gave are filled.
  public void advance(long bytes) throws IOException {
    if (bytes == 0) {
      return;
    }
    if (bytes < 0 || !claim.isOpen() || bytes > claim.size() - filled) {
      throw new IllegalArgumentException("advance by " + bytes + " bytes beyond what was claimed");
    }
    filled += bytes;
    if (filled == claim.size()) {
      commit();
      nextSize = Math.min(2 * nextSize, most);
    }
  }

  /// Opens a claim with at least so much room, and answers how much there is.
  private long room(long least) throws IOException {
    if (claim.isOpen() && claim.size() - filled < least) {
      commitPart();
    }
    if (!claim.isOpen()) {
      open(least);
    }
    return claim.size() - filled;
  }

  private void open(long least) throws IOException {
    if (tailInFlight) {
      core.awaitCommitted();
      tailInFlight = false;
    }
    long size = Math.max(nextSize, filled + least);
    core.claiming().begin(claim, start, Math.min(blocks(size), most));
    if (filled > 0) {
      MemorySegment.copy(MemorySegment.ofArray(tail), 0, claim.segment(), 0, filled);
      CopyCounter.add(filled);
    }
    tailUnwritten = false;
  }

  private long blocks(long bytes) {
    return (bytes + granularity - 1) / granularity * granularity;
  }

  /// Commits a claim that is full. Where that fails, the claim stays open, and full.
  private void commit() throws IOException {
    core.commit(null, claim);
    start += filled;
    filled = behind;
    behind = 0;
    tailUnwritten = filled > 0;
  }

  /// Commits what is filled of a claim: whole blocks now, the rest with the next claim, so that no
  /// block is under way twice.
  private void commitPart() throws IOException {
    if (behind > 0) {
      commit();
      return;
    }
    long whole = filled / granularity * granularity;
    long rest = keepRest(claim.segment(), whole);
    if (whole > 0) {
      claim.shrink(whole);
      filled = whole;
      behind = rest;
      commit();
    } else {
      claim.close();
      tailUnwritten = rest > 0;
    }
  }

  // ---- Ending ----------------------------------------------------------------------------------

  /// Commits what was appended, and parks until all of the writer's commits are written.
  ///
  /// @throws IOException the first failure that nobody was told of
  public void flush() throws IOException {
    if (behind > 0) {
      commit();
    }
    if (tailUnwritten) {
      open(1);
    }
    if (claim.isOpen()) {
      commitAll();
    }
    writer.flush();
  }

  private void commitAll() throws IOException {
    if (filled == 0) {
      claim.close();
      return;
    }
    long whole = filled / granularity * granularity;
    long rest = keepRest(claim.segment(), whole);
    if (filled < claim.size()) {
      claim.shrink(filled);
      nextSize = Math.clamp(blocks(2 * filled), Math.min(FIRST_CLAIM, most), nextSize);
    }
    core.commit(null, claim);
    tailInFlight = rest > 0;
    start += whole;
    filled = rest;
  }

  /// Flushes, then syncs as [ManagedWriter#sync] does.
  public void sync(Durability durability) throws IOException {
    flush();
    writer.sync(durability);
  }

  /// Flushes. Where that fails, what is claimed is given up. A writer of its own is closed,
  /// whatever failed, and then once more does nothing; another one stays open, and once more
  /// flushes it.
  @Override
  public void close() throws IOException {
    if (!owner) {
      end();
    } else if (!core.isClosed()) {
      try (writer) {
        end();
      }
    }
  }

  private void end() throws IOException {
    try {
      flush();
    } finally {
      claim.close();
    }
  }

  @Override
  public String toString() {
    return "Appender[" + writer.path() + " at " + position() + "]";
  }
}
