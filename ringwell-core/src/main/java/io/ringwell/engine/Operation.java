package io.ringwell.engine;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import io.ringwell.sys.Errno;
import io.ringwell.sys.SocketAddresses;
import io.ringwell.sys.SocketCalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;

/// One operation: a slot that its caller owns, fills, submits, waits for, and may use again.
///
/// ```java
/// Operation op = new Operation();
/// engine.submit(op.read(file, buffer, 0, 4096, offset));
/// long bytes = op.await();
/// ```
///
/// **Life.**
///
/// | state | whose it is | left by |
/// |---|---|---|
/// | FREE | the caller's: prepare and set options | [Engine#submit] |
/// | QUEUED | the engine's, waiting | the engine takes it up |
/// | SUBMITTED | the kernel's or a worker's | its own completion |
/// | ABANDONED | as QUEUED and SUBMITTED, but its waiter was interrupted or met the deadline | its own completion |
/// | DONE | the caller's: ask [#result()], prepare anew | preparing |
///
/// Preparing or submitting one that is QUEUED or SUBMITTED throws [IllegalStateException].
///
/// **Waiting.** Park: [#await()], which unmounts a virtual thread. Stage: [#stage()], asked for
/// before submitting. Poll: [#isDone()], or a [CompletionQueue] given to [#notifying] before
/// submitting; these two allocate nothing.
///
/// **Memory** is lent from submission to completion. Closing a buffer or interrupting a waiter does
/// not end that, and neither does a cancel or a deadline: only the operation's own completion does.
///
/// **Results.** A transfer is continued until all of its length is moved, the file ends, or it
/// fails; [#once()] asks for a single attempt. The result is the number of bytes moved, less than
/// asked for only at the end of the file; for other operations it is 0.
///
/// **Threads.** One thread prepares, submits and waits; [Engine#cancel] may come from any.
public final class Operation extends OperationSlot {
  /// The most operations that a chain may have.
  public static final int MAX_LINKED = 32;

  private long tag;

  public Operation() {}

  // ---- What to do ------------------------------------------------------------------------------

  /// Nothing: goes to the engine and comes back.
  public Operation nop() {
    return prepare(NopKind.INSTANCE);
  }

  /// Opens `path`; [#openedFile()] is the file.
  ///
  /// @param flags bits of [OpenFlag]
  /// @param mode permissions of a file that is created, before the umask
  public Operation open(Path path, int flags, int mode) {
    prepare(OpenKind.INSTANCE).path = Kind.systemPath(path);
    this.arguments = flags;
    this.mode = mode;
    return this;
  }

  /// Closes `file` when the operations that are in flight on it have completed.
  public Operation close(FileHandle file) {
    return on(CloseKind.INSTANCE, file);
  }

  /// Reads `length` bytes at `offset` of `file` into `buffer` at `bufferOffset`.
  public Operation read(
      FileHandle file, IoBuffer buffer, long bufferOffset, long length, long offset) {
    Objects.checkFromIndexSize(bufferOffset, length, buffer.capacity());
    on(ReadKind.INSTANCE, file).range(offset, length);
    this.buffer = buffer;
    this.address = buffer.address() + bufferOffset;
    return this;
  }

  /// Opens the file at `path`, reads up to `length` bytes from its start into `buffer` at
  /// `bufferOffset`, and closes it: one operation, which leaves no file open however it ends. A
  /// result below `length` is all of the file; one of `length` may be a part of it. For regular
  /// files: of a pipe it may wait for a writer.
  ///
  /// Many at once cost a ring about one system call for ten files. What is longer than 1 MiB, or
  /// has a [#deadline], a worker reads.
  public Operation readFile(Path path, IoBuffer buffer, long bufferOffset, long length) {
    Objects.checkFromIndexSize(bufferOffset, length, buffer.capacity());
    if (length < 1 || length > Kind.MAX_DIRECT_BYTES) {
      throw new IllegalArgumentException(
          "length must be from 1 to " + Kind.MAX_DIRECT_BYTES + ", not " + length);
    }
    requireMine();
    ReadFileKind.preparePath(this, Kind.systemPath(path));
    prepare(ReadFileKind.INSTANCE).path = path;
    this.length = length;
    this.buffer = buffer;
    this.address = buffer.address() + bufferOffset;
    return this;
  }

