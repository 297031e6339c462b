package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerNameTest {
  @ParameterizedTest
  @CsvSource({
    "example.org, example.org, false",
    "example.org., example.org, false",
    "localhost., localhost, false",
    "1.example.org, 1.example.org, false",
    "b\u00fccher.example., xn--bcher-kva.example, false",
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1., 127.0.0.1, true",
    "::1, ::1, true",
    "[::1], ::1, true"
  })
  void namesAndAddressesAreToldApart(String host, String text, boolean isAddress) {
    assertThat(PeerName.of(host)).isEqualTo(new PeerName(text, isAddress));
  }
}
