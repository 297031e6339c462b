package io.ringwell.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ClosingTest {
  @Test
  void oneErrorOfSeveralSinksIsToldOnce() {
    IOException dead = new IOException("the line is dead");
    IOException full = new IOException("the disk is full");
    List<Sink> sinks =
        List.of(BrokenOutlet.sink(dead), BrokenOutlet.sink(dead), BrokenOutlet.sink(full));
    assertThatThrownBy(() -> Closing.all(sinks)).isSameAs(dead);
    assertThat(dead.getSuppressed()).containsExactly(full);
  }

  /// What completing and closing fail with may be one object, which cannot be added to itself.
  @Test
  void oneErrorOfCompletingAndOfClosingIsToldByBoth() {
    IOException dead = new IOException("the line is dead");
    assertThatThrownBy(
            () -> {
              try (Sink sink = BrokenOutlet.sink(dead)) {
                sink.complete();
              }
            })
        .isSameAs(dead);
    assertThat(dead.getSuppressed())
        .singleElement()
        .satisfies(closing ->
            assertThat(closing)
                .hasMessageContaining("a sink could not be closed: the line is dead")
                .hasCause(dead));
  }
}
