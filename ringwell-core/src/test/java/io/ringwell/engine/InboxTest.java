package io.ringwell.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InboxTest {
  private static final int CAPACITY = 64;

  private final Inbox inbox = new Inbox(CAPACITY);

  private void fillWithItsOwn() {
    while (inbox.offerOwn(new Operation().nop())) {
      assertThat(inbox.own()).isLessThanOrEqualTo(CAPACITY);
    }
  }

  @Test
  void whatOthersSubmitIsStartedHoweverMuchTheRingsThreadSubmits() {
    Operation other = new Operation().nop();
    assertThat(inbox.offer(other)).isTrue();
    List<Operation> started = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      fillWithItsOwn();
      started.add(inbox.poll());
    }
    assertThat(started).contains(other).doesNotContainNull();
  }

  @Test
  void whatTheRingsThreadSubmitsIsStartedHoweverMuchOthersSubmit() {
    assertThat(inbox.offerOwn(new Operation().nop())).isTrue();
    while (inbox.offer(new Operation().nop())) {
      assertThat(inbox.waiting()).isLessThanOrEqualTo(CAPACITY);
    }
    inbox.poll();
    inbox.poll();
    assertThat(inbox.own()).isZero();
  }

  @Test
  void allOfItIsFound() {
    inbox.offerOwn(new Operation().nop());
    inbox.offerRetry(new Operation().nop());
    inbox.offerReturned(new Operation().nop());
    assertThat(inbox.offer(new Operation().nop())).isTrue();
    for (int left = 4; left > 0; left--) {
      assertThat(inbox.hasOperations()).isTrue();
      assertThat(inbox.poll()).isNotNull();
    }
    assertThat(inbox.hasOperations()).isFalse();
    assertThat(inbox.poll()).isNull();
  }

  @Test
  void thereIsABoundToWhatTheRingsThreadSubmits() {
    fillWithItsOwn();
    assertThat(inbox.own()).isEqualTo(CAPACITY);
  }
}
