package io.ringwell.window;

/// What things cost, for the [Planner]. First values; where each comes from stands beside it. All
/// times in nanoseconds, all rates in bytes a microsecond (a thousandth of GB/s).
///
/// @param syscall entering and leaving the kernel
/// @param copyRate copying from the page cache to user memory, one thread
/// @param touchRate the same bytes seen through a populated map
/// @param handOff giving an operation to the engine and hearing of it
/// @param miss an attempt to read the page cache that finds nothing
/// @param deviceLatency from asking a device to the first byte
/// @param remoteLatency the same of a file system that asks somebody else
/// @param deviceRate of a device, sequentially
/// @param assumedCachedShare where nobody knows: being wrong costs little, since a few misses tell
/// @param batch operations that one enter submits together when there are that many
/// @param cachedWindow window for data that is cached: fits a second-level cache with its successor
/// @param coldWindow window for data that is not
/// @param randomWindow window for data read here and there
/// @param leastAhead windows in flight ahead of the reader where any are: what keeps the device
///   busy while the reader's thread is held up for some milliseconds, as by a collection
/// @param mostAhead windows in flight ahead of the reader, at the most
public record CostFactors(
    long syscall,
    long copyRate,
    long touchRate,
    long handOff,
    long miss,
    long deviceLatency,
    long remoteLatency,
    long deviceRate,
    double assumedCachedShare,
    int batch,
    long cachedWindow,
    long coldWindow,
    long randomWindow,
    int leastAhead,
    int mostAhead) {

  /// Measured on the machine that docs/benchmarks.md describes: 2 processors, ext4, Linux 6.18.
  public static final CostFactors FIRST =
      new CostFactors(
          // 1.2 to 1.4 million cached 4 KiB reads/s on one core, less their copying.
          250,
          // Two threads read 15.5 GB/s of cached data by pread.
          7_750,
          // Two threads read 15.6 to 16.9 GB/s through populated maps of 8 MiB.
          8_100,
          // Two wake-ups of a sleeping thread, when one read goes at a time.
          8_000,
          // 1 to 3 us for a try that answers EAGAIN.
          3_000,
          // 86,000 direct reads/s at depth 64, and fewer in flight are answered sooner.
          100_000,
          // Not measured: two round trips in a local network, or through another process.
          500_000,
          // 8 MiB cold took 7 to 8 ms to populate.
          1_100,
          // Optimistic: a few misses tell otherwise, and cost a few microseconds.
          1.0,
          // EngineOptions.defaults().batch().
          64,
          256 << 10,
          // Kind.MAX_BUFFERED_BYTES: one attempt of the engine.
          1 << 20,
          64 << 10,
          4,
          16);
}
