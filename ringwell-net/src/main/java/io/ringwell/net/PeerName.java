package io.ringwell.net;

import java.net.IDN;

/// Whom a client means: what SNI sends, and what a certificate must be for.
///
/// @param text a name in ASCII, or an address without brackets
/// @param isAddress whether it is an address; those are not sent (RFC 6066, 3)
record PeerName(String text, boolean isAddress) {
  static PeerName of(String host) {
    // Names have a letter in their last part, addresses of either kind do not, or have colons.
    boolean address =
        host.indexOf(':') >= 0
            || host.substring(host.lastIndexOf('.') + 1).chars().allMatch(Character::isDigit);
    return address
        ? new PeerName(host.replaceAll("[\\[\\]]", ""), true)
        : new PeerName(IDN.toASCII(host), false);
  }
}
