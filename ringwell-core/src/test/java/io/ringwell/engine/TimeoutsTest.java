package io.ringwell.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.sys.Errno;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class TimeoutsTest {
  private final ThreadEngine engine = new ThreadEngine(EngineOptions.defaults(), true, "tested");
  private final Workers carrier = new Workers(engine, true, 1, 16);
  private final Timeouts timeouts = new Timeouts();

  @AfterEach
  void close() {
    engine.close();
  }

  private void start(Operation op, Duration duration) {
    op.timeout(duration);
    op.begin(engine);
    op.carrier = carrier;
    timeouts.start(op);
  }

  private void cancel(Operation op) {
    timeouts.cancel(op);
    assertThatThrownBy(op::await)
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECANCELED));
  }

  private static void awaitTimerAtLock() {
    while (Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread ->
            thread.getName().equals("ringwell-timer")
                && thread.getState() == Thread.State.BLOCKED)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void timerThatComesLateLeavesTheNextUseAlone() throws IOException {
    Operation op = new Operation();
    Operation behind = new Operation();
    synchronized (timeouts) {
      start(op, Duration.ofNanos(1));
      awaitTimerAtLock();
      cancel(op);
      start(op, Duration.ofDays(1));
      start(behind, Duration.ofNanos(1));
    }
    assertThat(behind.await()).as("the timer is past the first").isZero();
    assertThat(op.isDone()).isFalse();
    cancel(op);
    timeouts.end();
  }
}
