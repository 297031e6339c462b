package io.ringwell.search;

import io.ringwell.sys.AdviceCalls;
import io.ringwell.sys.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A file that is mapped piece by piece. The pages of a block are brought in before it is handed
/// out; should the file be truncated after that, the process dies of SIGBUS.
final class MappedSource implements Source {
  /// `MADV_POPULATE_READ`, of asm-generic/mman-common.h, since Linux 5.14.
  private static final int POPULATE_READ = 22;

  /// Large enough that mapping costs little, small enough that a stop is soon noticed: a part of a
  /// file that is split, and what is looked at around it.
  private static final int PIECE_BYTES = 8 << 20;

  /// As much is brought in, and searched, at a time. With 64 MiB a piece, C was no faster.
  private static final int STEP_BYTES = 1 << 20;

  /// Maps begin at multiples of this, which is one of the page's size on every processor.
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
  public Blocks blocks(long from, long until, MemorySegment buffer) {
    return new Pieces(from, until);
  }

  private final class Pieces implements Blocks {
    private final long until;
    private long nextOffset;
    private long position;

    // What is mapped now.
    private @Nullable Arena arena;
    private MemorySegment piece = MemorySegment.NULL;
    private long start;

    Pieces(long from, long until) {
      this.nextOffset = from;
      this.until = until;
    }

    @Override
    public @Nullable MemorySegment next() throws IOException {
      if (nextOffset >= size) {
        return null;
      }
      if (nextOffset >= start + piece.byteSize()) {
        map();
      }
      position = nextOffset;
      long end =
          position < until
              ? Math.min(position - position % STEP_BYTES + STEP_BYTES, until)
              : position + TAIL_BYTES;
      end = Math.min(end, start + piece.byteSize());
      long from = position - start;
      long grid = from - from % GRID_BYTES;
      populate(piece.asSlice(grid, end - start - grid));
      nextOffset = end;
      return piece.asSlice(from, end - position);
    }

    /// Maps what follows.
    private void map() throws IOException {
      close();
      start = nextOffset - nextOffset % GRID_BYTES;
      long end = start + PIECE_BYTES;
      if (until < end - TAIL_BYTES) {
        end = Math.max(until, nextOffset) + TAIL_BYTES;
      }
      end = Math.min(end, size);
      Arena mine = Arena.ofConfined();
      arena = mine;
      tally.syscalls.add(2);
      try {
        piece = channel.map(MapMode.READ_ONLY, start, end - start, mine);
      } catch (IOException e) {
        throw new FileSystemException(path.toString(), null, "cannot be mapped: " + e.getMessage());
      }
    }

    private void populate(MemorySegment pages) throws IOException {
      tally.syscalls.increment();
      int result = AdviceCalls.madvise(pages.address(), pages.byteSize(), POPULATE_READ);
      if (result == -Errno.EINVAL || result == -Errno.ENOSYS) {
        // An older kernel, or another system: touched page by page.
        pages.load();
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
        piece = MemorySegment.NULL;
      }
    }
  }
}
