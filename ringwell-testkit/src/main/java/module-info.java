import org.jspecify.annotations.NullMarked;

/// The contract that every engine keeps, as a suite to extend, and an engine that fails on purpose.
@NullMarked
module io.ringwell.testkit {
  requires static org.jspecify;
  requires transitive io.ringwell.core;
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;

  exports io.ringwell.testkit;

  // The suite's tests are found and called by reflection.
  opens io.ringwell.testkit;
}
