package io.ringwell.engine;

import java.util.concurrent.atomic.LongAdder;

/// What an engine's workers and its callers' threads count. A ring's own thread counts in plain
/// fields of its own, [RingCounters].
final class Counters {
  /// Without those [#onCaller].
  final LongAdder operations = new LongAdder();

  final LongAdder onCaller = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder bytes = new LongAdder();

  /// Without the one for each [#onCaller].
  final LongAdder syscalls = new LongAdder();

  final LongAdder refused = new LongAdder();
  final LongAdder continued = new LongAdder();
  final LongAdder wakeups = new LongAdder();
  final LatencyHistogram latency = new LatencyHistogram();
}
