package io.ringwell.testkit;

import static org.junit.jupiter.api.Assumptions.abort;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.uring.RingUnavailableException;
import java.util.List;

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

  /// A ring; where there is none, the test is skipped, and says so.
  static Engine uring(EngineOptions options) {
    try {
      return Engine.uring(options);
    } catch (RingUnavailableException e) {
      return abort("no io_uring here: " + e.getMessage());
    }
  }
}
