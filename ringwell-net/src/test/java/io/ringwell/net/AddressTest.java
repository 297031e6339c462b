package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "example.org:443, example.org, 443",
    "127.0.0.1:80, 127.0.0.1, 80",
    "[::1]:8080, ::1, 8080",
    "':0', '', 0"
  })
  void hostAndPortAreReadAndWritten(String text, String host, int port) {
    Address address = Address.parse(text);

    assertThat(address.host()).isEqualTo(host);
    assertThat(address.port()).isEqualTo(port);
    assertThat(address).hasToString(text).isEqualTo(Address.of(host, port));
  }

  @Test
  void aPathIsReadAndWritten() {
    Address address = Address.parse("unix:/run/a b.sock");

    assertThat(address.isUnix()).isTrue();
    assertThat(address.path()).isEqualTo(Path.of("/run/a b.sock"));
    assertThat(address).hasToString("unix:/run/a b.sock");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        "host:",
        "host:http",
        "host:65536",
        "host:-1",
        "host:123456789012",
        "::1:80",
        "[::1]",
        "[host]:80",
        "unix:"
      })
  void whatIsNoneIsRefusedWithItsText(String text) {
    assertThatThrownBy(() -> Address.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void everyAddressOfThisMachineIsAWildcard() throws Exception {
    SocketAddress any = Address.parse("*:80").resolve().getFirst();
    assertThat(((InetSocketAddress) any).getAddress().isAnyLocalAddress()).isTrue();
    assertThat(((InetSocketAddress) any).getPort()).isEqualTo(80);
    assertThat(Address.parse(":80").resolve())
        .as("of IPv6 first, which has both, and of IPv4 for who connects")
        .endsWith(new InetSocketAddress(InetAddress.getByAddress(new byte[4]), 80));
  }

  @Test
  void aHostThatThereIsNotIsToldByName() {
    assertThatThrownBy(() -> Address.of("no such host", 80).resolve())
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("no such host:80");
  }
}
