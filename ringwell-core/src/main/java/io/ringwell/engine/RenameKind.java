package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.PathCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardCopyOption;

/// `arguments` is renameat2(2)'s flags: `RENAME_NOREPLACE` or 0.
final class RenameKind extends PathKind {
  static final RenameKind INSTANCE = new RenameKind();

  private RenameKind() {
    super(OpCode.RENAME, Opcode.RENAMEAT);
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    byte[] from = Scratch.encode(op.firstPath().toString());
    byte[] target = Scratch.encode(op.secondPath().toString());
    Scratch scratch = op.scratch(from.length + target.length + 2L);
    long fromAddress = scratch.string(0, from);
    long targetAddress = scratch.string(from.length + 1L, target);
    to.set(
        ringOpcode,
        sqeFlags,
        0,
        PathCalls.CWD,
        targetAddress,
        fromAddress,
        PathCalls.CWD,
        op.arguments,
        userData,
        0,
        0);
  }

  @Override
  int call(Operation op) {
    return withPath(
        op.firstPath(),
        from ->
            withPath(
                op.secondPath(),
                target ->
                    PathCalls.renameat2(PathCalls.CWD, from, PathCalls.CWD, target, op.arguments)));
  }

  @Override
  int channel(Operation op) throws IOException {
    if (op.arguments != 0) {
      if (Files.exists(op.secondPath(), LinkOption.NOFOLLOW_LINKS)) {
        return -Errno.EEXIST;
      }
      Files.move(op.firstPath(), op.secondPath());
      return 0;
    }
    CopyOption[] replace = {StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE};
    Files.move(op.firstPath(), op.secondPath(), replace);
    return 0;
  }
}
