package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.uring.SqeFlags;
import io.ringwell.uring.Submission;

/// Moves bytes between one piece of memory and a file.
abstract class TransferKind extends Kind {
  private final int fixedOpcode;

  TransferKind(OpCode code, int ringOpcode, int fixedOpcode) {
    super(code, ringOpcode);
    this.fixedOpcode = fixedOpcode;
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    FileHandle file = op.handle();
    long address = op.address + op.transferred;
    int bytes = ringBytes(op);
    int buffer = loop.fixedBuffer(address, bytes);
    boolean fixedFile = file.fixedIndex >= 0;
    to.set(
        buffer >= 0 ? fixedOpcode : ringOpcode,
        fixedFile ? sqeFlags | SqeFlags.FIXED_FILE : sqeFlags,
        op.priority.encoded,
        fixedFile ? file.fixedIndex : file.descriptor,
        file.isSeekable() ? op.offset + op.transferred : -1,
        address,
        bytes,
        op.rwFlags,
        userData,
        Math.max(buffer, 0),
        0);
  }

  @Override
  final boolean isWhole(Operation op) {
    return ringBytes(op) == op.remaining();
  }

  @Override
  final boolean transfers() {
    return true;
  }

  @Override
  final boolean hasOffset() {
    return true;
  }

  @Override
  final boolean hasLength() {
    return true;
  }

  @Override
  final boolean inChannel() {
    return true;
  }

  @Override
  boolean waitsForEvent(Operation op) {
    return !op.handle().isSeekable();
  }

  @Override
  String remedy(Operation op, int errno) {
    return transferRemedy(op, errno);
  }

  static String transferRemedy(Operation op, int errno) {
    FileHandle file = op.handle();
    return switch (errno) {
      case Errno.EINVAL -> {
        if (!file.isDirect()) {
          yield "";
        }
        yield "direct I/O on this file wants memory aligned to "
            + file.memoryAlign()
            + " bytes, offset and length to "
            + file.offsetAlign();
      }
      case Errno.EISDIR -> "it is a directory";
      case Errno.EBADF ->
          file.isOpen() ? "the file was not opened for this" : "the file was closed meanwhile";
      case Errno.ENOSPC -> "free space on the file system, or write elsewhere";
      case Errno.EOPNOTSUPP -> "this file system or kernel does not take the flags asked for";
      default -> "";
    };
  }
}
