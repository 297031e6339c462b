package io.ringwell.engine;

import io.ringwell.memory.Bytes;
import io.ringwell.sys.FileCalls;
import io.ringwell.uring.Opcode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;

final class WriteKind extends TransferKind {
  static final WriteKind INSTANCE = new WriteKind();

  private WriteKind() {
    super(OpCode.WRITE, Opcode.WRITE, Opcode.WRITE_FIXED);
  }

  @Override
  boolean prefersWorker(Operation op) {
    return op.handle().facts().puntsWrites();
  }

  @Override
  int call(Operation op) {
    FileHandle file = op.handle();
    long address = op.address + op.transferred;
    int bytes = callBytes(op);
    if (!file.isSeekable()) {
      return (int) FileCalls.write(file.descriptor, address, bytes);
    }
    long offset = op.offset + op.transferred;
    if (op.rwFlags == 0) {
      return (int) FileCalls.pwrite(file.descriptor, address, bytes, offset);
    }
    Scratch vector = op.scratch(Scratch.vectorBytes(1));
    vector.vector(0, address, bytes);
    return (int) FileCalls.pwritev2(file.descriptor, vector.address(), 1, offset, op.rwFlags);
  }

  @Override
  int channel(Operation op) throws IOException {
    return op.handle()
        .channelOrThrow()
        .write(payload(op, callBytes(op)), op.offset + op.transferred);
  }

  private static ByteBuffer payload(Operation op, int bytes) {
    Bytes from = op.bytes;
    MemorySegment memory;
    long base;
    if (from != null) {
      memory = from.segment();
      base = from.address();
    } else {
      memory = Objects.requireNonNull(op.buffer).segment();
      base = op.buffer.address();
    }
    return memory.asSlice(op.address - base + op.transferred, bytes).asByteBuffer();
  }
}
