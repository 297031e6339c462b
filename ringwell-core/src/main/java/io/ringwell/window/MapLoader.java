package io.ringwell.window;

import io.ringwell.engine.FileHandle;
import io.ringwell.memory.Bytes;
import io.ringwell.sys.NativeMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Shows the file itself, mapped. Pages are faulted in by madvise(2) before a window is handed out,
/// on threads of its own: the call blocks until they are there, and answers EFAULT instead of a
/// signal where the file was truncated. A file that has grown is mapped once more; earlier maps
/// live until the reader is closed, since windows show them.
///
/// The channel is used on those threads alone: an interrupt of whoever waits would close it.
final class MapLoader extends Loader {
  /// Linux 5.14, asm-generic/mman-common.h.
  private static final int MADV_POPULATE_READ = 22;

  private static final int EFAULT = 14;

  /// Two keep a device busy while one window is looked at; they end when idle.
  private static final int THREADS = 2;

  private static final int IDLE_SECONDS = 10;

  private static final class Holder {
    static final ThreadPoolExecutor POPULATORS = make();

    private static ThreadPoolExecutor make() {
      // Bounded by the slots of readers: each has one call in it at the most.
      ThreadPoolExecutor executor =
          new ThreadPoolExecutor(
              THREADS,
              THREADS,
              IDLE_SECONDS,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              Thread.ofPlatform().daemon().name("ringwell-populate-", 0).factory());
      executor.allowCoreThreadTimeOut(true);
      return executor;
    }
  }

  private final Path path;
  private final FileChannel channel;
  private final NativeMemory system;
  private final boolean lock;
  private final int granularity;
  private final long size;
  private final FileReads reads;

  /// Where the window is that is out. It shows the file itself, so a claim on it is refused, or
  /// waits for the reader to go on.
  private final FileRange out = new FileRange("mapped window", null);

  private final List<Arena> arenas = new ArrayList<>();

  /// With the lock held.
  private MemorySegment map = MemorySegment.NULL;

  private MapLoader(
      Path path,
      FileChannel channel,
      NativeMemory system,
      boolean lock,
      long size,
      FileReads reads) {
    this.reads = reads;
    this.path = path;
    this.channel = channel;
    this.system = system;
    this.lock = lock;
    this.size = size;
    this.granularity = (int) Math.max(4096, system.pageSize());
  }

  /// @param file that is open, and may be closed afterwards; mapped is this one, even where its
  ///   path leads elsewhere by now
  /// @param identity of the file, as [FileIdentity] makes it
  static MapLoader open(FileHandle file, long size, boolean lock, Object identity)
      throws IOException {
    Path path = file.path();
    NativeMemory system =
        NativeMemory.get()
            .orElseThrow(() ->
                new FileSystemException(
                    path.toString(),
                    null,
                    "cannot be mapped and faulted in: " + NativeMemory.whyAbsent()));
    FileChannel channel = FileChannel.open(FileLook.wayTo(file), StandardOpenOption.READ);
    return new MapLoader(path, channel, system, lock, size, FileReads.open(identity));
  }

  @Override
  String name() {
    return path.toString();
  }

  @Override
  long size() {
    return size;
  }

  @Override
  int granularity() {
    return granularity;
  }

  @Override
  boolean isBuffered() {
    return false;
  }

  @Override
  long start(Slot slot, Arrivals arrivals, boolean tryFirst) {
    unlock(slot);
    MapRead read = new MapRead(slot, arrivals);
    slot.map = read;
    arrivals.expectForeign();
    Holder.POPULATORS.execute(read);
    return -1;
  }

  /// What the file has of a range now.
  private synchronized MemorySegment range(long start, long planned) throws IOException {
    while (true) {
      long size = channel.size();
      long end = Math.min(planned, size);
      if (start >= end) {
        return MemorySegment.NULL;
      }
      if (end > map.byteSize()) {
        try {
          mapAnew(size);
        } catch (IOException e) {
          if (channel.size() >= size) {
            throw e;
          }
          // It was cut in between, which makes a map of the former size fail: look once more.
          continue;
        }
      }
      return map.asSlice(start, end - start);
    }
  }

  private void mapAnew(long size) throws IOException {
    Arena arena = Arena.ofShared();
    arenas.add(arena);
    map = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena).asReadOnly();
  }

  /// What the slot showed before need not stay locked.
  private void unlock(Slot slot) {
    MapRead before = slot.map;
    slot.map = null;
    if (before != null && before.locked) {
      int result = system.munlock(before.pages.address(), before.pages.byteSize());
      assert result == 0 : "munlock(2) of what is locked: " + result;
    }
  }

  @Override
  long finish(Slot slot) throws IOException {
    return Objects.requireNonNull(slot.map).result();
  }

  @Override
  boolean hold(Slot slot) {
    return reads.ranges().tryEnterRead(out, slot.start, slot.end - slot.start, Overlap.WAIT);
  }

  @Override
  void letGo() {
    if (out.isEntered()) {
      reads.ranges().exit(out);
    }
  }

  @Override
  FileReads reads() {
    return reads;
  }

  /// It ends soon, by itself.
  @Override
  boolean giveUp(Slot slot, Arrivals arrivals) {
    return false;
  }

  /// Copies: what is mapped may change, and vanish.
  @Override
  Bytes detach(Slot slot, long from, long length) {
    return Bytes.copyOf(slot.exact().asSlice(from, length));
  }

  @Override
  synchronized void close() throws IOException {
    reads.close();
    for (Arena arena : arenas) {
      arena.close();
    }
    channel.close();
  }

  /// One range to be faulted in.
  final class MapRead implements Runnable {
    private final Slot slot;
    private final Arrivals arrivals;
    private final long start;
    private final long planned;
    private MemorySegment pages = MemorySegment.NULL;
    private int populated;
    private boolean locked;
    private @Nullable IOException failure;

    MapRead(Slot slot, Arrivals arrivals) {
      this.slot = slot;
      this.arrivals = arrivals;
      this.start = slot.start;
      this.planned = slot.planned;
    }

    @Override
    public void run() {
      try {
        pages = range(start, planned);
        long bytes = pages.byteSize();
        if (bytes > 0) {
          populated = system.madvise(pages.address(), bytes, MADV_POPULATE_READ);
          locked = lock && populated == 0 && system.mlock(pages.address(), bytes) == 0;
        }
      } catch (IOException e) {
        failure = e;
      } catch (RuntimeException | Error e) {
        // Told to whoever seeks: nobody looks at this thread.
        failure = new IOException("map of " + path + ": " + e, e);
      } finally {
        arrivals.deliver(slot);
      }
    }

    long result() throws IOException {
      if (failure != null) {
        throw failure;
      }
      if (populated < 0) {
        throw refused();
      }
      slot.show(pages, 0, locked ? Residency.LOCKED : Residency.POPULATED);
      return pages.byteSize();
    }

    private FileSystemException refused() {
      String what =
          populated == -EFAULT
              ? "was truncated while it was mapped; open it again, or read it by another route"
              : "cannot be faulted in by madvise(2), error "
                  + -populated
                  + "; read it by another route";
      return new FileSystemException(
          path.toString(), null, "at " + start + " for " + pages.byteSize() + " bytes " + what);
    }
  }
}
