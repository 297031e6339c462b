package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
  private static void check(String text, long size, long start, long end) throws IOException {
    ByteRange range = ByteRange.parse(text);
    assertThat(range.start("f", size)).isEqualTo(start);
    assertThat(range.end(size)).isEqualTo(end);
  }

  @Test
  void bothEndsAreIncluded() throws IOException {
    check("0-0", 10, 0, 1);
    check("2-5", 10, 2, 6);
    check("2-", 10, 2, 10);
    check("2-99", 10, 2, 10);
    check("-3", 10, 7, 10);
    check("-30", 10, 0, 10);
    check("1k-2k", 1 << 20, 1024, 2049);
    assertThatThrownBy(() -> ByteRange.parse("10-").start("f", 10))
        .hasMessageContaining("10 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "5", "5-2", "a-b", "1-2-3"})
  void refusesWhatIsNoRange(String text) {
    assertThatThrownBy(() -> ByteRange.parse(text)).hasMessageContaining("is not a");
  }
}
