package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// The races of [RaceTest], each on an engine that goes on living.
final class Races {
  private final List<Race> all;

  Races(Engine engine, Engines kind, Path directory) throws IOException {
    RaceGround ground = new RaceGround(engine, kind, directory);
    all =
        Stream.of(
                new CancelRaces(ground).all(),
                new WaiterRaces(ground).all(),
                new CloseRaces(ground).all())
            .flatMap(List::stream)
            .toList();
  }

  Race any(SplittableRandom random) {
    return all.get(random.nextInt(all.size()));
  }
}
