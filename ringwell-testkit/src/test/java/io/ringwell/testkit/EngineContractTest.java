package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.uring.RingFeature;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The contract on every engine that there is, without faults.
final class EngineContractTest {
  @Nested
  @DisplayName("on")
  @ParameterizedClass
  @EnumSource(EngineSetup.class)
  final class On extends EngineContract {
    private final EngineSetup setup;

    On(EngineSetup setup) {
      this.setup = setup;
    }

    @Override
    protected Engine openEngine(EngineOptions options) {
      return setup.open(options);
    }
  }

  @Nested
  @DisplayName("io_uring without")
  @ParameterizedClass
  @EnumSource(
      value = RingFeature.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SEND_ZC", "POLL_FIRST"})
  final class UringWithout extends EngineContract {
    private final RingFeature feature;

    UringWithout(RingFeature feature) {
      this.feature = feature;
    }

    @Override
    protected Engine openEngine(EngineOptions options) {
      return Engines.uring(options.without(feature));
    }

    @Override
    public boolean thorough() {
      return false;
    }
  }

  @Nested
  @DisplayName("io_uring with a polling kernel thread")
  final class Polled extends EngineContract {
    @Override
    protected Engine openEngine(EngineOptions options) {
      return Engines.uring(options.withPollThread(true));
    }

    @Override
    public boolean thorough() {
      return false;
    }
  }
}
