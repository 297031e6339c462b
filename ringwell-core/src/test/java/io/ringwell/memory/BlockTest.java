package io.ringwell.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockTest {
  private final List<Block> recycled = new ArrayList<>();
  private final Block block = new Block(recycled::add, 0);

  private int open() {
    int generation = block.generation();
    block.open();
    return generation;
  }

  @Test
  void everyCallOfAnEarlierGenerationFailsAndChangesNothing() {
    int stale = open();
    block.release(stale);
    int now = open();
    block.lend(now);
    String before = block.toString();
    assertThatIllegalStateException().isThrownBy(() -> block.retain(stale));
    assertThatIllegalStateException().isThrownBy(() -> block.release(stale));
    assertThatIllegalStateException().isThrownBy(() -> block.lend(stale));
    assertThatIllegalStateException().isThrownBy(() -> block.giveBack(stale));
    assertThatIllegalStateException().isThrownBy(() -> block.freeze(stale));
    assertThat(block.isOpen(stale)).isFalse();
    assertThat(block.isOpen(now)).isTrue();
    assertThat(block).hasToString(before);
    assertThat(recycled).hasSize(1);
  }

  @Test
  void freezingEndsTheGenerationButNotTheBlock() {
    int before = open();
    int after = block.freeze(before);
    assertThatIllegalStateException().isThrownBy(() -> block.release(before));
    assertThatIllegalStateException().isThrownBy(() -> block.freeze(before));
    assertThat(recycled).isEmpty();
    block.release(after);
    assertThat(recycled).hasSize(1);
  }

  @Test
  void thawingUndoesAFreeze() {
    int generation = open();
    block.freeze(generation);
    block.thaw(generation);
    assertThat(block.isOpen(generation)).isTrue();
    block.release(generation);
    assertThat(recycled).hasSize(1);
  }

  @Test
  void abandonedBlockCannotBeSharedOrLentAgain() {
    int generation = open();
    block.lend(generation);
    block.release(generation);
    assertThat(block.isInUse()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> block.retain(generation));
    assertThatIllegalStateException().isThrownBy(() -> block.lend(generation));
    assertThatIllegalStateException().isThrownBy(() -> block.freeze(generation));
    assertThat(recycled).isEmpty();
    block.giveBack(generation);
    assertThat(recycled).hasSize(1);
    assertThat(block.isInUse()).isFalse();
  }

  @Test
  void referencesAreCountedUpToTheirBound() {
    int generation = open();
    for (int i = 1; i < 16_777_215; i++) {
      block.retain(generation);
    }
    assertThatIllegalStateException().isThrownBy(() -> block.retain(generation));
    assertThat(block.isLent()).as("the count does not run over").isFalse();
    for (int i = 1; i < 16_777_215; i++) {
      block.release(generation);
    }
    assertThat(recycled).isEmpty();
    block.release(generation);
    assertThat(recycled).hasSize(1);
  }

  @Test
  void generationWrapsWithoutTouchingTheCounts() {
    for (int i = 0; i < 1 << 24; i++) {
      block.release(open());
      recycled.clear();
    }
    assertThat(block.generation()).isZero();
    assertThat(block.isInUse()).isFalse();
  }
}
