package io.ringwell.search;

import io.ringwell.sys.Errno;
import io.ringwell.sys.FileCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A file that is mapped piece by piece. The pages of a piece are brought in before it is handed
/// out; should the file be truncated after that, the process dies of SIGBUS.
final class MappedSource implements Source {
  /// `MADV_POPULATE_READ`, of asm-generic/mman-common.h, since Linux 5.14.
  private static final int POPULATE_READ = 22;

  /// Large enough that mapping costs little, small enough that a stop is soon noticed.
  private static final int PIECE_BYTES = 4 << 20;

  private static final int GRID_BYTES = 64 << 10;

  private final Tally tally;
  private final Path path;
  private final FileChannel channel;
  private final long size;

  MappedSource(Tally tally, Path path) throws IOException {
    this.tally = tally;
    this.path = path;
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
    tally.syscalls.add(2);
    try {
      this.size = channel.size();
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public SearchRoute route() {
    return SearchRoute.MAP;
  }

  @Override
  public String why() {
    return "asked for";
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean splits() {
    return true;
  }

  @Override
  public void close() throws IOException {
    tally.syscalls.increment();
    channel.close();
  }

  @Override
  public Blocks blocks(long from, long until) {
    return new Pieces(from, until);
  }

  private final class Pieces implements Blocks {
    private final long until;
    private long nextOffset;
    private long position;
    private @Nullable Arena arena;

    Pieces(long from, long until) {
      this.nextOffset = from;
      this.until = until;
    }

    @Override
    public @Nullable MemorySegment next() throws IOException {
      close();
      if (nextOffset >= size) {
        return null;
      }
      position = nextOffset;
      long start = position - position % GRID_BYTES;
      long end = position < until ? Math.min(start + PIECE_BYTES, until) : position + TAIL_BYTES;
      end = Math.min(end, size);
      Arena mine = Arena.ofConfined();
      arena = mine;
      tally.syscalls.add(3);
      MemorySegment piece;
      try {
        piece = channel.map(MapMode.READ_ONLY, start, end - start, mine);
      } catch (IOException e) {
        throw new FileSystemException(path.toString(), null, "cannot be mapped: " + e.getMessage());
      }
      populate(piece);
      nextOffset = end;
      return piece.asSlice(position - start);
    }

    private void populate(MemorySegment piece) throws IOException {
      int result = FileCalls.madvise(piece.address(), piece.byteSize(), POPULATE_READ);
      if (result == -Errno.EINVAL || result == -Errno.ENOSYS) {
        // An older kernel, or another system: touched page by page.
        piece.load();
      } else if (result < 0) {
        throw new FileSystemException(
            path.toString(), null, "a mapped piece cannot be read: " + Errno.describe(-result));
      }
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void close() {
      if (arena != null) {
        arena.close();
        arena = null;
      }
    }
  }
}
