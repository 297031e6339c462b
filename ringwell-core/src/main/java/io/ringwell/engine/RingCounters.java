package io.ringwell.engine;

/// What one ring has done. Written by its thread alone and read by anyone who asks for statistics;
/// who reads may see a slightly older state.
final class RingCounters {
  long operations;
  long failed;
  long bytes;
  long enters;
  long submissions;
  long largestBatch;
  long continued;
  final LatencyHistogram latency = new LatencyHistogram();

  /// An enter consumed `consumed` entries.
  void entered(int consumed) {
    enters++;
    if (consumed > 0) {
      submissions += consumed;
      largestBatch = Math.max(largestBatch, consumed);
    }
  }

  void finished(Operation op) {
    operations++;
    if (op.errno != 0) {
      failed++;
    }
    if (op.kind.countsBytes()) {
      bytes += op.transferred;
    }
    continued += op.continued;
    if (op.startNanos != 0) {
      latency.record(System.nanoTime() - op.startNanos);
    }
  }
}