  /// Writes `length` bytes of `bytes` from `bytesOffset` to `offset` of `file`. The caller's handle
  /// stays the caller's.
  public Operation write(FileHandle file, Bytes bytes, long bytesOffset, long length, long offset) {
    Objects.checkFromIndexSize(bytesOffset, length, bytes.size());
    on(WriteKind.INSTANCE, file).range(offset, length);
    this.bytes = bytes;
    this.address = bytes.address() + bytesOffset;
    return this;
  }

  /// Writes from a buffer that is still being used: the caller leaves that part of it alone until
  /// the operation is done.
  public Operation write(
      FileHandle file, IoBuffer buffer, long bufferOffset, long length, long offset) {
    Objects.checkFromIndexSize(bufferOffset, length, buffer.capacity());
    on(WriteKind.INSTANCE, file).range(offset, length);
    this.buffer = buffer;
    this.address = buffer.address() + bufferOffset;
    return this;
  }

  /// Reads at `offset` of `file` into `buffers` one after another, filling each.
  public Operation readv(FileHandle file, IoBuffer[] buffers, long offset) {
    long total = 0;
    requireMine();
    Scratch vectors = scratch(Scratch.vectorBytes(buffers.length));
    for (int i = 0; i < buffers.length; i++) {
      vectors.vector(i, buffers[i].address(), buffers[i].capacity());
      total += buffers[i].capacity();
    }
    on(VectorKind.READ, file).range(offset, total);
    this.arguments = buffers.length;
    this.otherOffset = vectors.begin(buffers.length);
    this.buffers = buffers.clone();
    return this;
  }

  /// Writes the fragments of `chain` one after another to `offset` of `file`, gathered by the
  /// kernel and never joined. The caller's handle stays the caller's.
  public Operation writev(FileHandle file, BytesChain chain, long offset) {
    requireMine();
    int count = chain.fragments().size();
    Scratch vectors = scratch(Scratch.vectorBytes(count));
    vectors.vectors(chain);
    on(VectorKind.WRITE, file).range(offset, chain.size());
    this.arguments = count;
    this.otherOffset = vectors.begin(count);
    this.chainOfBytes = chain;
    return this;
  }

  /// Brings data and metadata of what was written before to the device (fsync(2)). Writes that are
  /// still in flight are not covered: await them first, or link the sync to them.
  public Operation fsync(FileHandle file) {
    return on(SyncKind.FSYNC, file);
  }

  /// As [#fsync], without metadata that reading the data does not need (fdatasync(2)).
  public Operation fdatasync(FileHandle file) {
    return on(SyncKind.FDATASYNC, file);
  }

  /// Starts or awaits write-back of a range, without any promise of durability
  /// (sync_file_range(2)).
  ///
  /// @param flags `SYNC_FILE_RANGE_*` bits: 1 waits before, 2 starts, 4 waits after
  public Operation syncFileRange(FileHandle file, long offset, long length, int flags) {
    on(RangeSyncKind.INSTANCE, file).range(offset, length);
    this.arguments = flags;
    return this;
  }

  /// Allocates storage for a range, so that writing it does not fail with ENOSPC (fallocate(2)).
  ///
  /// @param keepSize whether the file keeps its size where the range lies past its end
  public Operation allocate(FileHandle file, long offset, long length, boolean keepSize) {
    on(AllocateKind.ALLOCATE, file).range(offset, length);
    this.arguments = keepSize ? AllocateKind.KEEP_SIZE : 0;
    return this;
  }

  /// Gives the storage of a range back; it reads as zeros, and the file keeps its size.
  public Operation punchHole(FileHandle file, long offset, long length) {
    on(AllocateKind.PUNCH_HOLE, file).range(offset, length);
    this.arguments = AllocateKind.KEEP_SIZE | AllocateKind.PUNCH;
    return this;
  }

  /// Asks about an open file; [#fileInfo()] is the answer.
  public Operation statx(FileHandle file) {
    return on(StatKind.INSTANCE, file);
  }

  /// Asks about a path; [#fileInfo()] is the answer.
  public Operation statx(Path path, boolean followLinks) {
    prepare(StatKind.INSTANCE).path = Kind.systemPath(path);
    this.arguments = followLinks ? 0 : 1;
    return this;
  }

