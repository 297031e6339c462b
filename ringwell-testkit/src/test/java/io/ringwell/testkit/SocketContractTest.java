package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.uring.RingFeature;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The contract of sockets on every engine that there is, and under faults that change no result.
final class SocketContractTest {
  @Nested
  @DisplayName("on")
  @ParameterizedClass
  @EnumSource(EngineSetup.class)
  final class On extends SocketContract {
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
      names = {"SEND_ZC", "POLL_FIRST", "DEFER_TASKRUN"})
  final class UringWithout extends SocketContract {
    private final RingFeature feature;

    UringWithout(RingFeature feature) {
      this.feature = feature;
    }

    @Override
    protected Engine openEngine(EngineOptions options) {
      return Engines.uring(options.without(feature));
    }
  }

  @Nested
  @DisplayName("under faults of seed")
  @ParameterizedClass
  @ValueSource(longs = {1, 2, 3, 4})
  final class Faults extends SocketContract {
    private final long seed;

    Faults(long seed) {
      this.seed = seed;
    }

    @Override
    protected Engine openEngine(EngineOptions options) {
      Engines inner = seed % 2 == 0 ? Engines.URING : Engines.CHANNELS;
      return new FaultEngine(inner.open(options), FaultPlan.benign(seed));
    }
  }
}
