package io.ringwell.testkit;

import static org.junit.jupiter.api.Assumptions.abort;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.uring.RingFeature;
import io.ringwell.uring.RingUnavailableException;
import java.util.List;
import java.util.SplittableRandom;

/// The engines that tests run on.
enum Engines {
  URING {
    @Override
    Engine open(EngineOptions options) {
      return uring(options);
    }
  },
  THREADS {
    @Override
    Engine open(EngineOptions options) {
      return Engine.threads(options, "tested");
    }
  },
  CHANNELS {
    @Override
    Engine open(EngineOptions options) {
      return Engine.channels(options, "tested");
    }
  };

  abstract Engine open(EngineOptions options);

  /// One after the other, as seeds go up.
  static Engines ofSeed(long seed) {
    return List.of(URING, THREADS, CHANNELS).get((int) Math.floorMod(seed, 3L));
  }

  /// Options that `random` varies: the rings, and at times a kernel feature to do without.
  static EngineOptions vary(EngineOptions options, SplittableRandom random) {
    RingFeature[] features = RingFeature.values();
    int left = random.nextInt(2 * features.length);
    EngineOptions varied = options.withRings(random.nextInt(1, 3));
    return left < features.length ? varied.without(features[left]) : varied;
  }

  /// A ring; where there is none, the test is skipped, and says so.
  static Engine uring(EngineOptions options) {
    try {
      return Engine.uring(options);
    } catch (RingUnavailableException e) {
      return abort("no io_uring here: " + e.getMessage());
    }
  }
}
