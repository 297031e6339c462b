package io.ringwell.sink;

import io.ringwell.file.Durability;

/// How a sink writes a file. Start from [#defaults].
///
/// @param direct whether it is written past the page cache
/// @param durability what is on the device when the sink is complete. With `NONE` a power cut right
///   after may leave an empty file under its name, and errors of writing to the device go unseen
/// @param mode permissions of a file that is new, before the umask; one that is replaced keeps its
///   own
/// @param expectedBytes how many bytes will come, where that is known: room for them is made at
///   once, and a disk without it refuses at once; -1 where not. More or fewer are no error
/// @param maxBytes what the sink holds at the most, in bytes
public record FileSinkOptions(
    boolean direct, Durability durability, int mode, long expectedBytes, long maxBytes) {
  private static final long DEFAULT_MAX_BYTES = 16 << 20;
  private static final int DEFAULT_MODE = 0666;

  public FileSinkOptions {
    if (expectedBytes < -1) {
      throw new IllegalArgumentException(
          "expectedBytes is how many, or -1 where nobody knows, not " + expectedBytes);
    }
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes is at least 1, not " + maxBytes);
    }
  }

  /// Through the page cache, the data on the device when it is complete, 16 MiB held at the most.
  public static FileSinkOptions defaults() {
    return new FileSinkOptions(false, Durability.DATA, DEFAULT_MODE, -1, DEFAULT_MAX_BYTES);
  }

  /// Past the page cache. Pieces whose memory or length is off the file's grid are copied into
  /// memory that is on it; what comes from a pool of Ringwell's in whole blocks is not.
  public FileSinkOptions withDirect() {
    return new FileSinkOptions(true, durability, mode, expectedBytes, maxBytes);
  }

  public FileSinkOptions withDurability(Durability newDurability) {
    return new FileSinkOptions(direct, newDurability, mode, expectedBytes, maxBytes);
  }

  /// The permissions of a file that is new, such as 0600, before the umask.
  public FileSinkOptions withMode(int newMode) {
    return new FileSinkOptions(direct, durability, newMode, expectedBytes, maxBytes);
  }

  public FileSinkOptions withExpectedBytes(long bytes) {
    return new FileSinkOptions(direct, durability, mode, bytes, maxBytes);
  }

  public FileSinkOptions withMaxBytes(long bytes) {
    return new FileSinkOptions(direct, durability, mode, expectedBytes, bytes);
  }
}
