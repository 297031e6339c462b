package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

final class TruncateKind extends FileKind {
  static final TruncateKind INSTANCE = new TruncateKind();

  private TruncateKind() {
    super(OpCode.TRUNCATE, Opcode.FTRUNCATE);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    set(op, to, sqeFlags, op.offset, 0, 0, 0, userData);
  }

  @Override
  int call(Operation op) {
    return FileCalls.ftruncate(op.handle().descriptor, op.offset);
  }

  /// `FileChannel.truncate` only shortens; a file is lengthened by its last byte.
  @Override
  int channel(Operation op) throws IOException {
    FileChannel channel = op.handle().channelOrThrow();
    long size = channel.size();
    if (op.offset < size) {
      channel.truncate(op.offset);
    } else if (op.offset > size) {
      if (OpenFlag.has(op.handle().flags(), OpenFlag.APPEND)) {
        return -Errno.EOPNOTSUPP;
      }
      channel.write(ByteBuffer.allocate(1), op.offset - 1);
    }
    return 0;
  }

  @Override
  boolean inChannel() {
    return true;
  }

  @Override
  boolean hasOffset() {
    return true;
  }
}
