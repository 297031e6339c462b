package io.ringwell.sys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RingCallsTest {
  private static final int NO_RING = -1;

  @Test
  void refusedEnterIsTold() {
    assertThat(RingCalls.enter(NO_RING, 0, 0, 0, 0, 0)).isNegative();
  }

  @Test
  void explainedEnterTellsTheErrorNumber() {
    int result = RingCalls.explainedEnter(Native.newCallState(), NO_RING, 0, 0, 0, 0, 0);
    assertThat(result).isEqualTo(-Errno.EBADF);
  }
}
