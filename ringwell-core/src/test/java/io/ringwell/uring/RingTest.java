package io.ringwell.uring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.sys.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RingTest {
  @Test
  void everyTakenEntryCompletesWithItsUserData() throws Exception {
    try (Ring ring = Ring.open(RingOptions.of(64))) {
      runNops(ring, 10_000);
      assertThat(ring.droppedCompletions()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(RingFeature.class)
  void worksWithoutAnyOneFeature(RingFeature left) throws Exception {
    try (Ring ring = Ring.open(RingOptions.of(32).without(left))) {
      assertThat(ring.features()).doesNotContain(left);
      runNops(ring, 500);
    }
  }

  @Test
  void worksWithoutAllFeatures() throws Exception {
    RingOptions bare = RingOptions.of(32).without(RingFeature.values());
    try (Ring ring = Ring.open(bare)) {
      assertThat(ring.features()).isEqualTo(EnumSet.noneOf(RingFeature.class));
      runNops(ring, 500);
    }
  }

  @Test
  void worksWithAPollingThread() throws Exception {
    try (Ring ring = Ring.open(RingOptions.of(32).withPollThread(1))) {
      runNops(ring, 500);
    }
  }

  private static void runNops(Ring ring, int count) {
    BitSet arrived = new BitSet(count);
    int taken = 0;
    while (arrived.cardinality() < count) {
      Submission entry;
      while (taken < count && (entry = ring.next()) != null) {
        entry.nop(taken++);
      }
      assertThat(ring.enter(1)).isGreaterThanOrEqualTo(0);
      while (ring.advance()) {
        assertThat(ring.result()).isZero();
        assertThat(arrived.get((int) ring.userData())).isFalse();
        arrived.set((int) ring.userData());
      }
    }
  }

  @Test
  void fullQueueAnswersNullUntilAnEnterMakesRoom() throws Exception {
    try (Ring ring = Ring.open(RingOptions.of(4))) {
      for (int i = 0; i < 4; i++) {
        Objects.requireNonNull(ring.next()).nop(i);
      }
      assertThat(ring.next()).isNull();
      assertThat(ring.unsubmitted()).isEqualTo(4);
      assertThat(ring.enter(0)).isEqualTo(4);
      assertThat(ring.room()).isEqualTo(4);
    }
  }

  @Test
  void withdrawnEntriesAreNotSubmitted() throws Exception {
    try (Ring ring = Ring.open(RingOptions.of(8))) {
      Objects.requireNonNull(ring.next()).nop(1);
      ring.withdraw();
      assertThat(ring.unsubmitted()).isZero();
      Objects.requireNonNull(ring.next()).nop(2);
      assertThat(ring.enter(1)).isEqualTo(1);
      assertThat(ring.advance()).isTrue();
      assertThat(ring.userData()).isEqualTo(2);
      assertThat(ring.advance()).isFalse();
    }
  }

  @Test
  void waitWithATimeLimitAnswersEtime() throws Exception {
    try (Ring ring = Ring.open(RingOptions.of(8))) {
      assertThat(ring.enter(1, 1_000_000)).isEqualTo(-Errno.ETIME);
    }
  }

  @Test
  void badDescriptorIsToldInTheCompletionAndStopsNothing() throws Exception {
    try (Ring ring = Ring.open(RingOptions.of(8));
        Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(16);
      Objects.requireNonNull(ring.next()).read(-1, memory.address(), 16, 0, 7);
      Objects.requireNonNull(ring.next()).nop(8);
      int seen = 0;
      while (seen < 2) {
        ring.enter(1);
        while (ring.advance()) {
          seen++;
          int expected = ring.userData() == 7 ? -Errno.EBADF : 0;
          assertThat(ring.result()).isEqualTo(expected);
        }
      }
      assertThat(memory.get(JAVA_BYTE, 0)).isZero();
    }
  }

  @Test
  void anotherThreadIsRefused() throws Exception {
    try (Ring ring = Ring.open(RingOptions.of(8))) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread other =
          new Thread(() -> {
            try {
              ring.next();
            } catch (WrongThreadException e) {
              thrown.set(e);
            }
          });
      other.start();
      other.join();
      assertThat(thrown.get()).isInstanceOf(WrongThreadException.class);
    }
  }

  @Test
  void closedRingIsRefused() throws Exception {
    Ring ring = Ring.open(RingOptions.of(8));
    ring.close();
    ring.close();
    assertThatThrownBy(ring::next).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(ring::probe).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void probeKnowsTheOperationsThatEveryKernelHas() throws Exception {
    try (Ring ring = Ring.open(RingOptions.of(8))) {
      Probe probe = ring.probe();
      assertThat(probe.supports(Opcode.READ)).isTrue();
      assertThat(probe.supports(Opcode.FSYNC)).isTrue();
      assertThat(probe.supports(255)).isFalse();
    }
  }

  @Test
  void badOptionsAreNamed() {
    assertThatThrownBy(() -> RingOptions.of(3))
        .hasMessageContaining("entries")
        .hasMessageContaining("3");
    assertThatThrownBy(() -> RingOptions.of(65536)).hasMessageContaining("32768");
  }
}
