package io.ringwell.testkit;

import static org.junit.jupiter.api.Assumptions.abort;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.OperationException;
import io.ringwell.window.WriterOptions;
import java.io.IOException;
import java.nio.file.Path;

/// The ways in which writers are tested.
enum WriterSetup {
  URING(Engines.URING, false, false),
  URING_DIRECT(Engines.URING, true, false),
  URING_FAULTS(Engines.URING, false, true),
  URING_DIRECT_FAULTS(Engines.URING, true, true),
  THREADS(Engines.THREADS, false, false),
  THREADS_DIRECT(Engines.THREADS, true, false),
  THREADS_DIRECT_FAULTS(Engines.THREADS, true, true),
  CHANNELS(Engines.CHANNELS, false, false),
  CHANNELS_FAULTS(Engines.CHANNELS, false, true);

  private static final long POOL_BYTES = 32 << 20;

  final Engines kind;
  final boolean direct;
  final boolean faults;

  WriterSetup(Engines kind, boolean direct, boolean faults) {
    this.kind = kind;
    this.direct = direct;
    this.faults = faults;
  }

  Engine open(long seed) {
    Engine engine = kind.open(EngineOptions.defaults().withPoolBytes(POOL_BYTES));
    return faults ? new FaultEngine(engine, FaultPlan.benign(seed)) : engine;
  }

  WriterOptions options() {
    return direct ? WriterOptions.direct() : WriterOptions.defaults();
  }

  /// The test is skipped, and says so, where the disk takes no direct I/O.
  void requireDirect(Engine engine, Path directory) throws IOException {
    if (!direct) {
      return;
    }
    int flags = OpenFlag.READ | OpenFlag.WRITE | OpenFlag.CREATE | OpenFlag.DIRECT;
    try {
      engine.close(engine.open(directory.resolve("direct"), flags, 0644));
    } catch (OperationException e) {
      abort("no direct I/O here: " + e.getMessage());
    }
  }
}
