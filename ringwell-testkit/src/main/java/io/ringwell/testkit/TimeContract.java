package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Timeouts, deadlines and cancels.
interface TimeContract extends ContractCase {
  Duration LONG = Duration.ofHours(1);

  @Test
  default void nopComesBack() throws IOException {
    Operation op = new Operation();
    for (int i = 0; i < 10; i++) {
      assertThat(run(op.nop())).isZero();
    }
  }

  @Test
  default void timeoutTakesItsTime() throws IOException {
    long start = System.nanoTime();
    assertThat(run(new Operation().timeout(Duration.ofMillis(20)))).isZero();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(millis(20));
    assertThat(run(new Operation().timeout(Duration.ZERO))).isZero();
    assertThatThrownBy(() -> new Operation().timeout(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void cancelledTimeoutEndsAtOnce() throws IOException {
    Operation op = new Operation().timeout(LONG);
    engine().submit(op);
    engine().cancel(op);
    ContractCase.failed(ECANCELED, op);
    Operation later = new Operation().timeout(LONG);
    engine().submit(later);
    run(new Operation().nop());
    run(new Operation().timeout(Duration.ofMillis(5)));
    engine().cancel(later);
    ContractCase.failed(ECANCELED, later);
  }

  @Test
  default void cancelOfAFinishedOperationChangesNothing() throws IOException {
    FileHandle file = create("finished");
    Operation op = new Operation().write(file, buffer(100), 0, 100, 0);
    assertThat(run(op)).isEqualTo(100);
    engine().cancel(op);
    assertThat(op.result()).isEqualTo(100);
    assertThat(run(op.fsync(file))).isZero();
  }

  @Test
  default void cancelledTransferIsWholeOrTold() throws IOException {
    FileHandle file = create("cancelled");
    Operation[] ops = new Operation[50];
    for (int i = 0; i < ops.length; i++) {
      ops[i] = new Operation().write(file, buffer(10_000), 0, 10_000, i * 10_000L);
      engine().submit(ops[i]);
      engine().cancel(ops[i]);
    }
    for (Operation op : ops) {
      try {
        assertThat(op.await()).isEqualTo(10_000);
      } catch (IOException e) {
        assertThat(op.errno()).isEqualTo(ECANCELED);
      }
    }
  }

  @Test
  default void deadlineEndsAWait() throws IOException {
    long start = System.nanoTime();
    Operation op = new Operation().timeout(LONG).deadline(start + millis(30));
    engine().submit(op);
    ContractCase.failed(ETIME, op);
    assertThat(System.nanoTime() - start).isBetween(millis(30), TimeUnit.SECONDS.toNanos(20));
  }

  @Test
  default void deadlineIsToldToWhoPolls() throws IOException {
    CompletionQueue queue = new CompletionQueue();
    long start = System.nanoTime();
    Operation op = new Operation().timeout(LONG).deadline(start + millis(30)).notifying(queue);
    engine().submit(op);
    assertThat(queue.take()).isSameAs(op);
    assertThat(op.errno()).isEqualTo(ETIME);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(millis(30));
  }

  @Test
  default void operationPastItsDeadlineIsNotBegun() throws IOException {
    FileHandle file = create("late");
    Operation op =
        new Operation().write(file, buffer(100), 0, 100, 0).deadline(System.nanoTime() - 1);
    failing(ETIME, op);
    assertThat(get(file, 0, 100)).isEmpty();
  }

  @Test
  default void deadlineThatIsNotReachedChangesNothing() throws IOException {
    FileHandle file = create("early");
    byte[] content = ContractCase.pattern(1, 3 << 20);
    long deadline = System.nanoTime() + LONG.toNanos();
    Operation op = new Operation();
    assertThat(run(op.write(file, holding(content), 0, content.length, 0).deadline(deadline)))
        .isEqualTo(content.length);
    var into = buffer(content.length);
    assertThat(run(op.read(file, into, 0, content.length, 0).deadline(deadline)))
        .isEqualTo(content.length);
    assertThat(ContractCase.content(into, content.length)).isEqualTo(content);
    assertThat(run(op.timeout(Duration.ofMillis(5)).deadline(deadline))).isZero();
    assertThat(run(op.fsync(file).deadline(deadline))).isZero();
  }

  @Test
  default void deadlineEndsAWaitForAPipe() throws IOException {
    FileHandle pipe = openPipe("pipe");
    CompletionQueue queue = new CompletionQueue();
    Operation op =
        new Operation()
            .read(pipe, buffer(10), 0, 10, 0)
            .deadline(System.nanoTime() + millis(30))
            .notifying(queue);
    engine().submit(op);
    assertThat(queue.take()).isSameAs(op);
    assertThat(op.errno()).isEqualTo(ETIME);
  }

  @Test
  default void cancelEndsAWaitForAPipe() throws IOException {
    FileHandle pipe = openPipe("pipe");
    Operation op = new Operation().read(pipe, buffer(10), 0, 10, 0);
    engine().submit(op);
    run(new Operation().timeout(Duration.ofMillis(20)));
    engine().cancel(op);
    ContractCase.failed(ECANCELED, op);
  }

  private static long millis(long count) {
    return TimeUnit.MILLISECONDS.toNanos(count);
  }
}
