package io.ringwell.engine;

import io.ringwell.sys.FileCalls;
import io.ringwell.uring.Opcode;
import java.io.IOException;
import java.util.Objects;

final class ReadKind extends TransferKind {
  static final ReadKind INSTANCE = new ReadKind();

  private ReadKind() {
    super(OpCode.READ, Opcode.READ, Opcode.READ_FIXED);
  }

  @Override
  int call(Operation op) {
    FileHandle file = op.handle();
    long address = op.address + op.transferred;
    int bytes = callBytes(op);
    if (!file.isSeekable()) {
      return (int) FileCalls.read(file.descriptor, address, bytes);
    }
    long offset = op.offset + op.transferred;
    if (op.rwFlags == 0) {
      return (int) FileCalls.pread(file.descriptor, address, bytes, offset);
    }
    Scratch vector = op.scratch(Scratch.vectorBytes(1));
    vector.vector(0, address, bytes);
    return (int) FileCalls.preadv2(file.descriptor, vector.address(), 1, offset, op.rwFlags);
  }

  @Override
  int channel(Operation op) throws IOException {
    long done = op.transferred;
    int bytes = callBytes(op);
    var into = Objects.requireNonNull(op.buffer);
    long start = op.address - into.address() + done;
    int read =
        op.handle()
            .channelOrThrow()
            .read(into.segment().asSlice(start, bytes).asByteBuffer(), op.offset + done);
    return Math.max(read, 0);
  }
}
