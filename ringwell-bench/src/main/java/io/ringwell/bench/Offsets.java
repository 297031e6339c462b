package io.ringwell.bench;

/// Random block offsets of a file: SplitMix64, which costs less than a nanosecond a number and
/// allocates nothing. One thread's.
final class Offsets {
  private final long blocks;
  private long state;

  Offsets(long fileBytes, long seed) {
    this.blocks = fileBytes / DataFile.BLOCK_BYTES;
    this.state = mix(seed);
    if (blocks == 0) {
      throw new IllegalArgumentException("the file holds less than a block: " + fileBytes);
    }
  }

  /// The next offset, in bytes.
  long next() {
    state += 0x9E3779B97F4A7C15L;
    return Math.unsignedMultiplyHigh(mix(state), blocks) * DataFile.BLOCK_BYTES;
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
