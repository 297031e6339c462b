package io.ringwell.net;

import java.net.IDN;

/// Whom a client means: what SNI sends, and what a certificate must be for.
///
/// @param text a name in ASCII, or an address without brackets
/// @param isAddress whether it is an address; those are not sent (RFC 6066, 3)
record PeerName(String text, boolean isAddress) {
  static PeerName of(String host) {
    // The dot that ends a name in full belongs to look-ups: SNI has none (RFC 6066, 3), nor has a
    // certificate.
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    // Names have a letter in their last part, addresses of either kind do not, or have colons.
    boolean address =
        name.indexOf(':') >= 0
            || name.substring(name.lastIndexOf('.') + 1).chars().allMatch(Character::isDigit);
    return address
        ? new PeerName(name.replaceAll("[\\[\\]]", ""), true)
        : new PeerName(IDN.toASCII(name), false);
  }
}
