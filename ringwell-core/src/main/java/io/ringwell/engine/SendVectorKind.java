package io.ringwell.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Sends many pieces of memory one after the other, all of them.
///
/// The vectors lie in the operation's scratch memory, and behind them a `struct msghdr`: name 0 and
/// its length at 0 and 8, vectors and their count at 16 and 24, control at 32 and 40, flags at 48.
/// `arguments` is how many there are, `otherOffset` the first that still has bytes.
final class SendVectorKind extends SendKind {
  static final SendVectorKind VECTORS = new SendVectorKind();

  private static final int HEADER_BYTES = 56;

  /// `UIO_MAXIOV`.
  private static final int MAX_VECTORS = 1024;

  private SendVectorKind() {
    super(Opcode.SENDMSG);
  }

  /// The scratch memory that `count` vectors need.
  static long scratchBytes(int count) {
    return Scratch.vectorBytes(count) + HEADER_BYTES;
  }

  private static int first(Operation op) {
    return (int) op.otherOffset;
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    int fd = op.handle().descriptor;
    Scratch scratch = op.scratch();
    if (op.attemptLimit < op.remaining()) {
      long address = scratch.vectorAddress(first(op));
      int bytes = (int) Math.min(scratch.vectorLength(first(op)), op.attemptLimit);
      to.set(Opcode.SEND, sqeFlags, 0, fd, 0, address, bytes, FLAGS, userData, 0, 0);
      return;
    }
    MemorySegment memory = scratch.memory();
    long at = Scratch.vectorBytes(op.arguments);
    memory.asSlice(at, HEADER_BYTES).fill((byte) 0);
    memory.set(JAVA_LONG, at + 16, scratch.address() + Scratch.vectorBytes(first(op)));
    memory.set(JAVA_LONG, at + 24, Math.min(op.arguments - first(op), MAX_VECTORS));
    memory.set(JAVA_INT, at + 48, 0);
    to.set(ringOpcode, sqeFlags, 0, fd, 0, scratch.address() + at, 1, FLAGS, userData, 0, 0);
  }

  @Override
  int channel(Operation op) throws IOException {
    long length = op.scratch().vectorLength(first(op));
    int bytes = (int) Math.min(Math.min(length, MAX_DIRECT_BYTES), op.attemptLimit);
    return written(op, op.scratch().vectorAddress(first(op)), bytes);
  }

  @Override
  void moved(Operation op, int bytes) {
    super.moved(op, bytes);
    op.otherOffset = op.scratch().move(first(op), op.arguments, bytes);
  }
}