  /// Sets the size of a file (ftruncate(2)).
  public Operation truncate(FileHandle file, long size) {
    requireNotNegative("size", size);
    on(TruncateKind.INSTANCE, file).offset = size;
    return this;
  }

  /// Renames `from` to `to`, replacing what is there unless `noReplace`.
  public Operation rename(Path from, Path to, boolean noReplace) {
    prepare(RenameKind.INSTANCE).path = Kind.systemPath(from);
    this.otherPath = Kind.systemPath(to);
    this.arguments = noReplace ? 1 : 0;
    return this;
  }

  /// Removes a file, or an empty directory where `directory`.
  public Operation unlink(Path path, boolean directory) {
    prepare(UnlinkKind.INSTANCE).path = Kind.systemPath(path);
    this.arguments = directory ? 1 : 0;
    return this;
  }

  /// Makes a directory with permissions `mode`, before the umask.
  public Operation mkdir(Path path, int mode) {
    prepare(MkdirKind.INSTANCE).path = Kind.systemPath(path);
    this.mode = mode;
    return this;
  }

  /// Advises the kernel about memory of `buffer` (madvise(2)).
  public Operation madvise(IoBuffer buffer, long bufferOffset, long length, int advice) {
    Objects.checkFromIndexSize(bufferOffset, length, buffer.capacity());
    prepare(AdviseKind.INSTANCE).length = length;
    this.buffer = buffer;
    this.address = buffer.address() + bufferOffset;
    this.arguments = advice;
    return this;
  }

  /// Moves up to `length` bytes between two open files of which one is a pipe (splice(2)), without
  /// a copy through user memory. One attempt; the result is the bytes moved.
  ///
  /// @param fromOffset where to read; -1 for a pipe
  /// @param toOffset where to write; -1 for a pipe
  public Operation splice(
      FileHandle from, long fromOffset, FileHandle to, long toOffset, long length) {
    on(SpliceKind.INSTANCE, from).offset = fromOffset;
    this.length = length;
    this.otherFile = to;
    this.otherOffset = toOffset;
    return this;
  }

  /// Locks a range of `file` for the open file that the handle is (an open file description lock of
  /// fcntl(2)): advisory, held until [#unlock] or close. Fails with EAGAIN where another open file
  /// holds it and `wait` is false; a waiting one holds a worker for as long.
  ///
  /// @param length 0 reaches to the end of the file, wherever that will be
  public Operation lock(
      FileHandle file, long offset, long length, boolean exclusive, boolean wait) {
    on(LockKind.INSTANCE, file).range(offset, length);
    this.arguments = exclusive ? LockKind.EXCLUSIVE : LockKind.SHARED;
    this.otherOffset = wait ? 1 : 0;
    return this;
  }

  /// Gives up what [#lock] took of a range.
  public Operation unlock(FileHandle file, long offset, long length) {
    on(LockKind.INSTANCE, file).range(offset, length);
    this.arguments = LockKind.UNLOCK;
    return this;
  }

  /// Makes `to` share all storage of `from`, where their file system can (ioctl_ficlone(2)).
  public Operation cloneTo(FileHandle from, FileHandle to) {
    on(CloneKind.INSTANCE, from).otherFile = Objects.requireNonNull(to, "to");
    return this;
  }

  /// Copies up to `length` bytes inside the kernel (copy_file_range(2)). One attempt; the result is
  /// the bytes copied, 0 at the end of `from`.
  public Operation copyRange(
      FileHandle from, long fromOffset, FileHandle to, long toOffset, long length) {
    on(CopyRangeKind.INSTANCE, from).range(fromOffset, length);
    requireNotNegative("toOffset", toOffset);
    this.otherFile = Objects.requireNonNull(to, "to");
    this.otherOffset = toOffset;
    return this;
  }

  /// Finds the first byte at or behind `offset` that is data, or that is in a hole (the end of the
  /// file is one). The result is its offset, -1 where no data follow.
  public Operation seek(FileHandle file, long offset, boolean hole) {
    on(SeekKind.INSTANCE, file).range(offset, 0);
    this.arguments = hole ? SeekKind.HOLE : SeekKind.DATA;
    return this;
  }

  /// Gives `file` the permissions, access time and modification time that `like` has.
  public Operation setAttributes(FileHandle file, FileInfo like) {
    on(AttributesKind.INSTANCE, file).info = like;
    return this;
  }

