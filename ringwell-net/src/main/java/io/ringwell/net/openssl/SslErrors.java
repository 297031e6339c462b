package io.ringwell.net.openssl;

import static io.ringwell.sys.NativeLibrary.call;
import static io.ringwell.sys.NativeLibrary.text;

/// The queue of errors that OpenSSL has for each thread of the system.
///
/// It is emptied before a call whose outcome depends on it, and read right behind: in between there
/// is nothing that could move a virtual thread to another carrier.
final class SslErrors {
  // err.h: the reason is the lower 23 bits of an error of OpenSSL's own.
  private static final long REASON = 0x7FFFFF;
  private static final long OF_THE_SYSTEM = 0x80000000L;

  // ssl.h, SSL_AD_REASON_OFFSET: an alert that came is a reason from here on.
  private static final long ALERTS = 1000;
  private static final long MOST_ALERT = 255;

  private SslErrors() {}

  static void clear() {
    call(LibCrypto.ERR_CLEAR_ERROR);
  }

  /// What the oldest one says, which the others follow from; all are gone afterwards.
  static String take() {
    long error = call(LibCrypto.ERR_GET_ERROR);
    clear();
    if (error == 0) {
      return "OpenSSL gives no reason";
    }
    String reason = text(call(LibCrypto.ERR_REASON_ERROR_STRING, error));
    if (reason.isEmpty()) {
      return "OpenSSL's error 0x%x".formatted(error);
    }
    long alert = (error & REASON) - ALERTS;
    if ((error & OF_THE_SYSTEM) == 0 && alert >= 0 && alert <= MOST_ALERT) {
      String name = reason.replaceFirst("^\\S+ alert ", "");
      return "the peer sent an alert: %s (%d)".formatted(name, alert);
    }
    return reason;
  }
}
