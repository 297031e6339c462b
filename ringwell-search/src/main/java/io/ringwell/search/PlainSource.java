package io.ringwell.search;

import io.ringwell.engine.FileHandle;
import io.ringwell.engine.OpenFlag;
import io.ringwell.sys.CachedRead;
import io.ringwell.sys.Errno;
import io.ringwell.sys.PlainCalls;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A large file whose cached bytes are read by plain system calls on the searching threads: a block
/// of a core's second-level cache is searched where it was just copied to, and nothing is handed
/// over, lent or allocated for it.
///
/// What is not cached is waited for by the same thread, or, where the planner chose, read ahead by
/// the engine, which is opened then.
final class PlainSource implements Source {
  /// As much is read first behind a part, to find where its last line ends; then twice as much.
  private static final int TAIL_BYTES = 16 << 10;

  private final Session session;
  private final FileName name;
  private final int fd;
  private final long size;
  private final boolean adapts;
  private final String why;

  /// For what is not cached; guarded by this.
  private @Nullable FileHandle handle;

  /// @param fd its open descriptor, this object's from now on
  /// @param adapts whether it reads ahead from the first block on that is not in the page cache
  PlainSource(Session session, FileName name, int fd, long size, boolean adapts, String why) {
    this.session = session;
    this.name = name;
    this.fd = fd;
    this.size = size;
    this.adapts = adapts;
    this.why = why;
  }

  @Override
  public Blocks blocks(long from, long until, MemorySegment buffer) {
    return new Parts(from, until, buffer);
  }

  @Override
  public SearchRoute route() {
    return SearchRoute.PREAD;
  }

  @Override
  public String why() {
    return why;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean splits() {
    return true;
  }

  private synchronized FileHandle handle() throws IOException {
    FileHandle file = handle;
    if (file == null) {
      // Not by its name, which may be another file's by now.
      file = session.engine().open(Path.of("/proc/self/fd/" + fd), OpenFlag.READ, 0);
      handle = file;
    }
    return file;
  }

  @Override
  public synchronized void close() throws IOException {
    session.tally.syscalls.increment();
    // Nothing was written: there is nothing to lose.
    PlainCalls.close(fd);
    if (handle != null) {
      session.engine().close(handle);
    }
  }

  private final class Parts implements Blocks {
    private final long until;
    private final MemorySegment buffer;
    private @Nullable AheadBlocks ahead;
    private long position;
    private long next;
    private long tail = TAIL_BYTES;

    Parts(long from, long until, MemorySegment buffer) {
      this.next = from;
      this.until = until;
      this.buffer = buffer;
    }

    @Override
    public @Nullable MemorySegment next() throws IOException {
      if (ahead != null) {
        return ahead.next();
      }
      long length = Math.min(buffer.byteSize(), next < until ? until - next : tail);
      tail = next < until ? tail : 2 * length;
      session.tally.syscalls.increment();
      long got = CachedRead.read(fd, buffer.address(), length, next);
      if (got < 0) {
        session.tally.stalls.increment();
        if (adapts) {
          ahead = new AheadBlocks(session.engine(), session.tally, handle(), next, until);
          return ahead.next();
        }
        got = waitFor(length);
      }
      position = next;
      next += got;
      return got == 0 ? null : got == buffer.byteSize() ? buffer : buffer.asSlice(0, got);
    }

    private long waitFor(long length) throws IOException {
      while (true) {
        session.tally.syscalls.increment();
        long got = PlainCalls.pread(fd, buffer.address(), length, next);
        if (got >= 0) {
          return got;
        }
        if (got != -Errno.EINTR) {
          throw PlainFile.failure(name, "pread", (int) -got);
        }
      }
    }

    @Override
    public long position() {
      return ahead != null ? ahead.position() : position;
    }

    @Override
    public boolean writable() {
      return true;
    }

    @Override
    public void close() {
      if (ahead != null) {
        ahead.close();
      }
    }
  }
}
