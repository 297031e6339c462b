package io.ringwell.s3;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// Whether a request for a range is made again, and when.
///
/// @param attempts in a row without a byte that came
/// @param firstPause the most that is waited before the second of them; doubled each time
record Retries(int attempts, Duration firstPause) {
  private static final long LONGEST_MILLIS = 20_000;
  private static final int TIMES_FOR_SLOW_DOWN = 10;

  private static final Set<String> SAID_TO_PASS =
      Set.of("RequestTimeout", "SlowDown", "Throttling", "RequestLimitExceeded", "InternalError");

  /// What the store got is not what was sent: the way there did it, and does it rarely.
  static final Set<String> SAID_TO_BE_DAMAGED =
      Set.of("BadDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch");

  /// Whether the same may go well another time: nobody answered, or the store says so.
  static boolean mayHelp(Throwable failure) {
    int status = Failures.status(failure);
    if (status != 0) {
      return status == 408
          || status == 429
          || (status >= 500 && status != 501)
          || SAID_TO_PASS.contains(Failures.code(failure))
          || SAID_TO_BE_DAMAGED.contains(Failures.code(failure))
          // The SDK has corrected its clock by then, but tries nothing again where it must not.
          || (Failures.unwrap(failure) instanceof AwsServiceException refused
              && refused.isClockSkewException());
    }
    boolean broken = false;
    if (failure instanceof S3Exception) {
      return false; // what came cannot be right
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return false;
      }
      broken |= cause instanceof IOException || cause instanceof TimeoutException;
    }
    return broken;
  }

  /// How long to wait after so many failures in a row, in milliseconds: a random share, so that
  /// those who failed together do not come back together.
  long pauseMillis(int failures, Throwable last) {
    boolean slow = Failures.status(last) == 503 || Failures.status(last) == 429;
    long first = firstPause.toMillis() * (slow ? TIMES_FOR_SLOW_DOWN : 1);
    long most = Math.min(LONGEST_MILLIS, first << Math.min(failures - 1, 20));
    return ThreadLocalRandom.current().nextLong(most + 1);
  }
}
