package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// How the size of windows and the guess of the next one follow from moves.
class WindowSizerTest {
  private final AccessPattern pattern = new AccessPattern(AccessHint.AUTOMATIC);
  private final WindowSizer sizer = new WindowSizer(4096, 4 << 20);

  private void move(long from, long to) {
    pattern.moved(from, to);
    sizer.moved(pattern);
  }

  @Test
  void windowsGrowWhileMovesGoOneWay() {
    sizer.plan(1 << 20, false);
    assertThat(sizer.size()).isEqualTo(64 << 10);
    move(0, 100);
    move(100, 200);
    assertThat(sizer.size()).isEqualTo(256 << 10);
    for (int i = 2; i < 10; i++) {
      move(100L * i, 100L * i + 100);
    }
    assertThat(sizer.size()).isEqualTo(1 << 20);
    assertThat(pattern.direction()).isEqualTo(1);
    assertThat(pattern.isStreaming()).isTrue();
  }

  @Test
  void windowsShrinkAfterJumps() {
    sizer.plan(1 << 20, true);
    assertThat(sizer.size()).isEqualTo(1 << 20);
    move(0, 100);
    move(500, 600);
    assertThat(sizer.size()).isEqualTo(1 << 20);
    for (int i = 2; i < 20; i++) {
      move(1000L * i, 1000L * i + 100);
    }
    assertThat(sizer.size()).isEqualTo(16 << 10);
    assertThat(pattern.direction()).isZero();
    assertThat(pattern.isStreaming()).isFalse();
  }

  @Test
  void movesDownAreSeen() {
    move(900, 1000);
    move(800, 900);
    move(700, 800);
    assertThat(pattern.direction()).isEqualTo(-1);
    assertThat(pattern.isStreaming()).isTrue();
    // The same window again changes nothing.
    move(700, 800);
    assertThat(pattern.direction()).isEqualTo(-1);
  }

  @Test
  void hintsOverruleWhatIsSeen() {
    AccessPattern random = new AccessPattern(AccessHint.RANDOM);
    random.moved(0, 100);
    random.moved(100, 200);
    random.moved(200, 300);
    assertThat(random.direction()).isZero();
    assertThat(random.isStreaming()).isFalse();
    AccessPattern up = new AccessPattern(AccessHint.SEQUENTIAL);
    assertThat(up.direction()).isEqualTo(1);
    assertThat(up.isStreaming()).isTrue();
    assertThat(new AccessPattern(AccessHint.BACKWARD).direction()).isEqualTo(-1);
    assertThat(new AccessPattern(AccessHint.REPEATED).isStreaming()).isFalse();
  }

  @Test
  void fixedSizeStays() {
    sizer.fix(12288);
    sizer.plan(1 << 20, true);
    move(0, 12288);
    move(12288, 24576);
    assertThat(sizer.size()).isEqualTo(12288);
    assertThat(sizer.smallest()).isEqualTo(12288);
    assertThatThrownBy(() -> sizer.fix(100)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sizer.fix(8 << 20)).isInstanceOf(IllegalArgumentException.class);
    assertThat(sizer.size()).isEqualTo(12288);
    sizer.fix(0);
    assertThat(sizer.size()).isGreaterThan(12288);
  }

  @Test
  void sizesStayOnTheGrid() {
    WindowSizer coarse = new WindowSizer(1 << 16, 100_000);
    assertThat(coarse.maxWindow()).isEqualTo(1 << 16);
    assertThat(coarse.smallest()).isEqualTo(1 << 16);
    assertThat(coarse.size()).isEqualTo(1 << 16);
    WindowSizer small = new WindowSizer(4096, 8192);
    small.plan(1 << 20, true);
    assertThat(small.size()).isEqualTo(8192);
  }
}
