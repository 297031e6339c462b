package io.ringwell.engine;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import io.ringwell.sys.Errno;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

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
public final class Operation {
  static final int FREE = 0;
  static final int QUEUED = 1;
  static final int SUBMITTED = 2;
  static final int DONE = 3;

  /// How often EINTR or EAGAIN in a row are tried again before the caller is told.
  private static final int MAX_RETRIES = 1000;

  /// `RWF_*` of `linux/fs.h`.
  static final int RWF_DSYNC = 1 << 1;

  static final int RWF_NOWAIT = 1 << 3;
  static final int RWF_DONTCACHE = 1 << 7;

  private static final VarHandle STATE;
  private static final VarHandle WAITER;
  private static final VarHandle TICKET;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(Operation.class, "state", int.class);
      TICKET = lookup.findVarHandle(Operation.class, "ticket", int.class);
      WAITER = lookup.findVarHandle(Operation.class, "waiter", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // What is asked for. Written by the caller while FREE or DONE.
  Kind kind = NopKind.INSTANCE;
  @Nullable FileHandle file;
  @Nullable FileHandle otherFile;
  @Nullable Path path;
  @Nullable Path otherPath;
  long address;
  long length;
  long offset;
  long otherOffset;
  int arguments;
  int mode;
  int rwFlags;
  boolean once;
  Priority priority = Priority.NORMAL;
  long deadlineNanos = Long.MAX_VALUE;
  @Nullable IoBuffer buffer;
  IoBuffer @Nullable [] buffers;
  @Nullable Bytes bytes;
  @Nullable BytesChain chainOfBytes;
  @Nullable Operation linked;
  @Nullable CompletionQueue completions;

  // How far it is. Written by whoever works on it; handed over by queue and state.
  private volatile int state;
  private volatile @Nullable Thread waiter;
  @Nullable CompletableFuture<Operation> future;
  @Nullable Engine engine;
  @Nullable CompletionSink sink;
  @Nullable LinkedRun run;
  long transferred;
  int attemptLimit = Integer.MAX_VALUE;
  private int retries;
  int errno;
  @Nullable Throwable cause;
  long startNanos;
  volatile int ticket;
  volatile boolean cancelled;
  long userData;
  @Nullable RingLoop loop;

  /// The ring that has lent the operation to a worker.
  @Nullable RingLoop lender;
  @Nullable FileHandle opened;
  @Nullable FileInfo info;
  @Nullable Carrier carrier;
  private volatile boolean abandoned;
  int continued;
  private @Nullable Scratch scratch;
  private @Nullable Scratch deadlineScratch;
  private @Nullable Runnable task;

  /// Next in a [CompletionQueue].
  @Nullable Operation nextDone;

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

  /// Writes `length` bytes of `bytes` from `bytesOffset` to `offset` of `file`. The caller's handle
  /// stays the caller's.
  public Operation write(
      FileHandle file, Bytes bytes, long bytesOffset, long length, long offset) {
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
    Scratch vectors = scratch(Scratch.vectorBytes(buffers.length));
    for (int i = 0; i < buffers.length; i++) {
      vectors.vector(i, buffers[i].address(), buffers[i].capacity());
      total += buffers[i].capacity();
    }
    on(VectorKind.READ, file).range(offset, total);
    this.arguments = buffers.length;
    this.buffers = buffers.clone();
    return this;
  }

  /// Writes the fragments of `chain` one after another to `offset` of `file`, gathered by the
  /// kernel and never joined. The caller's handle stays the caller's.
  public Operation writev(FileHandle file, BytesChain chain, long offset) {
    int count = chain.fragments().size();
    Scratch vectors = scratch(Scratch.vectorBytes(count));
    for (int i = 0; i < count; i++) {
      Bytes fragment = chain.fragments().get(i);
      vectors.vector(i, fragment.address(), fragment.size());
    }
    on(VectorKind.WRITE, file).range(offset, chain.size());
    this.arguments = count;
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
  /// has not. Submit the first of a chain; the others follow by themselves. At most
  /// [#MAX_LINKED] in a chain.
  ///
  /// @return `next`, to link a further one to
  public Operation linkTo(Operation next) {
    if (next == this) {
      throw new IllegalArgumentException("an operation cannot be linked to itself");
    }
    linked = next;
    return next;
  }

  /// The most operations that a chain may have.
  public static final int MAX_LINKED = 32;

  /// Where the completion is announced. The operation is done when it is taken from there, not
  /// before: [#await()] does not go with it.
  public Operation notifying(CompletionQueue queue) {
    completions = queue;
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
    Thread current = Thread.currentThread();
    if (!WAITER.compareAndSet(this, null, current)) {
      throw new IllegalStateException("another thread waits for " + this);
    }
    try {
      while (state != DONE) {
        if (deadlineNanos == Long.MAX_VALUE) {
          LockSupport.park(this);
        } else {
          long left = deadlineNanos - System.nanoTime();
          if (left <= 0) {
            abandon();
            throw failure(Errno.ETIME, transferred);
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

  /// The waiter goes; the operation stays with its engine. A file that it opens nobody will use.
  private void abandon() {
    Engine owner = engine;
    abandoned = true;
    if (owner != null) {
      owner.cancel(this);
    }
    if (state == DONE) {
      dropOpened();
    }
  }

  private void dropOpened() {
    FileHandle unused = opened;
    if (unused != null) {
      unused.closeInBackground();
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
      throw failure(errno, transferred);
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

  /// What a [#statx] answered.
  public FileInfo fileInfo() throws OperationException {
    result();
    return Objects.requireNonNull(info, "the operation asked no file");
  }

  /// Which operation this is.
  public OpCode code() {
    return kind.code;
  }

  // ---- For engines -----------------------------------------------------------------------------

  private Operation prepare(Kind kind) {
    requireMine();
    state = FREE;
    this.kind = kind;
    file = null;
    otherFile = null;
    path = null;
    otherPath = null;
    address = 0;
    length = -1;
    offset = -1;
    otherOffset = 0;
    arguments = 0;
    mode = 0;
    rwFlags = 0;
    once = false;
    priority = Priority.NORMAL;
    deadlineNanos = Long.MAX_VALUE;
    buffer = null;
    bytes = null;
    chainOfBytes = null;
    buffers = null;
    linked = null;
    completions = null;
    future = null;
    transferred = 0;
    opened = null;
    info = null;
    return this;
  }

  private Operation on(Kind kind, FileHandle file) {
    prepare(kind).file = Objects.requireNonNull(file, "file");
    return this;
  }

  private void range(long offset, long length) {
    requireNotNegative("offset", offset);
    requireNotNegative("length", length);
    if (offset + length < 0) {
      throw new IllegalArgumentException(
          "offset " + offset + " plus length " + length + " is past the largest offset");
    }
    this.offset = offset;
    this.length = length;
  }

  private static void requireNotNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is negative: " + value);
    }
  }

  private void requireMine() {
    int now = state;
    if (now == QUEUED || now == SUBMITTED) {
      throw new IllegalStateException("the operation is in flight: " + this);
    }
  }

  private void requireDone() {
    if (state != DONE) {
      throw new IllegalStateException("the operation has not completed: " + this);
    }
  }

  /// FREE becomes QUEUED: memory is lent, and the operation is the engine's.
  void begin(Engine engine) {
    int now = state;
    if (now != FREE) {
      throw new IllegalStateException(
          now == DONE ? "prepare the operation anew: " + this : "in flight already: " + this);
    }
    if (kind == CloseKind.INSTANCE) {
      handle().startClose(engine);
    } else if (file != null) {
      file.requireUsable(engine);
    }
    if (otherFile != null) {
      otherFile.requireUsable(engine);
    }
    lend();
    this.engine = engine;
    sink = null;
    run = null;
    errno = 0;
    cause = null;
    retries = 0;
    continued = 0;
    attemptLimit = Integer.MAX_VALUE;
    loop = null;
    lender = null;
    carrier = null;
    cancelled = false;
    abandoned = false;
    TICKET.setRelease(this, ticket + 1);
    STATE.setRelease(this, QUEUED);
  }

  /// QUEUED becomes FREE again: the engine had no room.
  void unbegin() {
    if (kind == CloseKind.INSTANCE) {
      handle().unstartClose();
    }
    giveBack();
    STATE.setRelease(this, FREE);
  }

  void submitted() {
    STATE.setRelease(this, SUBMITTED);
  }

  /// Taken from a [CompletionQueue]: from here on it is the caller's.
  void taken() {
    STATE.setRelease(this, DONE);
  }

  boolean isSubmitted() {
    return state == SUBMITTED;
  }

  boolean isFree() {
    return state == FREE;
  }

  /// FREE becomes DONE on the caller's own thread, without an engine having had it.
  void doneAtOnce() {
    errno = 0;
    STATE.setRelease(this, DONE);
  }

  private void lend() {
    if (buffer != null) {
      buffer.lend();
    }
    if (bytes != null) {
      bytes.lend();
    }
    if (chainOfBytes != null) {
      for (Bytes fragment : chainOfBytes.fragments()) {
        fragment.lend();
      }
    }
    if (buffers != null) {
      for (IoBuffer b : buffers) {
        b.lend();
      }
    }
  }

  private void giveBack() {
    if (buffer != null) {
      buffer.giveBack();
    }
    if (bytes != null) {
      bytes.giveBack();
    }
    if (chainOfBytes != null) {
      for (Bytes fragment : chainOfBytes.fragments()) {
        fragment.giveBack();
      }
    }
    if (buffers != null) {
      for (IoBuffer b : buffers) {
        b.giveBack();
      }
    }
  }

  long remaining() {
    return length - transferred;
  }

  /// Becomes DONE and tells whoever waits. The last thing that an engine does with an operation:
  /// from here on the caller may use it again.
  ///
  /// @param announcements where completions for queues are gathered; null to announce at once
  void finish(Executor callbacks, @Nullable Announcements announcements) {
    giveBack();
    CompletionQueue queue = completions;
    CompletableFuture<Operation> stage = future;
    OperationException failed =
        stage != null && errno != 0 ? failure(errno, transferred) : null;
    engine = null;
    run = null;
    sink = null;
    if (queue == null) {
      STATE.setVolatile(this, DONE);
      if (abandoned) {
        dropOpened();
      }
      Thread parked = waiter;
      if (parked != null) {
        LockSupport.unpark(parked);
      }
    } else if (announcements != null) {
      announcements.add(queue, this);
    } else {
      queue.add(this);
    }
    if (stage != null) {
      callbacks.execute(
          () -> {
            if (failed == null) {
              stage.complete(this);
            } else {
              stage.completeExceptionally(failed);
            }
          });
    }
  }

  /// Native memory of this operation's own, at least `bytes` of it.
  Scratch scratch(long bytes) {
    Scratch own = scratch;
    if (own == null || own.byteSize() < bytes) {
      own = new Scratch(bytes);
      scratch = own;
    }
    return own;
  }

  /// The same, where preparing made it.
  Scratch scratch() {
    return Objects.requireNonNull(scratch);
  }

  /// Memory for the time of a deadline, apart from what the kind uses.
  Scratch deadlineScratch() {
    Scratch own = deadlineScratch;
    if (own == null) {
      own = new Scratch(16);
      deadlineScratch = own;
    }
    return own;
  }

  FileHandle handle() {
    return Objects.requireNonNull(file);
  }

  FileHandle otherHandle() {
    return Objects.requireNonNull(otherFile);
  }

  Path firstPath() {
    return Objects.requireNonNull(path);
  }

  Path secondPath() {
    return Objects.requireNonNull(otherPath);
  }

  Carrier carrier() {
    return Objects.requireNonNull(carrier);
  }

  /// This operation as a task of a worker; made once.
  Runnable task() {
    Runnable own = task;
    if (own == null) {
      own = () -> carrier().run(this);
      task = own;
    }
    return own;
  }

  /// One attempt ended: told to a wrapping engine first, where there is one.
  void attempted(int result) {
    CompletionSink outer = sink;
    if (outer == null) {
      settle(result);
    } else {
      outer.attempted(this, result);
    }
  }

  /// Takes the result of an attempt: goes on, or finishes, and so do those linked behind.
  void settle(int result) {
    LinkedRun linkedRun = run;
    if (linkedRun != null) {
      linkedRun.settle(this, result);
      return;
    }
    if (advance(result)) {
      Objects.requireNonNull(engine).again(this);
      return;
    }
    Operation next = linked;
    Engine owner = Objects.requireNonNull(engine);
    boolean succeeded = errno == 0;
    Carrier mine = carrier();
    mine.finish(this);
    if (next != null) {
      if (succeeded) {
        owner.again(next);
      } else {
        cancelChain(next, mine);
      }
    }
  }

  /// An operation failed: those linked behind it are cancelled.
  static void cancelChain(Operation first, Carrier carrier) {
    Operation op = first;
    while (op != null) {
      Operation next = op.linked;
      op.errno = Errno.ECANCELED;
      carrier.finish(op);
      op = next;
    }
  }

  /// Books the result of one attempt.
  ///
  /// @return whether another attempt is due; otherwise the operation has ended, with `errno`
  boolean advance(int raw) {
    int result = kind.meaning(raw);
    if (result < 0) {
      return !ends(-result);
    }
    if (!kind.transfers()) {
      kind.succeeded(this, result);
      return false;
    }
    long asked = Math.min(remaining(), attemptLimit);
    attemptLimit = Integer.MAX_VALUE;
    retries = 0;
    kind.moved(this, result);
    if (once || remaining() == 0) {
      return false;
    }
    boolean writing = kind.code == OpCode.WRITE || kind.code == OpCode.WRITEV;
    if (result == 0) {
      errno = writing ? Errno.EIO : 0;
      return false;
    }
    if (!handle().isSeekable() && !writing) {
      return false;
    }
    long past = handle().isDirect() ? (offset + transferred) % handle().offsetAlign() : 0;
    if (past != 0) {
      // A direct read that stops off the grid has met the end of the file; a direct write goes on
      // from the last grid line that it passed.
      if (!writing || result <= past) {
        errno = writing ? Errno.EIO : 0;
        return false;
      }
      kind.moved(this, (int) -past);
    }
    if (cancelled) {
      errno = cancelledErrno();
      return false;
    }
    if (result < asked && result < Kind.MAX_BUFFERED_BYTES) {
      continued++;
    }
    return true;
  }

  private boolean ends(int error) {
    attemptLimit = Integer.MAX_VALUE;
    if (error == Errno.ECANCELED || (cancelled && error == Errno.EINTR)) {
      errno = cancelledErrno();
      return true;
    }
    boolean retry =
        error == Errno.EINTR
            || (error == Errno.EAGAIN
                && (rwFlags & RWF_NOWAIT) == 0
                && (file == null || file.isSeekable()));
    if (retry && !cancelled && retries++ < MAX_RETRIES) {
      return false;
    }
    errno = error;
    return true;
  }

  private int cancelledErrno() {
    return deadlineNanos != Long.MAX_VALUE && deadlineNanos - System.nanoTime() <= 0
        ? Errno.ETIME : Errno.ECANCELED;
  }

  OperationException failure(int errno, long transferred) {
    OperationException failure =
        new OperationException(
            kind.code,
            path != null ? path.toString() : file != null ? file.path().toString() : null,
            otherPath != null ? otherPath.toString() : null,
            kind.hasOffset() ? offset : -1,
            kind.hasLength() ? length : -1,
            transferred,
            errno,
            kind.remedy(this, errno));
    if (cause != null) {
      failure.initCause(cause);
    }
    return failure;
  }

  @Override
  public String toString() {
    String name =
        switch (state) {
          case FREE -> "free";
          case QUEUED -> "queued";
          case SUBMITTED -> "submitted";
          default -> "done";
        };
    return kind.code.label()
        + (path != null ? " " + path : file != null ? " " + file.path() : "")
        + (kind.hasOffset() ? " at " + offset : "")
        + (kind.hasLength() ? " for " + length + " bytes" : "")
        + " ("
        + name
        + ")";
  }
}
