package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Who may begin, and when.
final class LineTest {
  private final Line line = new Line(2);
  private final List<String> begun = new ArrayList<>();

  private Runnable named(String name) {
    return () -> begun.add(name);
  }

  @Test
  void soManyBeginAtOnceAndTheNextWhenOneLeaves() throws InterruptedException {
    line.enter(named("a"));
    line.enter(named("b"));
    CountDownLatch third = new CountDownLatch(1);
    line.enter(third::countDown);
    assertThat(begun).containsExactly("a", "b");
    assertThat(third.getCount()).isOne();
    line.leave();
    third.await();
  }

  @Test
  void whoLeftTheLineNeverBeginsAndWhoHadItsTurnCannot() {
    Runnable first = named("a");
    line.enter(first);
    line.enter(named("b"));
    Runnable waits = named("c");
    line.enter(waits);
    assertThat(line.withdraw(first)).isFalse();
    assertThat(line.withdraw(waits)).isTrue();
    assertThat(line.withdraw(waits)).isFalse();
    line.leave();
    line.enter(named("d"));
    assertThat(begun).containsExactly("a", "b", "d");
  }
}
