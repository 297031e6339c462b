package io.ringwell.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/// The file that every peer of a run reads. Made where it is missing or too short, of random bytes
/// without holes; kept for the next run.
///
/// @param path where it lies. `-Dringwell.bench.file` says so, else the folder for temporary files
/// @param bytes how much of it is read. `-Dringwell.bench.mib` says so
record DataFile(Path path, long bytes) {
  /// The unit of every read here.
  static final int BLOCK_BYTES = 4096;

  private static final long DEFAULT_MIB = 256;
  private static final int PART_BYTES = 1 << 20;
  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

  /// The file that the properties name, made and in the page cache.
  static DataFile cached() throws IOException {
    DataFile file =
        new DataFile(defaultPath(), Long.getLong("ringwell.bench.mib", DEFAULT_MIB) << 20);
    file.make();
    file.warm();
    return file;
  }

  static Path defaultPath() {
    String name = System.getProperty("ringwell.bench.file");
    return name != null
        ? Path.of(name)
        : Path.of(System.getProperty("java.io.tmpdir"), "ringwell-bench.dat");
  }

  /// Sees to it that the file has its bytes, and that they are on the device.
  void make() throws IOException {
    long size = Files.exists(path) ? Files.size(path) : 0;
    if (size >= bytes) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      byte[] part = new byte[PART_BYTES];
      SplittableRandom random = new SplittableRandom(bytes);
      for (long at = 0; at < bytes; at += PART_BYTES) {
        random.nextBytes(part);
        ByteBuffer source = ByteBuffer.wrap(part, 0, (int) Math.min(PART_BYTES, bytes - at));
        while (source.hasRemaining()) {
          channel.write(source, at + source.position());
        }
      }
      channel.force(true);
    }
  }

  /// Reads all of it, so that it lies in the page cache where there is room.
  void warm() throws IOException {
    ByteBuffer into = ByteBuffer.allocateDirect(PART_BYTES);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      for (long at = 0; at < bytes; at += PART_BYTES) {
        into.clear();
        if (channel.read(into, at) < 0) {
          throw new IOException(path + ": ends at " + at);
        }
      }
    }
  }

  /// Whether [#dropCache] can do its work.
  static boolean canDropCache() {
    return Files.isWritable(DROP_CACHES);
  }

  /// Drops the machine's whole page cache; takes root. [#make] left nothing dirty of this file, and
  /// what is clean goes (Documentation/admin-guide/sysctl/vm.rst).
  static void dropCache() throws IOException {
    Files.writeString(DROP_CACHES, "1\n");
  }

  /// The same with names and inodes, after all that is dirty was written.
  static void dropAll() throws IOException {
    try {
      if (new ProcessBuilder("sync").inheritIO().start().waitFor() != 0) {
        throw new IOException("sync failed");
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
    Files.writeString(DROP_CACHES, "3\n");
  }

  /// Refuses what a peer must not count as a read.
  static void requireBlock(long transferred) {
    if (transferred != BLOCK_BYTES) {
      throw new IllegalStateException("a read moved " + transferred + " bytes");
    }
  }
}
