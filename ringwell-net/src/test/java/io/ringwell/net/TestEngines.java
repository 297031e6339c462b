package io.ringwell.net;

import static org.junit.jupiter.api.Assumptions.abort;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.uring.RingFeature;
import io.ringwell.uring.RingUnavailableException;

/// The engines that connections are tested on.
enum TestEngines {
  URING {
    @Override
    Engine open() {
      return uring(OPTIONS);
    }
  },
  PLAIN_URING {
    @Override
    Engine open() {
      return uring(OPTIONS.without(RingFeature.values()).withRegisteredMemory(false));
    }
  },
  TWO_RINGS {
    @Override
    Engine open() {
      return uring(OPTIONS.withRings(2));
    }
  },
  THREADS {
    @Override
    Engine open() {
      return Engine.threads(OPTIONS, "tested");
    }
  },
  CHANNELS {
    @Override
    Engine open() {
      return Engine.channels(OPTIONS, "tested");
    }
  };

  private static final EngineOptions OPTIONS = EngineOptions.defaults().withPoolBytes(256L << 20);

  abstract Engine open();

  private static Engine uring(EngineOptions options) {
    try {
      return Engine.uring(options);
    } catch (RingUnavailableException e) {
      return abort("no io_uring here: " + e.getMessage());
    }
  }
}
