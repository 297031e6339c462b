package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Route;
import java.nio.file.Path;

/// Reads changing files through maps, which may end the process.
final class MappedChangeMain {
  private MappedChangeMain() {}

  /// @param arguments a directory, the seed, the number of rounds
  public static void main(String[] arguments) throws Exception {
    long seed = Long.parseLong(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    ReaderOptions options =
        ReaderOptions.defaults()
            .allowMapped()
            .withRoute(Route.MAPPED)
            .withBounds(64 << 10, 512 << 10);
    ChangingFile.Tally tally = new ChangingFile.Tally();
    try (Engine engine = Engine.open(EngineOptions.defaults().withPoolBytes(16 << 20))) {
      for (int round = 0; round < rounds; round++) {
        ChangingFile.read(engine, Path.of(arguments[0]), options, seed + round, tally);
      }
    }
    System.out.println(tally);
  }
}
