package io.ringwell.window;

/// What things cost, for the [Planner]. Where each value comes from stands beside it. All times in
/// nanoseconds, all rates in bytes a microsecond (a thousandth of GB/s).
///
/// @param syscall a call into the kernel, with what is done around it
/// @param copyRate copying from the page cache to user memory, one thread
/// @param touchRate the same bytes seen through a populated map
/// @param handOff giving an operation to the engine and hearing of it
/// @param miss an attempt to read the page cache that finds nothing
/// @param deviceLatency from asking a device to the first byte
/// @param remoteLatency the same of a file system that asks somebody else
/// @param deviceRate of a device, sequentially
/// @param assumedCachedShare where nobody knows: being wrong costs little, since a few misses tell
/// @param batch operations that one enter submits together when there are that many
/// @param cachedWindow window for data that is cached: large enough for calls not to matter
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

  /// Measured on the machine that docs/benchmarks.md describes: 2 processors, ext4, Linux 6.18. By
  /// `bench/run.sh windows factors`, save where said otherwise, which prints them for another one.
  public static final CostFactors FIRST =
      new CostFactors(
          // With what the engine does around it. Two runs: 690, 770.
          700,
          // 11,700 and 12,300.
          12_000,
          // 8,300: populating costs more than it saves.
          8_300,
          // One read at a time that is cached, so two wake-ups of sleeping threads: 14,000, 18,400.
          16_000,
          // 1,070 and 1,550 for a try that answers EAGAIN.
          1_300,
          // 97,500 and 99,700 for 4 KiB past the page cache.
          98_000,
          // Not measured: two round trips in a local network, or through another process.
          500_000,
          // 1,940 and 2,090 through the page cache.
          2_000,
          // Optimistic: a few misses tell otherwise, and cost a few microseconds.
          1.0,
          // EngineOptions.defaults().batch().
          64,
          // 10,700 bytes/us with 256 KiB, 13,500 with this, 13,800 to 14,500 with more.
          512 << 10,
          // Kind.MAX_BUFFERED_BYTES: one attempt of the engine.
          1 << 20,
          64 << 10,
          4,
          16);
}
