package io.ringwell.window;

import io.ringwell.engine.FileInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Which file it is, whatever it is called: the same for all who have it open.
///
/// @param device as [FileInfo#device] has it
/// @param inode its number on that device
record FileIdentity(long device, long inode) {

  /// The identity of an open file: an equal object for the same file. Where the engine cannot tell,
  /// the path is asked, which may block for a moment, and which is another file where it was
  /// replaced since.
  static Object of(FileInfo info, Path path) throws IOException {
    return info.inode() != 0 ? new FileIdentity(info.device(), info.inode()) : ofPath(path);
  }

  private static Object ofPath(Path path) throws IOException {
    try {
      if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
        long device = ((Number) Files.getAttribute(path, "unix:dev")).longValue();
        long inode = ((Number) Files.getAttribute(path, "unix:ino")).longValue();
        return new FileIdentity(major(device) << 32 | minor(device), inode);
      }
      return path.toRealPath();
    } catch (NoSuchFileException e) {
      // It was removed: nobody can open it a second time.
      return new Object();
    }
  }

  /// `gnu_dev_major` of sys/sysmacros.h.
  private static long major(long device) {
    return ((device >>> 8) & 0xfff) | ((device >>> 32) & 0xfffff000L);
  }

  /// `gnu_dev_minor` of sys/sysmacros.h.
  private static long minor(long device) {
    return (device & 0xff) | ((device >>> 12) & 0xffffff00L);
  }
}
