package io.ringwell.engine;

import io.ringwell.sys.PathCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.nio.file.Files;

final class MkdirKind extends PathKind {
  static final MkdirKind INSTANCE = new MkdirKind();

  private MkdirKind() {
    super(OpCode.MKDIR, Opcode.MKDIRAT);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    long path = scratchPath(op, op.firstPath(), 0);
    to.set(ringOpcode, sqeFlags, 0, PathCalls.CWD, 0, path, op.mode, 0, userData, 0, 0);
  }

  @Override
  int call(Operation op) {
    return withPath(op.firstPath(), path -> PathCalls.mkdirat(PathCalls.CWD, path, op.mode));
  }

  @Override
  int channel(Operation op) throws IOException {
    Files.createDirectory(op.firstPath(), permissions(op.firstPath(), op.mode));
    return 0;
  }
}
