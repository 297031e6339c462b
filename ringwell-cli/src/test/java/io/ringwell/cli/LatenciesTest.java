package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void quantilesAreExactToASixteenth() {
    Latencies first = new Latencies();
    Latencies second = new Latencies();
    for (int i = 1; i <= 100_000; i++) {
      (i % 2 == 0 ? first : second).record(i * 1000L);
    }
    first.add(second);
    assertThat(first.samples()).isEqualTo(100_000);
    assertThat(first.meanMicros()).isEqualTo(50_000.5, within(0.01));
    assertThat(first.micros(0.5)).isEqualTo(50_000, within(50_000 / 16.0));
    assertThat(first.micros(0.99)).isEqualTo(99_000, within(99_000 / 16.0));
    assertThat(first.maxMicros()).isEqualTo(100_000);
    assertThat(first.micros(1)).isLessThanOrEqualTo(first.maxMicros());
  }

  @Test
  void everyValueHasABucketThatHoldsIt() {
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      long value = random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
      Latencies one = new Latencies();
      one.record(value);
      assertThat(one.micros(0.5)).isEqualTo(value / 1000.0, within(value / 1000.0 / 16));
    }
  }

  @Test
  void nothingRecordedIsNoNumber() {
    assertThat(new Latencies().meanMicros()).isNaN();
    assertThat(new Latencies().micros(0.99)).isNaN();
  }
}
