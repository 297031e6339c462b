package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;
import io.ringwell.sys.PathCalls;
import io.ringwell.sys.TransferCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/// A file opened, read from its start and closed, all in one operation. A ring does that by a chain
/// ([FileChains]), a worker by calls.
///
/// A result below the length asked for means that the end of the file was seen: a chain that read
/// less without seeing it counts for nothing, and a worker reads the file anew.
///
/// The path lies in the operation's scratch memory, behind the byte that looks for the end. It is
/// put there when the operation is prepared, so that the ring's thread need not.
final class ReadFileKind extends Kind {
  static final ReadFileKind INSTANCE = new ReadFileKind();

  /// `arguments` once a chain has not seen the end.
  static final int BY_CALLS = 1;

  static final int PATH_AT = 8;

  /// open, read, the read that sees the end, close.
  private static final int CALLS = 4;

  private ReadFileKind() {
    super(OpCode.READ_FILE, Opcode.OPENAT);
  }

  static void preparePath(Operation op, Path path) {
    byte[] text = Scratch.encode(path.toString());
    op.scratch(PATH_AT + text.length + 1L).string(PATH_AT, text);
  }

  /// What one attempt asks for.
  static int bytes(Operation op) {
    return (int) Math.min(op.length, op.attemptLimit);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    throw new IllegalStateException("a chain of several entries: " + op);
  }

  /// A time limit would end one link of a chain, and a long read would hold the ring's thread.
  @Override
  boolean prefersWorker(Operation op) {
    return op.length > MAX_BUFFERED_BYTES
        || op.deadlineNanos != Long.MAX_VALUE
        || op.arguments == BY_CALLS;
  }

  @Override
  int callCount() {
    return CALLS;
  }

  @Override
  int call(Operation op) {
    MemorySegment path = op.scratch().memory().asSlice(PATH_AT);
    int fd = PathCalls.open(path, OpenFlag.toSystem(OpenFlag.READ), 0);
    if (fd < 0) {
      return fd;
    }
    int result = readAll(op, fd);
    int closed = FileCalls.close(fd);
    return result >= 0 && closed < 0 && closed != -Errno.EINTR ? closed : result;
  }

  private static int readAll(Operation op, int fd) {
    int asked = bytes(op);
    int total = 0;
    while (total < asked) {
      long moved = TransferCalls.pread(fd, op.address + total, asked - total, total);
      if (moved <= 0) {
        return moved < 0 ? (int) moved : total;
      }
      total += (int) moved;
    }
    return whole(op, total);
  }

  /// What an attempt that was filled to its limit answers: one that was limited below the length
  /// asked for has to be made again.
  private static int whole(Operation op, int total) {
    return total < op.length ? -Errno.EAGAIN : total;
  }

  @Override
  int channel(Operation op) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(op.firstPath(), BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      return -Errno.EISDIR;
    }
    if (attributes.isOther()) {
      op.cause = new UnsupportedOperationException("an engine over FileChannel alone has no pipes");
      return -Errno.EOPNOTSUPP;
    }
    try (FileChannel channel = FileChannel.open(op.firstPath(), StandardOpenOption.READ)) {
      ByteBuffer memory = memory(op.address, bytes(op));
      while (memory.hasRemaining()) {
        if (channel.read(memory, memory.position()) < 0) {
          return memory.position();
        }
      }
      return whole(op, memory.position());
    }
  }

  @Override
  boolean inChannel() {
    return true;
  }

  @Override
  boolean hasLength() {
    return true;
  }

  @Override
  boolean countsBytes() {
    return true;
  }

  @Override
  void succeeded(Operation op, int result) {
    op.transferred = result;
  }

  @Override
  String remedy(Operation op, int errno) {
    return switch (errno) {
      case Errno.ENOENT -> "no such file or directory";
      case Errno.EISDIR -> "it is a directory";
      case Errno.EMFILE, Errno.ENFILE -> "raise the limit of open files (ulimit -n)";
      case Errno.ESPIPE -> "it is no regular file";
      default -> "";
    };
  }
}
