package io.ringwell.engine;

import io.ringwell.sys.Errno;

/// An operation on a name in a directory.
abstract class PathKind extends Kind {
  PathKind(OpCode code, int ringOpcode) {
    super(code, ringOpcode);
  }

  @Override
  final boolean inChannel() {
    return true;
  }

  @Override
  final String remedy(Operation op, int errno) {
    return switch (errno) {
      case Errno.ENOENT -> "no such file or directory";
      case Errno.EXDEV -> "the two are on different file systems: copy instead";
      case Errno.EROFS -> "the file system is mounted read-only";
      case Errno.EMFILE, Errno.ENFILE -> "raise the limit of open files (ulimit -n)";
      case Errno.EINVAL ->
          code == OpCode.OPEN && OpenFlag.has(op.arguments, OpenFlag.DIRECT)
              ? "this file system does not take direct I/O"
              : "";
      default -> "";
    };
  }
}
