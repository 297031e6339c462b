package io.ringwell.engine;

import io.ringwell.sys.Errno;
import io.ringwell.sys.PathCalls;
import io.ringwell.uring.Opcode;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;

/// `arguments` is 1 to remove a directory.
final class UnlinkKind extends PathKind {
  static final UnlinkKind INSTANCE = new UnlinkKind();

  /// `AT_REMOVEDIR`.
  private static final int REMOVE_DIRECTORY = 0x200;

  private UnlinkKind() {
    super(OpCode.UNLINK, Opcode.UNLINKAT);
  }

  private static int flags(Operation op) {
    return op.arguments == 0 ? 0 : REMOVE_DIRECTORY;
  }

  @Override
  void encode(Operation op, Submission to, RingLoop loop, int sqeFlags, long userData) {
    long path = scratchPath(op, op.firstPath(), 0);
    to.set(ringOpcode, sqeFlags, 0, PathCalls.CWD, 0, path, 0, flags(op), userData, 0, 0);
  }

  @Override
  int call(Operation op) {
    return withPath(op.firstPath(), path -> PathCalls.unlinkat(PathCalls.CWD, path, flags(op)));
  }

  @Override
  int channel(Operation op) throws IOException {
    if (!Files.exists(op.firstPath(), LinkOption.NOFOLLOW_LINKS)) {
      return -Errno.ENOENT;
    }
    boolean directory = Files.isDirectory(op.firstPath(), LinkOption.NOFOLLOW_LINKS);
    if (directory != (op.arguments == 1)) {
      return directory ? -Errno.EISDIR : -Errno.ENOTDIR;
    }
    Files.delete(op.firstPath());
    return 0;
  }
}
