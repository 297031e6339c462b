package io.ringwell.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BuddySlabTest {
  private record Taken(int leaf, int order) {}

  @Test
  void wholeSlabIsOneBlock() {
    BuddySlab slab = new BuddySlab(3);
    assertThat(slab.take(3)).isZero();
    assertThat(slab.largest()).isEqualTo(-1);
    assertThat(slab.give(0, 3)).isEqualTo(3);
  }

  @Test
  void halvesMergeWhenBothAreFree() {
    BuddySlab slab = new BuddySlab(1);
    int first = slab.take(0);
    int second = slab.take(0);
    assertThat(slab.take(0)).isEqualTo(-1);
    assertThat(slab.give(first, 0)).isZero();
    assertThat(slab.give(second, 0)).isEqualTo(1);
  }

  @Test
  void smallBlocksAreTakenWhereLittleIsLeft() {
    BuddySlab slab = new BuddySlab(2);
    int first = slab.take(0);
    int second = slab.take(0);
    assertThat(first ^ second).as("buddies").isEqualTo(1);
    assertThat(slab.largest()).as("the other half is whole").isEqualTo(1);
  }

  @Test
  void freeingTwiceIsNoticed() {
    BuddySlab slab = new BuddySlab(2);
    int leaf = slab.take(1);
    slab.give(leaf, 1);
    assertThatIllegalStateException().isThrownBy(() -> slab.give(leaf, 1));
  }

  @Test
  void randomBlocksNeverOverlapAndAllMergeAgain() {
    Random random = new Random(Trials.seed(getClass()));
    int maxOrder = 7;
    BuddySlab slab = new BuddySlab(maxOrder);
    BitSet used = new BitSet();
    List<Taken> taken = new ArrayList<>();
    for (int i = 0; i < Trials.rounds(50_000); i++) {
      if (random.nextInt(100) < 55) {
        int order = random.nextInt(maxOrder + 1);
        int largest = slab.largest();
        int leaf = slab.take(order);
        assertThat(leaf >= 0).isEqualTo(largest >= order);
        if (leaf >= 0) {
          int end = leaf + (1 << order);
          assertThat(leaf % (1 << order)).as("aligned").isZero();
          assertThat(end).isLessThanOrEqualTo(1 << maxOrder);
          assertThat(used.get(leaf, end).isEmpty()).as("overlap").isTrue();
          used.set(leaf, end);
          taken.add(new Taken(leaf, order));
        }
      } else if (!taken.isEmpty()) {
        Taken one = taken.remove(random.nextInt(taken.size()));
        used.clear(one.leaf, one.leaf + (1 << one.order));
        slab.give(one.leaf, one.order);
      }
    }
    taken.forEach(one -> slab.give(one.leaf, one.order));
    assertThat(slab.largest()).isEqualTo(maxOrder);
  }
}