  /// Completes when `duration` has passed.
  public Operation timeout(Duration duration) {
    prepare(TimeoutKind.INSTANCE).length = duration.toNanos();
    requireNotNegative("duration", length);
    return this;
  }

  // ---- Sockets ---------------------------------------------------------------------------------

  /// Makes a socket that listens at `address`; [#openedSocket()] is it. Where any of it fails,
  /// nothing is left open. A port that was closed just now may be taken again (SO_REUSEADDR).
  ///
  /// @param address of IP, or of the Unix domain; port 0 takes one that is free
  /// @param backlog connections that may wait to be accepted
  public Operation listen(SocketAddress address, int backlog) {
    SocketAddresses.family(address);
    prepare(ListenKind.INSTANCE).peer = address;
    this.arguments = backlog;
    return this;
  }

  /// Waits for a connection to `listener`; [#openedSocket()] is it. Several may wait at once.
  public Operation accept(SocketHandle listener) {
    return on(AcceptKind.INSTANCE, listener.file);
  }

  /// Makes a socket that is connected to `address`; [#openedSocket()] is it. Where that fails,
  /// nothing is left open. It may take minutes to: give it a [#deadline].
  public Operation connect(SocketAddress address) {
    SocketAddresses.family(address);
    prepare(ConnectKind.INSTANCE).peer = address;
    ConnectKind.prepare(this, address);
    return this;
  }

  /// Receives what comes next, up to `length` bytes, into `buffer` at `bufferOffset`. The result is
  /// 0 where the peer has ended its direction, and only there: of a peer that has broken off, the
  /// receive is told even where a send was told before (the kernel tells once).
  public Operation receive(SocketHandle socket, IoBuffer buffer, long bufferOffset, long length) {
    Objects.checkFromIndexSize(bufferOffset, length, buffer.capacity());
    on(ReceiveKind.INSTANCE, socket.file).length = length;
    this.buffer = buffer;
    this.address = buffer.address() + bufferOffset;
    return this;
  }

  /// The same into native memory, which nobody counts the lends of: the caller neither frees nor
  /// reuses it before the operation is done, also where it was cancelled.
  public Operation receive(SocketHandle socket, MemorySegment memory) {
    on(ReceiveKind.INSTANCE, socket.file).length = memory.byteSize();
    return in(memory);
  }

  /// Sends `length` bytes of `bytes` from `bytesOffset`, all of them. The caller's handle stays the
  /// caller's.
  public Operation send(SocketHandle socket, Bytes bytes, long bytesOffset, long length) {
    Objects.checkFromIndexSize(bytesOffset, length, bytes.size());
    on(SendKind.INSTANCE, socket.file).length = length;
    this.bytes = bytes;
    this.address = bytes.address() + bytesOffset;
    return this;
  }

  /// The same from a buffer that is still being used: the caller leaves that part of it alone until
  /// the operation is done.
  public Operation send(SocketHandle socket, IoBuffer buffer, long bufferOffset, long length) {
    Objects.checkFromIndexSize(bufferOffset, length, buffer.capacity());
    on(SendKind.INSTANCE, socket.file).length = length;
    this.buffer = buffer;
    this.address = buffer.address() + bufferOffset;
    return this;
  }

  /// The same from native memory, which is the caller's duty as with [#receive(SocketHandle,
  /// MemorySegment)].
  public Operation send(SocketHandle socket, MemorySegment memory) {
    on(SendKind.INSTANCE, socket.file).length = memory.byteSize();
    return in(memory);
  }

  /// Sends the fragments of `chain` one after another, gathered by the kernel and never joined. The
  /// caller's handle stays the caller's.
  public Operation send(SocketHandle socket, BytesChain chain) {
    requireMine();
    int count = chain.fragments().size();
    Scratch vectors = scratch(SendVectorKind.scratchBytes(count));
    vectors.vectors(chain);
    on(SendVectorKind.VECTORS, socket.file).length = chain.size();
    this.arguments = count;
    this.otherOffset = vectors.begin(count);
    this.chainOfBytes = chain;
    return this;
  }

