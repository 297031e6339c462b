package io.ringwell.bench;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.engine.EngineOptions;

/// Opens the engine that the benches of Ringwell mean.
final class Uring {
  private Uring() {}

  /// An engine on io_uring.
  ///
  /// @throws IllegalStateException where it is any other: figures of a fallback under the name of
  ///   io_uring would be worse than none
  static Engine open() {
    Engine engine = Engine.open(EngineOptions.defaults().withChoice(EngineOptions.Choice.URING));
    EngineInfo info = engine.info();
    if (info.kind() != EngineInfo.Kind.URING) {
      engine.close();
      throw new IllegalStateException("io_uring is to be measured, and this is " + info);
    }
    return engine;
  }
}
