package io.ringwell.engine;

import io.ringwell.sys.TransferCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.SqeFlags;
import io.ringwell.uring.Submission;
import java.io.IOException;

/// Moves bytes between a file and many pieces of memory, in one call.
///
/// The vectors lie in the operation's scratch memory; `otherOffset` is the first that still has
/// bytes. An attempt that must be shorter than the rest moves part of that first one alone.
final class VectorKind extends Kind {
  static final VectorKind READ = new VectorKind(OpCode.READV, Opcode.READV, Opcode.READ);
  static final VectorKind WRITE = new VectorKind(OpCode.WRITEV, Opcode.WRITEV, Opcode.WRITE);

  /// `IOV_MAX`: more in one call are refused.
  private static final int MAX_VECTORS = 1024;

  private final int singleOpcode;

  private VectorKind(OpCode code, int ringOpcode, int singleOpcode) {
    super(code, ringOpcode);
    this.singleOpcode = singleOpcode;
  }

  private static int first(Operation op) {
    return (int) op.otherOffset;
  }

  private static int count(Operation op) {
    return Math.min(op.arguments - first(op), MAX_VECTORS);
  }

  /// Whether only a part of the first vector may be moved.
  private static boolean limited(Operation op) {
    return op.attemptLimit < op.remaining();
  }

  private static int limitedBytes(Operation op) {
    return (int) Math.min(op.scratch().vectorLength(first(op)), op.attemptLimit);
  }

  private static long vectorsAddress(Operation op) {
    return op.scratch().address() + Scratch.vectorBytes(first(op));
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    FileHandle file = op.handle();
    boolean fixedFile = file.fixedIndex >= 0;
    boolean limited = limited(op);
    to.set(
        limited ? singleOpcode : ringOpcode,
        fixedFile ? sqeFlags | SqeFlags.FIXED_FILE : sqeFlags,
        op.priority.encoded,
        fixedFile ? file.fixedIndex : file.descriptor,
        file.isSeekable() ? op.offset + op.transferred : -1,
        limited ? op.scratch().vectorAddress(first(op)) : vectorsAddress(op),
        limited ? limitedBytes(op) : count(op),
        op.rwFlags,
        userData,
        0,
        0);
  }

  @Override
  boolean isWhole(Operation op) {
    return !limited(op) && count(op) == op.arguments - first(op);
  }

  @Override
  int call(Operation op) {
    if (limited(op)) {
      long address = op.scratch().vectorAddress(first(op));
      return callOnce(op, this == WRITE, address, limitedBytes(op));
    }
    int fd = op.handle().descriptor;
    long offset = op.handle().isSeekable() ? op.offset + op.transferred : -1;
    return (int)
        (this == READ
            ? TransferCalls.preadv2(fd, vectorsAddress(op), count(op), offset, op.rwFlags)
            : TransferCalls.pwritev2(fd, vectorsAddress(op), count(op), offset, op.rwFlags));
  }

  /// One vector an attempt: `FileChannel` has vectored calls only at its own position.
  @Override
  int channel(Operation op) throws IOException {
    int bytes = Math.min(limitedBytes(op), MAX_BUFFERED_BYTES);
    return channelOnce(op, this == WRITE, op.scratch().vectorAddress(first(op)), bytes);
  }

  @Override
  void moved(Operation op, int bytes) {
    super.moved(op, bytes);
    op.otherOffset = op.scratch().move(first(op), op.arguments, bytes);
  }

  @Override
  boolean writes() {
    return this == WRITE;
  }

  @Override
  boolean transfers() {
    return true;
  }

  @Override
  boolean hasOffset() {
    return true;
  }

  @Override
  boolean hasLength() {
    return true;
  }

  @Override
  boolean inChannel() {
    return true;
  }

  @Override
  boolean prefersWorker(Operation op) {
    return this == WRITE && op.handle().facts().puntsWrites();
  }

  @Override
  boolean holdsInode(Operation op) {
    return this == WRITE && WriteKind.isPlainOnPunting(op);
  }

  @Override
  boolean waitsForEvent(Operation op) {
    return !op.handle().isSeekable();
  }

  @Override
  String remedy(Operation op, int errno) {
    return TransferKind.transferRemedy(op, errno);
  }
}
