package io.ringwell.engine;

/// What an engine counted since it was opened. Read without stopping anything: counts of operations
/// that complete meanwhile may be off by them.
///
/// @param operations completed, those on the caller's thread included
/// @param handedOff of these, carried out by a ring or a worker
/// @param failed of these, with an error
/// @param bytes moved
/// @param syscalls made by the engine for them: enters, wake-ups, blocking calls, cached reads
/// @param enters of these, io_uring_enter(2)
/// @param submissions entries that the rings submitted
/// @param largestBatch entries that one enter submitted at the most
/// @param inFlight operations in a ring or with a worker now
/// @param waiting operations in queues now
/// @param refused submissions that found the queue full
/// @param continued attempts that were short and went on
/// @param wakeups of sleeping ring threads
/// @param latency of sampled operations, from submission to completion
public record EngineStats(
    long operations,
    long handedOff,
    long failed,
    long bytes,
    long syscalls,
    long enters,
    long submissions,
    long largestBatch,
    long inFlight,
    long waiting,
    long refused,
    long continued,
    long wakeups,
    Latency latency) {
  /// Sampled times in nanoseconds, each exact to 1/16.
  ///
  /// @param samples how many operations were timed
  public record Latency(long samples, long mean, long p50, long p99, long p999, long max) {}

  /// System calls for each operation; 0 where none was carried out.
  public double syscallsPerOperation() {
    return operations == 0 ? 0 : (double) syscalls / operations;
  }

  /// Entries that one enter submitted on average.
  public double meanBatch() {
    return enters == 0 ? 0 : (double) submissions / enters;
  }
}
