package io.ringwell.memory;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FreeStacksTest {
  private static Block[] pushed(FreeStacks stacks, int count) {
    Block[] blocks = new Block[count];
    for (int i = 0; i < count; i++) {
      blocks[i] = new Block(block -> {}, i);
    }
    stacks.table(blocks);
    for (Block block : blocks) {
      stacks.push(0, block);
    }
    return blocks;
  }

  @Test
  void lastPushedIsPoppedFirst() {
    FreeStacks stacks = new FreeStacks(2, 4);
    Block[] blocks = pushed(stacks, 3);
    assertThat(stacks.pop(0)).isSameAs(blocks[2]);
    assertThat(stacks.pop(0)).isSameAs(blocks[1]);
    stacks.push(0, blocks[2]);
    assertThat(stacks.pop(1)).as("another class").isNull();
    assertThat(stacks.pop(0)).isSameAs(blocks[2]);
    assertThat(stacks.pop(0)).isSameAs(blocks[0]);
    assertThat(stacks.pop(0)).isNull();
  }

  /// Else a thread that looked at the stack before could not tell that the block below may differ.
  @Test
  void stackOfTheSameBlocksIsNotTheSameStack() {
    FreeStacks stacks = new FreeStacks(1, 1);
    pushed(stacks, 2);
    String before = stacks.toString();
    Block top = requireNonNull(stacks.pop(0));
    stacks.push(0, top);
    assertThat(before).isEqualTo("FreeStacks[class 0 stripe 0 top 1 changes 2; ]");
    assertThat(stacks).hasToString("FreeStacks[class 0 stripe 0 top 1 changes 4; ]");
  }

  @Test
  void blocksOfAnotherThreadAreFound() throws Exception {
    FreeStacks stacks = new FreeStacks(1, 16);
    for (int i = 0; i < 50; i++) {
      Thread.ofPlatform().start(() -> pushed(stacks, 1)).join();
      assertThat(stacks.pop(0)).isNotNull();
    }
  }

  /// Few blocks on one stack, taken in pairs, of which the first comes back first: without the tag,
  /// a thread that was about to pop it would make the second the top, which still has an owner.
  @Test
  void noBlockHasTwoOwnersHoweverOftenTheTopComesBack() throws Exception {
    FreeStacks stacks = new FreeStacks(1, 1);
    int count = 4;
    pushed(stacks, count);
    AtomicIntegerArray owners = new AtomicIntegerArray(count);
    int rounds = Trials.rounds(100_000);
    try (Race race = new Race()) {
      race.run(
          () -> takePairs(stacks, owners, rounds),
          () -> takePairs(stacks, owners, rounds),
          () -> takePairs(stacks, owners, rounds),
          () -> takePairs(stacks, owners, rounds));
    }
    for (int i = 0; i < count; i++) {
      assertThat(stacks.pop(0)).isNotNull();
    }
    assertThat(stacks.pop(0)).isNull();
  }

  private static void takePairs(FreeStacks stacks, AtomicIntegerArray owners, int rounds) {
    for (int i = 0; i < rounds; i++) {
      Block first = own(stacks.pop(0), owners);
      Block second = own(stacks.pop(0), owners);
      giveBack(stacks, first, owners);
      for (int spin = i % 32; spin > 0; spin--) {
        Thread.onSpinWait();
      }
      giveBack(stacks, second, owners);
    }
  }

  private static @Nullable Block own(@Nullable Block block, AtomicIntegerArray owners) {
    if (block != null && !owners.compareAndSet(block.index, 0, 1)) {
      throw new AssertionError("two owners: " + block);
    }
    return block;
  }

  private static void giveBack(
      FreeStacks stacks, @Nullable Block block, AtomicIntegerArray owners) {
    if (block != null) {
      owners.set(block.index, 0);
      stacks.push(0, block);
    }
  }
}
