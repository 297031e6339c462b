package io.ringwell.memory;

import java.util.Arrays;

/// The checks that the system properties switch on, read once.
final class SystemChecks {
  static final boolean STRICT = lists("ringwell.check", "strict");
  static final boolean POISON = lists("ringwell.check", "poison");
  static final boolean TRACK_LEAKS = lists("ringwell.leaks", "track");

  private SystemChecks() {}

  private static boolean lists(String property, String word) {
    return Arrays.stream(System.getProperty(property, "").split(",", -1))
        .anyMatch(given -> given.strip().equalsIgnoreCase(word));
  }
}
