package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LimitTest {
  private static final List<String> LINES =
      List.of(
          "Limit                     Soft Limit           Hard Limit           Units     ",
          "Max open files            1024                 524288               files     ",
          "Max locked memory         8388608              unlimited            bytes     ");

  @Test
  void readsTheTableOfTheKernel() {
    assertThat(Limit.parse(LINES, "Max open files")).isEqualTo(new Limit(1024, 524_288));
    assertThat(Limit.parse(LINES, "Max locked memory"))
        .isEqualTo(new Limit(8 << 20, Limit.UNLIMITED));
    assertThat(Limit.parse(LINES, "Max nothing")).isNull();
  }
}
