package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.uring.RingFeature;
import java.util.function.Function;

/// The engines that every contract is held against.
enum EngineSetup {
  URING("io_uring with all features", Engines::uring),
  PLAIN_URING(
      "io_uring without any optional feature",
      options -> Engines.uring(options.without(RingFeature.values()).withRegisteredMemory(false))),
  TWO_RINGS("io_uring with two rings", options -> Engines.uring(options.withRings(2))),
  THREADS("system calls on threads", options -> Engine.threads(options, "tested")),
  CHANNELS("channels of the JDK on threads", options -> Engine.channels(options, "tested"));

  private final String label;
  private final Function<EngineOptions, Engine> opening;

  EngineSetup(String label, Function<EngineOptions, Engine> opening) {
    this.label = label;
    this.opening = opening;
  }

  Engine open(EngineOptions options) {
    return opening.apply(options);
  }

  @Override
  public String toString() {
    return label;
  }
}
