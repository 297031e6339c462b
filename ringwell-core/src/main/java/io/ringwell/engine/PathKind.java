package io.ringwell.engine;

import io.ringwell.sys.Errno;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/// An operation on a name in a directory.
abstract class PathKind extends Kind {
  PathKind(OpCode code, int ringOpcode) {
    super(code, ringOpcode);
  }

  /// The permissions of something new, as `Files` and `FileChannel` take them, where its file
  /// system knows any.
  static FileAttribute<?>[] permissions(Path path, int mode) {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    PosixFilePermission[] byBit = PosixFilePermission.values();
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < byBit.length; bit++) {
      if ((mode & 0400 >>> bit) != 0) {
        set.add(byBit[bit]);
      }
    }
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)};
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
