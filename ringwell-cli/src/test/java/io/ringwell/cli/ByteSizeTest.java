package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @Test
  void takesUnitsOf1024() {
    assertThat(ByteSize.parse("0").bytes()).isZero();
    assertThat(ByteSize.parse("4096").bytes()).isEqualTo(4096);
    assertThat(ByteSize.parse("4k").bytes()).isEqualTo(4096);
    assertThat(ByteSize.parse("4KiB").bytes()).isEqualTo(4096);
    assertThat(ByteSize.parse("1.5m").bytes()).isEqualTo(3 << 19);
    assertThat(ByteSize.parse("2GB").bytes()).isEqualTo(2L << 30);
    assertThat(ByteSize.parse("512b").bytes()).isEqualTo(512);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "k", "x", "-1", "4kk", "1e3", "9999999p", "1,5m"})
  void refusesWhatIsNoSize(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).hasMessageContaining("is not a size");
  }

  @Test
  void showsTheLargestUnitThatFits() {
    assertThat(ByteSize.format(0)).isEqualTo("0 B");
    assertThat(ByteSize.format(1023)).isEqualTo("1023 B");
    assertThat(ByteSize.format(1024)).isEqualTo("1 KiB");
    assertThat(ByteSize.format(1536)).isEqualTo("1.5 KiB");
    assertThat(ByteSize.format(256 << 20)).isEqualTo("256 MiB");
    assertThat(ByteSize.format(Long.MAX_VALUE)).isEqualTo("8192.0 PiB");
  }
}
