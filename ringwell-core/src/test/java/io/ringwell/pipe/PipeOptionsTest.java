package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a pipe may be made with.
class PipeOptionsTest {
  private static final PipeOptions DEFAULTS = PipeOptions.defaults();

  private static void expectRefused(Supplier<PipeOptions> options, String... words) {
    assertThatThrownBy(options::get)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void defaultsAreThoseThatAreTold() {
    assertThat(DEFAULTS.pauseBytes()).isEqualTo(512 << 10);
    assertThat(DEFAULTS.resumeBytes()).isEqualTo(256 << 10);
    assertThat(DEFAULTS.maxBuffered()).isEqualTo(16 << 20);
    assertThat(DEFAULTS.segmentBytes()).isEqualTo(4 << 10);
    assertThat(DEFAULTS.maxSegmentBytes()).isEqualTo(1 << 20);
    assertThat(DEFAULTS.keepBytes()).isEqualTo(1 << 20);
    assertThat(DEFAULTS.maxMemoryBytes()).isZero();
    assertThat(DEFAULTS.readerScheduler()).isSameAs(ForkJoinPool.commonPool());
    assertThat(DEFAULTS.writerScheduler()).isSameAs(ForkJoinPool.commonPool());
  }

  @Test
  void eachChangeLeavesAllElse() {
    Executor reader = Runnable::run;
    Executor writer = Runnable::run;
    PipeOptions all =
        DEFAULTS
            .withThresholds(100, 50)
            .withMaxBuffered(1000)
            .withSegments(64, 128)
            .withKeepBytes(7)
            .withMaxMemory(128)
            .withReaderScheduler(reader)
            .withWriterScheduler(writer);
    assertThat(all).isEqualTo(new PipeOptions(100, 50, 1000, 64, 128, 7, 128, reader, writer));
    assertThat(DEFAULTS).as("unchanged").isEqualTo(PipeOptions.defaults());
  }

  @Test
  void thresholdsAreInOrderOrBothNone() {
    expectRefused(() -> DEFAULTS.withThresholds(50, 100), "resumeBytes", "at most pauseBytes");
    expectRefused(() -> DEFAULTS.withThresholds(-1, -1), "pauseBytes", "negative");
    expectRefused(() -> DEFAULTS.withThresholds(100, 0), "resumeBytes", "or both 0");
    expectRefused(() -> DEFAULTS.withThresholds(0, 100), "resumeBytes", "or both 0");
    assertThat(DEFAULTS.withThresholds(0, 0).pauseBytes()).isZero();
    assertThat(DEFAULTS.withThresholds(1, 1).resumeBytes()).isEqualTo(1);
  }

  @Test
  void capHoldsAtLeastWhatPausesAndOne() {
    expectRefused(
        () -> DEFAULTS.withMaxBuffered(1000), "at most maxBuffered, 1000", "withThresholds");
    expectRefused(() -> DEFAULTS.withThresholds(Long.MAX_VALUE, 1), "raise withMaxBuffered");
    PipeOptions unpaused = DEFAULTS.withThresholds(0, 0);
    expectRefused(() -> unpaused.withMaxBuffered(0), "maxBuffered must be positive");
    expectRefused(() -> unpaused.withMaxBuffered(-1), "maxBuffered must be positive");
    assertThat(unpaused.withMaxBuffered(1).maxBuffered()).isEqualTo(1);
    assertThat(unpaused.withMaxBuffered(Long.MAX_VALUE).maxBuffered()).isEqualTo(1L << 62);
  }

  @Test
  void segmentsArePowersOfTwoInOrder() {
    expectRefused(() -> DEFAULTS.withSegments(32, 64), "segmentBytes", "64");
    expectRefused(() -> DEFAULTS.withSegments(100, 128), "segmentBytes", "power of two");
    expectRefused(() -> DEFAULTS.withSegments(128, 64), "maxSegmentBytes", "not less");
    expectRefused(() -> DEFAULTS.withSegments(64, 100), "maxSegmentBytes", "power of two");
    expectRefused(() -> DEFAULTS.withSegments(Long.MIN_VALUE, 64), "segmentBytes");
    expectRefused(() -> DEFAULTS.withSegments(0, 0), "segmentBytes");
  }

  @Test
  void memoryIsBoundedByASegmentOrNotAtAll() {
    expectRefused(() -> DEFAULTS.withKeepBytes(-1), "keepBytes", "negative");
    expectRefused(() -> DEFAULTS.withMaxMemory(-1), "maxMemoryBytes must be 0");
    expectRefused(() -> DEFAULTS.withMaxMemory((1 << 20) - 1), "maxSegmentBytes");
    expectRefused(
        () -> DEFAULTS.withMaxMemory(1 << 20).withSegments(64, 2 << 20), "maxMemoryBytes");
  }

  @Test
  void schedulersAreNeeded() {
    @Nullable Executor none = null;
    assertThatThrownBy(() -> withReaderScheduler(none)).hasMessage("readerScheduler");
    assertThatThrownBy(() -> withWriterScheduler(none)).hasMessage("writerScheduler");
  }

  @SuppressWarnings("NullAway") // that is the test
  private static void withReaderScheduler(@Nullable Executor executor) {
    DEFAULTS.withReaderScheduler(executor);
  }

  @SuppressWarnings("NullAway") // that is the test
  private static void withWriterScheduler(@Nullable Executor executor) {
    DEFAULTS.withWriterScheduler(executor);
  }

  @Test
  void segmentsOfObjectsFitIntoArrays() {
    PipeOptions large = DEFAULTS.withSegments(64, 1L << 31);
    assertThatThrownBy(() -> new ObjectPipe<String>(large))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("withSegments");
  }
}
