package io.ringwell.cli;

/// The offsets that one job visits: at random, or in order from a place of its own and round again.
/// Allocates nothing.
final class Offsets {
  private static final long STEP = 0x9e3779b97f4a7c15L;

  private final boolean random;
  private final long blocks;
  private final int blockBytes;
  private long state;

  Offsets(BenchPlan plan, int job, long seed) {
    random = plan.mode().random;
    blocks = plan.blocks();
    blockBytes = plan.block();
    // Mixed, since jobs that started a step apart would all walk the same offsets.
    state = random ? mix(seed + job * STEP) : blocks * job / plan.jobs();
  }

  long next() {
    if (!random) {
      long block = state;
      state = block + 1 == blocks ? 0 : block + 1;
      return block * blockBytes;
    }
    state += STEP;
    return Math.unsignedMultiplyHigh(mix(state), blocks) * blockBytes;
  }

  /// splitmix64 (Steele, Lea, Flood 2014); the high half of a product spreads it over the blocks.
  private static long mix(long seed) {
    long z = seed;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