  /// Sends `parts[0]` to `parts[count - 1]` one after another, gathered by the kernel; native
  /// memory, which is the caller's duty as with [#receive(SocketHandle, MemorySegment)]. The array,
  /// too, is left alone until the operation is done.
  public Operation send(SocketHandle socket, MemorySegment[] parts, int count) {
    requireMine();
    Scratch vectors = scratch(SendVectorKind.scratchBytes(count));
    long total = 0;
    for (int i = 0; i < count; i++) {
      vectors.vector(i, requireNative(parts[i]).address(), parts[i].byteSize());
      total += parts[i].byteSize();
    }
    on(SendVectorKind.VECTORS, socket.file).length = total;
    this.arguments = count;
    this.otherOffset = vectors.begin(count);
    this.memory = parts;
    return this;
  }

  private Operation in(MemorySegment segment) {
    this.address = requireNative(segment).address();
    this.memory = segment;
    return this;
  }

  private static MemorySegment requireNative(MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("the kernel needs native memory, not of the heap");
    }
    return segment;
  }

  /// This send of one piece of memory is made from where it lies: the kernel copies nothing, and
  /// the operation is done when the peer has confirmed all of it. Worth it from some 16 KiB on.
  /// Copied all the same where the kernel has it not, and on Unix domain sockets.
  ///
  /// A cancel, a deadline, and the end of the engine break the connection off, by a reset, where
  /// the kernel has taken bytes that the peer has not confirmed: nothing else gives the memory
  /// back.
  public Operation zeroCopy() {
    if (kind != SendKind.INSTANCE) {
      throw new IllegalStateException("only a send of one piece of memory: " + this);
    }
    mode = SendKind.ZERO_COPY;
    return this;
  }

  /// Ends the direction to the peer, who then receives 0 behind what was sent; the other goes on.
  public Operation endOutput(SocketHandle socket) {
    on(ShutdownKind.INSTANCE, socket.file).arguments = SocketCalls.SHUT_WR;
    return this;
  }

  /// Closes `socket` when the operations that are in flight on it have completed. What waits for a
  /// peer is to be cancelled before.
  public Operation close(SocketHandle socket) {
    return on(CloseKind.INSTANCE, socket.file);
  }

  // ---- How to do it ----------------------------------------------------------------------------

  /// Cancels the operation, which then fails with ETIME, when `nanoTime` ([System#nanoTime]) has
  /// come. [#await()] answers then; the memory stays lent until the kernel lets go of it.
  public Operation deadline(long nanoTime) {
    this.deadlineNanos = nanoTime;
    return this;
  }

  /// Which operations go first; NORMAL unless said otherwise.
  public Operation priority(Priority priority) {
    this.priority = priority;
    return this;
  }

  /// This write is complete when its data are on the device (RWF_DSYNC).
  public Operation durable() {
    rwFlags |= RWF_DSYNC;
    return this;
  }

  /// This transfer fails with EAGAIN rather than wait for a device or a lock (RWF_NOWAIT).
  public Operation noWait() {
    rwFlags |= RWF_NOWAIT;
    return this;
  }

  /// This transfer leaves nothing in the page cache (RWF_DONTCACHE, Linux 6.14).
  public Operation dontCache() {
    rwFlags |= RWF_DONTCACHE;
    return this;
  }

  /// One attempt: a short result is not continued.
  public Operation once() {
    once = true;
    return this;
  }

  /// `next` starts when this operation has succeeded in full, and is cancelled (ECANCELED) when it
  /// has not. Submit the first of a chain; the others follow by themselves. At most [#MAX_LINKED]
  /// in a chain.
  ///
  /// @return `next`, to link a further one to
  public Operation linkTo(Operation next) {
    if (next == this) {
      throw new IllegalArgumentException("an operation cannot be linked to itself");
    }
    linked = next;
    return next;
  }

  /// A number of the caller's own, such as the index of a buffer. Preparing anew leaves it alone.
  public Operation tag(long tag) {
    this.tag = tag;
    return this;
  }

  /// The number that [#tag(long)] set; 0 before.
  public long tag() {
    return tag;
  }

  /// Where the completion is announced. The operation is done when it is taken from there, not
  /// before: [#await()] does not go with it.
  public Operation notifying(CompletionQueue queue) {
    completions = queue;
    return this;
  }

  /// Who is told on the engine's own thread, which it must not block. The operation is done then.
  /// Not together with the other ways to wait.
  public Operation listener(CompletionListener listener) {
    this.listener = listener;
    return this;
  }

  // ---- Waiting ---------------------------------------------------------------------------------

  /// Whether the operation has completed: then this thread sees all that it did.
  public boolean isDone() {
    return state == DONE;
  }

  /// Waits until the operation has completed.
  ///
  /// An interrupt cancels the operation and throws: the thread is free, the file stays open, the
  /// memory stays lent until the completion.
  ///
  /// Waiting again after the deadline, or after an interrupt, waits for the operation's own
  /// completion, after which slot and memory are free.
  ///
  /// @return as [#result()]
  /// @throws OperationException where it failed
  /// @throws InterruptedIOException where the thread was interrupted
  public long await() throws IOException {
    if (state == FREE) {
      throw new IllegalStateException("the operation was not submitted: " + this);
    }
    if (state != DONE) {
      awaitDone();
    }
    return result();
  }

  private void awaitDone() throws IOException {
    if (completions != null) {
      throw new IllegalStateException("take the operation from its completion queue: " + this);
    }
    // Who waits again after the deadline waits for the kernel to let go.
    long deadline = isAbandoned() ? Long.MAX_VALUE : deadlineNanos;
    Thread current = Thread.currentThread();
    if (!WAITER.compareAndSet(this, null, current)) {
      throw new IllegalStateException("another thread waits for " + this);
    }
    try {
      while (state != DONE) {
        if (deadline == Long.MAX_VALUE) {
          LockSupport.park(this);
        } else {
          long left = deadline - System.nanoTime();
          if (left <= 0) {
            abandon();
            throw failure(Errno.ETIME);
          }
          LockSupport.parkNanos(this, left);
        }
        if (state != DONE && Thread.interrupted()) {
          abandon();
          throw new InterruptedIOException("interrupted while waiting: " + this);
        }
      }
    } finally {
      waiter = null;
    }
  }

  /// The waiter goes; the operation stays with its engine.
  private void abandon() {
    Engine owner = engine;
    if (!markAbandoned()) {
      closeUnused();
    } else if (owner != null) {
      owner.cancel(this);
    }
  }

  /// A stage that completes with this operation, on the engine's executor for callbacks; a failure
  /// completes it with the [OperationException]. To be asked for before submitting.
  public CompletionStage<Operation> stage() {
    requireMine();
    CompletableFuture<Operation> stage = new CompletableFuture<>();
    future = stage;
    return stage;
  }

  /// What a completed operation answered: bytes moved, or 0.
  ///
  /// @throws OperationException where it failed
  /// @throws IllegalStateException where it has not completed
  public long result() throws OperationException {
    requireDone();
    if (errno != 0) {
      throw failure(errno);
    }
    return transferred;
  }

  /// The error number of a completed operation, 0 where it succeeded. Allocates nothing.
  public int errno() {
    requireDone();
    return errno;
  }

  /// Bytes moved so far by a completed operation, also where it failed then.
  public long transferred() {
    requireDone();
    return transferred;
  }

  /// The file that an [#open] opened.
  public FileHandle openedFile() throws OperationException {
    result();
    return Objects.requireNonNull(opened, "the operation opened no file");
  }

  /// The socket that a [#listen], [#accept] or [#connect] made.
  public SocketHandle openedSocket() throws OperationException {
    result();
    return Objects.requireNonNull(opened, "the operation made no socket").asSocket();
  }

  /// What a [#statx] answered.
  public FileInfo fileInfo() throws OperationException {
    result();
    return Objects.requireNonNull(info, "the operation asked no file");
  }

  /// Which operation this is.
  public OpCode code() {
    return kind.code;
  }

  // ---- Preparing -------------------------------------------------------------------------------

  private Operation prepare(Kind kind) {
    requireMine();
    becomeFree();
    clear(kind);
    future = null;
    transferred = 0;
    info = null;
    return this;
  }

  private Operation on(Kind kind, FileHandle file) {
    prepare(kind).file = Objects.requireNonNull(file, "file");
    return this;
  }

  private void requireMine() {
    int now = state;
    if (now != FREE && now != DONE) {
      throw new IllegalStateException("the operation is in flight: " + this);
    }
  }

  private void requireDone() {
    if (state != DONE) {
      throw new IllegalStateException("the operation has not completed: " + this);
    }
  }

  @Override
  public String toString() {
    return describe();
  }
}
