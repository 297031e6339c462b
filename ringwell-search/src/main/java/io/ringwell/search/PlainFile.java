package io.ringwell.search;

import io.ringwell.sys.Errno;
import io.ringwell.sys.OpenBits;
import io.ringwell.sys.PathCalls;
import io.ringwell.sys.PlainCalls;
import io.ringwell.sys.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/// Small files, pipes and directories, one after another, by plain system calls on the searching
/// thread: for them a hand-off to the engine costs more than it saves. One thread's; reused.
final class PlainFile implements Blocks {
  /// Half of a core's second-level cache where that has 1 MiB: a block is searched where it was
  /// copied to. Of 32 KiB to 1 MiB this was the fastest with two threads (docs/benchmarks.md).
  static final int BLOCK_BYTES = 512 << 10;

  private static final int PATH_BYTES = 4096;
  private static final int STANDARD_INPUT = 0;

  private final Tally tally;
  private final MemorySegment path;
  private final MemorySegment block;
  private final MemorySegment about;
  private FileName name = new FileName(new byte[0]);
  private int fd = -1;
  private long position;
  private long filled;
  private boolean ahead;

  /// @param arena holds its memory, of 512 KiB and a little
  PlainFile(Arena arena, Tally tally) {
    this.tally = tally;
    this.path = arena.allocate(PATH_BYTES);
    this.block = arena.allocate(BLOCK_BYTES, PATH_BYTES);
    this.about = arena.allocate(Statx.BYTES);
  }

  /// Opens a file to read.
  void open(FileName file) throws IOException {
    open(file, OpenBits.RDONLY | OpenBits.CLOEXEC);
  }

  /// Opens a directory.
  ///
  /// @return its descriptor, this object's until [#close]
  int openDirectory(FileName directory) throws IOException {
    open(directory, OpenBits.RDONLY | OpenBits.CLOEXEC | OpenBits.DIRECTORY);
    return fd;
  }

  private void open(FileName file, int flags) throws IOException {
    name = file;
    filled = 0;
    position = 0;
    ahead = false;
    tally.syscalls.increment();
    fd = checked("open", PlainCalls.open(systemPath(file).address(), flags));
  }

  /// Reads standard input.
  void openInput() {
    name = FileName.of("<stdin>");
    filled = 0;
    position = 0;
    ahead = false;
    fd = STANDARD_INPUT;
  }

  private MemorySegment systemPath(FileName file) throws IOException {
    int length = file.bytes().length;
    if (length >= PATH_BYTES) {
      throw new FileSystemException(file.toString(), null, Errno.describe(Errno.ENAMETOOLONG));
    }
    MemorySegment.copy(file.bytes(), 0, path, ValueLayout.JAVA_BYTE, 0, length);
    path.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
    return path;
  }

  private int checked(String call, long result) throws IOException {
    if (result < 0) {
      throw failure(name, call, (int) -result);
    }
    return (int) result;
  }

  static IOException failure(FileName file, String call, int errno) {
    return new FileSystemException(file.toString(), null, call + ": " + Errno.describe(errno));
  }

  int descriptor() {
    return fd;
  }

  /// Gives the open file away.
  ///
  /// @return its descriptor, the caller's to close
  int detach() {
    int given = fd;
    fd = -1;
    return given;
  }

  /// Its memory: for the entries of a directory, and for the blocks of other files.
  MemorySegment memory() {
    return block;
  }

  /// Reads the first block ahead.
  ///
  /// @return whether the file may go on behind it
  boolean readAhead() throws IOException {
    filled = fill();
    ahead = true;
    return filled == BLOCK_BYTES;
  }

  /// The size, where it is a regular file that is open now; else 0.
  long size() throws IOException {
    path.set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
    return stat(fd, Statx.EMPTY_PATH);
  }

  /// Whether `file` is a directory, through symbolic links.
  boolean isDirectory(FileName file) throws IOException {
    name = file;
    systemPath(file);
    stat(PathCalls.CWD, 0);
    return kind() == DIRECTORY;
  }

  /// Whether `file`, which is not a symbolic link, is a directory (4), a regular file (8) or none.
  int kindOf(FileName file) throws IOException {
    name = file;
    systemPath(file);
    stat(PathCalls.CWD, Statx.NOFOLLOW);
    return kind();
  }

  private static final int DIRECTORY = 4;
  private static final int REGULAR = 8;

  private int kind() {
    return Statx.mode(about) >> 12 & 0xf;
  }

  private long stat(int directory, int flags) throws IOException {
    tally.syscalls.increment();
    checked(
        "statx", PlainCalls.statx(directory, path.address(), flags, Statx.MASK, about.address()));
    return kind() == REGULAR ? Statx.size(about) : 0;
  }

  private long fill() throws IOException {
    while (true) {
      tally.syscalls.increment();
      long read = PlainCalls.read(fd, block.address(), BLOCK_BYTES);
      if (read != -Errno.EINTR) {
        checked("read", Math.min(read, 0));
        return read;
      }
    }
  }

  @Override
  public @Nullable MemorySegment next() throws IOException {
    if (ahead) {
      ahead = false;
    } else {
      position += filled;
      filled = fill();
    }
    return filled == 0 ? null : filled == BLOCK_BYTES ? block : block.asSlice(0, filled);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public boolean writable() {
    return true;
  }

  /// Closes the file; another can be opened then.
  @Override
  public void close() {
    if (fd > STANDARD_INPUT) {
      tally.syscalls.increment();
      // Nothing was written: there is nothing to lose.
      PlainCalls.close(fd);
    }
    fd = -1;
  }
}
