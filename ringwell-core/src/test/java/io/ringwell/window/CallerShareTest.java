package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CallerShareTest {
  private final CallerShare share = new CallerShare();

  private int tries(int files, boolean hit) {
    int tries = 0;
    for (int i = 0; i < files; i++) {
      if (share.isDue(100, 128)) {
        share.tried(hit);
        tries++;
      }
    }
    return tries;
  }

  @Test
  void oneInSoManyIsReadWhileTheEngineIsBusy() {
    assertThat(tries(100 * CallerShare.ONE_IN, true)).isEqualTo(100);
  }

  @Test
  void nothingIsReadWhereTheEngineHasRoom() {
    for (int i = 0; i < 1000; i++) {
      assertThat(share.isDue(64, 128)).isFalse();
      assertThat(share.isDue(0, 1)).isFalse();
    }
  }

  @Test
  void missesMakeItRare() {
    assertThat(tries(10_000, false)).isBetween(15, 25);
    // What is cached by now is found to be.
    tries(CallerShare.ONE_IN * (CallerShare.MOST_LEFT_OUT + 1), true);
    assertThat(tries(100 * CallerShare.ONE_IN, true)).isEqualTo(100);
  }
}
