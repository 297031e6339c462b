package io.ringwell.pipe;

import org.junit.jupiter.api.Tag;

/// The same, 150,000 pipes.
@Tag("soak")
class PipeRaceSoakTest extends PipeRaceTest {
  @Override
  int rounds() {
    return 150_000;
  }
}
