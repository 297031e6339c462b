package io.ringwell.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class SlabSpaceTest {
  private static final int UNIT_SHIFT = 9;
  private static final int SLAB_SHIFT = 12;
  private static final long SLAB = 1 << SLAB_SHIFT;

  private final SlabSpace space = new SlabSpace(4, UNIT_SHIFT, SLAB_SHIFT);

  @Test
  void lowestSlabWithRoomIsUsedFirst() {
    assertThat(space.take(3)).isZero();
    assertThat(space.take(2)).isEqualTo(SLAB);
    assertThat(space.take(3)).isEqualTo(2 * SLAB);
    assertThat(space.take(2)).isEqualTo(SLAB + SLAB / 2);
    space.give(0, 3);
    assertThat(space.take(0)).isZero();
  }

  @Test
  void runNeedsFreeSlabsInARow() {
    space.takeRun(1);
    long middle = space.takeRun(1);
    assertThat(space.takeRun(3)).isEqualTo(-1);
    assertThat(space.takeRun(2)).isEqualTo(2 * SLAB);
    space.giveRun(middle, 1);
    assertThat(space.takeRun(2)).isEqualTo(-1);
    space.giveRun(2 * SLAB, 2);
    assertThat(space.takeRun(3)).isEqualTo(SLAB);
  }

  @Test
  void splitSlabIsNoPartOfARunUntilItIsWholeAgain() {
    long unit = space.take(0);
    assertThat(space.takeRun(4)).isEqualTo(-1);
    assertThat(space.isFree(0)).isFalse();
    assertThat(space.give(unit, 0)).as("merged to a slab").isEqualTo(3);
    assertThat(space.isFree(0)).isTrue();
    assertThat(space.takeRun(4)).isZero();
  }

  @Test
  void fullSpaceHasNoRoomOfAnyOrder() {
    space.takeRun(4);
    for (int order = 0; order <= space.maxOrder(); order++) {
      assertThat(space.take(order)).isEqualTo(-1);
    }
  }

  @Test
  void freeingASlabTwiceIsNoticed() {
    long slab = space.take(3);
    space.give(slab, 3);
    assertThatIllegalStateException().isThrownBy(() -> space.give(slab, 3));
  }
}
