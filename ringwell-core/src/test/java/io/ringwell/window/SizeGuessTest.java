package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SizeGuessTest {
  private final SizeGuess guess = new SizeGuess();

  private void meet(int files, long bytes) {
    for (int i = 0; i < files; i++) {
      guess.met(Math.min(bytes, guess.bytes()));
    }
  }

  @Test
  void growsWhereMoreThanOneOfEightIsTooLarge() {
    for (int i = 0; i < SizeGuess.FILES; i++) {
      guess.met(i % 8 == 0 ? SizeGuess.FIRST_BYTES : SizeGuess.FIRST_BYTES / 2);
    }
    assertThat(guess.bytes()).isEqualTo(SizeGuess.FIRST_BYTES);
    for (int i = 0; i < SizeGuess.FILES; i++) {
      guess.met(i % 7 == 0 ? SizeGuess.FIRST_BYTES : 0);
    }
    assertThat(guess.bytes()).isEqualTo(2 * SizeGuess.FIRST_BYTES);
  }

  @Test
  void shrinksWhereHalfWouldDoForAll() {
    meet(SizeGuess.FILES - 1, SizeGuess.FIRST_BYTES / 2 - 1);
    assertThat(guess.bytes()).isEqualTo(SizeGuess.FIRST_BYTES);
    meet(1, SizeGuess.FIRST_BYTES / 2 - 1);
    assertThat(guess.bytes()).isEqualTo(SizeGuess.FIRST_BYTES / 2);
    meet(SizeGuess.FILES - 1, 0);
    meet(1, SizeGuess.FIRST_BYTES / 4);
    assertThat(guess.bytes()).isEqualTo(SizeGuess.FIRST_BYTES / 2);
  }

  @Test
  void staysWithinItsBounds() {
    meet(100 * SizeGuess.FILES, Long.MAX_VALUE);
    assertThat(guess.bytes()).isEqualTo(SizeGuess.MOST_BYTES);
    meet(100 * SizeGuess.FILES, 0);
    assertThat(guess.bytes()).isEqualTo(SizeGuess.LEAST_BYTES);
  }
}
