package io.ringwell.window;

import io.ringwell.memory.Bytes;

/// Shows slices of what is in memory.
final class MemoryLoader extends Loader {
  private final MemorySource source;

  MemoryLoader(MemorySource source) {
    this.source = source;
  }

  @Override
  String name() {
    return source.name();
  }

  @Override
  long size() {
    return source.size();
  }

  @Override
  int granularity() {
    return source.granularity();
  }

  @Override
  boolean isBuffered() {
    return false;
  }

  @Override
  boolean mayHaveGrown(long end) {
    return false;
  }

  @Override
  long start(Slot slot, Arrivals arrivals, boolean tryFirst) {
    long from = Math.min(slot.start, source.size());
    slot.show(source.segment, from, Residency.GIVEN);
    return Math.min(slot.planned, source.size()) - from;
  }

  @Override
  long finish(Slot slot) {
    throw new AssertionError("nothing is ever in flight");
  }

  @Override
  boolean giveUp(Slot slot, Arrivals arrivals) {
    throw new AssertionError("nothing is ever in flight");
  }

  @Override
  Bytes detach(Slot slot, long from, long length) {
    return source.part(slot.start + from, length);
  }

  @Override
  void close() {
    source.close();
  }
}
