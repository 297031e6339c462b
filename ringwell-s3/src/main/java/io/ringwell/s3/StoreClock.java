package io.ringwell.s3;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/// What time it is for the store: this machine's, until a refusal of the store's shows another one.
/// A signature that is a quarter of an hour off is refused, and the SDK, which corrects itself
/// where it signs calls of its own, presigns by this machine's clock alone.
///
/// Safe for many threads; the last that learned is right.
final class StoreClock {
  /// By less than this nobody's clock is wrong: the SDK's figure, well below what stores bear.
  static final Duration NOTICEABLE = Duration.ofMinutes(4);

  private volatile Duration ahead = Duration.ZERO;

  /// What has to be added to this machine's: nothing where that is right.
  Duration ahead() {
    return ahead;
  }

  /// Learns from an answer that refused.
  ///
  /// @param signed when the request was made, by the clock that it was signed by
  /// @param date of the answer, as HTTP has it; null where it has none
  /// @return whether the request was signed by a clock that was wrong: another one may be taken
  boolean corrects(Instant signed, @Nullable String date) {
    Instant theirs = date == null ? null : parse(date);
    if (theirs == null || !isNoticeable(Duration.between(signed, theirs))) {
      return false;
    }
    Duration difference = Duration.between(Instant.now(), theirs);
    ahead = isNoticeable(difference) ? difference : Duration.ZERO;
    return true;
  }

  private static boolean isNoticeable(Duration difference) {
    return difference.abs().compareTo(NOTICEABLE) > 0;
  }

  /// Null where it is none.
  private static @Nullable Instant parse(String date) {
    try {
      return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
    } catch (DateTimeParseException e) {
      return null; // as good as none: the refusal is told as it is
    }
  }
}
