package io.ringwell.pipe;

import org.junit.jupiter.api.Tag;

/// The same, 1,000,000 steps.
@Tag("soak")
class PipeModelSoakTest extends PipeModelTest {
  @Override
  int steps() {
    return 1_000_000;
  }
}
