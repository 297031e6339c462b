package io.ringwell.testkit;

import java.util.SplittableRandom;

/// One kind of race.
///
/// @param name for reports
/// @param body one round of it
record Race(String name, Body body) {
  /// A round: ends when all that it began has ended.
  interface Body {
    void run(SplittableRandom random) throws Exception;
  }

  @Override
  public String toString() {
    return name;
  }
}
