package io.ringwell.cli;

/// The offsets that one job visits: at random, or in order from a place of its own and round again.
/// Allocates nothing.
final class Offsets {
  private final boolean random;
  private final long blocks;
  private final int blockBytes;
  private long state;

  Offsets(BenchPlan plan, int job, long seed) {
    random = plan.mode().random;
    blocks = plan.blocks();
    blockBytes = plan.block();
    state = random ? seed + job * 0x9e3779b97f4a7c15L : blocks * job / plan.jobs();
  }

  long next() {
    if (!random) {
      long block = state;
      state = block + 1 == blocks ? 0 : block + 1;
      return block * blockBytes;
    }
    // splitmix64 (Steele, Lea, Flood 2014); the high half of the product spreads over the blocks.
    state += 0x9e3779b97f4a7c15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    z ^= z >>> 31;
    return Math.unsignedMultiplyHigh(z, blocks) * blockBytes;
  }
}
