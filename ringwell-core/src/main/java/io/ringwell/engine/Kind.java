package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.TransferCalls;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/// What one kind of operation is to each engine: how a ring is told, which call a worker makes, and
/// what to do where there is `FileChannel` alone. One small file a kind, so that a new operation is
/// written in one place.
abstract class Kind {
  /// The most that one attempt at a buffered transfer moves. A cold buffered read holds whoever
  /// submits it, an 8 MiB one for 0.75 ms; what is longer goes on in further attempts.
  static final int MAX_BUFFERED_BYTES = 1 << 20;

  /// The most that one attempt at a direct transfer moves: below the 0x7ffff000 of rw_verify_area,
  /// and aligned.
  static final int MAX_DIRECT_BYTES = 1 << 30;

  final OpCode code;

  /// The operation's number in io_uring.
  final int ringOpcode;

  Kind(OpCode code, int ringOpcode) {
    this.code = code;
    this.ringOpcode = ringOpcode;
  }

  /// Writes the submission.
  abstract void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData);

  /// Does it by a blocking call.
  ///
  /// @return a count or 0, or minus the error number
  abstract int call(Operation op);

  /// Does it by `FileChannel` and `Files`.
  ///
  /// @return a count or 0, or minus the error number
  int channel(Operation op) throws IOException {
    return -Errno.EOPNOTSUPP;
  }

  /// Whether `FileChannel` and `Files` can do it.
  boolean inChannel() {
    return false;
  }

  /// Whether the result counts bytes, so that a short one is continued.
  boolean transfers() {
    return false;
  }

  /// Whether the result of the whole operation counts bytes of payload.
  boolean countsBytes() {
    return transfers();
  }

  /// System calls that one attempt by blocking calls makes.
  int callCount() {
    return 1;
  }

  boolean hasOffset() {
    return false;
  }

  boolean hasLength() {
    return false;
  }

  /// Whether a worker of ours does it better than the ring.
  boolean prefersWorker(Operation op) {
    return false;
  }

  /// Whether the kernel holds the lock of the file's inode for as long as it does this, and waits
  /// for nothing but memory meanwhile: then a second worker at the same file would only spin.
  boolean holdsInode(Operation op) {
    return false;
  }

  /// Whether the kernel may wait without end for it, so that a closing engine cancels it.
  boolean waitsForEvent(Operation op) {
    return false;
  }

  /// How long a worker waits before it tries again; 0 where `result` is the answer.
  long pauseNanos(Operation op, int result) {
    return 0;
  }

  /// Whether the next attempt through a ring asks for all that remains.
  boolean isWhole(Operation op) {
    return true;
  }

  /// Whether it moves bytes out, so that having moved none is an error.
  boolean writes() {
    return false;
  }

  /// Makes what is needed to submit it, without waiting for anything. On a ring's thread.
  ///
  /// @return 0, or minus the error number that it fails with
  int makeReady(Operation op) {
    return 0;
  }

  /// It has failed, whatever of it was done: gives up what it made.
  void failed(Operation op) {}

  /// What a raw result means: the same, unless a kind says otherwise.
  int meaning(Operation op, int result) {
    return result;
  }

  /// Bytes were moved: the next attempt starts behind them. Negative where it starts before them.
  void moved(Operation op, int bytes) {
    op.transferred += bytes;
  }

  /// It succeeded with `result`.
  void succeeded(Operation op, int result) {}

  /// What the caller can do about an error, where there is more to say than its name.
  String remedy(Operation op, int errno) {
    return "";
  }

  /// The length of the next attempt at a transfer through a ring.
  static int ringBytes(Operation op) {
    long most = op.handle().isDirect() ? MAX_DIRECT_BYTES : MAX_BUFFERED_BYTES;
    return (int) Math.min(Math.min(op.remaining(), most), op.attemptLimit);
  }

  /// The same by a blocking call, which holds nobody but its worker.
  static int callBytes(Operation op) {
    return (int) Math.min(Math.min(op.remaining(), MAX_DIRECT_BYTES), op.attemptLimit);
  }

  @SuppressWarnings("ReferenceEquality") // File systems have identity.
  static Path systemPath(Path path) {
    if (path.getFileSystem() != FileSystems.getDefault()) {
      throw new IllegalArgumentException(
          path
              + " is of file system "
              + path.getFileSystem().provider().getScheme()
              + ", and only files of the default one have descriptors");
    }
    return path;
  }

  /// Lent memory as a buffer for `FileChannel`. By address, since the handle that it was lent
  /// through may be closed by now.
  @SuppressWarnings("restricted")
  static ByteBuffer memory(long address, int bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes).asByteBuffer();
  }

  /// One positional read or write by the call that the flags need.
  static int callOnce(Operation op, boolean writing, long address, int bytes) {
    FileHandle file = op.handle();
    int fd = file.descriptor;
    if (!file.isSeekable()) {
      return (int)
          (writing
              ? TransferCalls.write(fd, address, bytes)
              : TransferCalls.read(fd, address, bytes));
    }
    long offset = op.offset + op.transferred;
    if (op.rwFlags == 0) {
      return (int)
          (writing
              ? TransferCalls.pwrite(fd, address, bytes, offset)
              : TransferCalls.pread(fd, address, bytes, offset));
    }
    Scratch vector = op.deadlineScratch();
    vector.vector(0, address, bytes);
    return (int)
        (writing
            ? TransferCalls.pwritev2(fd, vector.address(), 1, offset, op.rwFlags)
            : TransferCalls.preadv2(fd, vector.address(), 1, offset, op.rwFlags));
  }

  /// The same by `FileChannel`, which knows no flags: a durable write is followed by a force.
  static int channelOnce(Operation op, boolean writing, long address, int bytes)
      throws IOException {
    if ((op.rwFlags & ~OperationSlot.RWF_DSYNC) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    FileChannel channel = op.handle().channelOrThrow();
    ByteBuffer memory = memory(address, bytes);
    long offset = op.offset + op.transferred;
    if (!writing) {
      return Math.max(channel.read(memory, offset), 0);
    }
    int written = channel.write(memory, offset);
    if (op.rwFlags != 0) {
      channel.force(false);
    }
    return written;
  }

  /// Calls with a path that lives for the call.
  static int withPath(Path path, PathCall call) {
    try (Arena arena = Arena.ofConfined()) {
      return call.call(arena.allocateFrom(path.toString()));
    }
  }

  interface PathCall {
    int call(MemorySegment path);
  }

  /// Puts the path into the operation's scratch memory, behind `reserved` bytes.
  static long scratchPath(Operation op, Path path, long reserved) {
    byte[] text = Scratch.encode(path.toString());
    return op.scratch(reserved + text.length + 1).string(reserved, text);
  }
}
