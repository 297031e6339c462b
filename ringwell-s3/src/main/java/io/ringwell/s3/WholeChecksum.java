package io.ringwell.s3;

import java.util.Map;
import java.util.TreeMap;

/// The CRC of an object out of those of its ranges, which come in any order. Two ranges side by
/// side become one, so that little is kept. A range that overlaps another one is left out: then the
/// object is not verified as a whole, unless its bytes come once more.
///
/// **Threads.** Any.
final class WholeChecksum {
  private record Run(long to, long crc) {}

  private final long size;
  private final Crc kind;
  private final long expected;
  private final TreeMap<Long, Run> runs = new TreeMap<>();
  private boolean broken;

  WholeChecksum(long size, Crc kind, long expected) {
    this.size = size;
    this.kind = kind;
    this.expected = expected;
  }

  Crc kind() {
    return kind;
  }

  /// @return false where all bytes have come, and are not those expected
  synchronized boolean add(long from, long to, long crc) {
    if (broken || from >= to || overlaps(from, to)) {
      return !broken;
    }
    long start = from;
    Run run = new Run(to, crc);
    Map.Entry<Long, Run> before = runs.floorEntry(from);
    if (before != null && before.getValue().to == from) {
      start = before.getKey();
      run = new Run(to, kind.combine(before.getValue().crc, crc, to - from));
    }
    Run after = runs.remove(to);
    if (after != null) {
      run = new Run(after.to, kind.combine(run.crc, after.crc, after.to - to));
    }
    runs.put(start, run);
    broken = start == 0 && run.to == size && run.crc != expected;
    return !broken;
  }

  /// Whether all bytes came, and they are not those expected. That stays so: nobody knows which of
  /// them are wrong, and some have been handed out.
  synchronized boolean isBroken() {
    return broken;
  }

  private boolean overlaps(long from, long to) {
    Map.Entry<Long, Run> before = runs.lowerEntry(to);
    return before != null && before.getValue().to > from;
  }

  /// Whether every byte came, and they are those expected.
  synchronized boolean isVerified() {
    Run all = runs.get(0L);
    return size == 0 ? expected == 0 : !broken && all != null && all.to == size;
  }
}
