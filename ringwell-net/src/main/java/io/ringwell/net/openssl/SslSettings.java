package io.ringwell.net.openssl;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one connection wants.
///
/// @param protocols versions, `TLSv1.3` and `TLSv1.2`
/// @param applicationProtocols ALPN, best first; none: no ALPN
/// @param insists whether the peer must show a certificate that leads to an authority
/// @param name whom a client means: for SNI, and for the certificate; null for a server
/// @param isAddress whether the name is an address
/// @param verifyName whether the certificate must be for that name
/// @param port a client's: for whom sessions are resumed
/// @param wipes whether plain text that was read is wiped from the buffer that it was opened in
public record SslSettings(
    List<String> protocols,
    List<String> applicationProtocols,
    boolean insists,
    @Nullable String name,
    boolean isAddress,
    boolean verifyName,
    int port,
    boolean wipes) {

  private static final Map<String, Integer> VERSIONS = Map.of("TLSv1.2", 0x303, "TLSv1.3", 0x304);
  private static final int MOST_PROTOCOL_BYTES = 255; // RFC 7301, 3.1: a byte tells the length

  public SslSettings {
    for (String each : protocols) {
      if (!VERSIONS.containsKey(each)) {
        throw new IllegalArgumentException(
            "OpenSSL is not asked for %s: name TLSv1.3 or TLSv1.2".formatted(each));
      }
    }
    if (protocols.isEmpty()) {
      throw new IllegalArgumentException("no version: name TLSv1.3 or TLSv1.2");
    }
  }

  boolean isClient() {
    return name != null;
  }

  int leastVersion() {
    return protocols.stream().mapToInt(VERSIONS::get).min().orElseThrow();
  }

  int mostVersion() {
    return protocols.stream().mapToInt(VERSIONS::get).max().orElseThrow();
  }

  /// Each with its length before it.
  byte[] applicationProtocolList() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String each : applicationProtocols) {
      byte[] bytes = each.getBytes(StandardCharsets.UTF_8);
      if (bytes.length == 0 || bytes.length > MOST_PROTOCOL_BYTES) {
        throw new IllegalArgumentException(
            "an ALPN protocol has 1 to 255 bytes, not %d: %s".formatted(bytes.length, each));
      }
      all.write(bytes.length);
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  /// Sessions are resumed for the same peer only, and not where another was content with less.
  String sessionKey() {
    return name + " " + port + " " + verifyName;
  }
}
