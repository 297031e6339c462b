package io.ringwell.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OperationException;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of readers of files, by every route on every engine.
final class ReaderContractTest {
  /// Every route that an engine has; the planner's own choice is null.
  static List<Arguments> enginesAndRoutes() {
    List<Arguments> all = new ArrayList<>();
    for (Engines engine : Engines.values()) {
      all.add(Arguments.of(engine, null));
      all.add(Arguments.of(engine, Route.RING));
      if (engine != Engines.CHANNELS) {
        all.add(Arguments.of(engine, Route.PREAD_NOWAIT));
        all.add(Arguments.of(engine, Route.DIRECT));
        all.add(Arguments.of(engine, Route.UNCACHED));
      }
    }
    return all;
  }

  private static ReaderOptions by(@Nullable Route route) {
    return route == null ? ReaderOptions.defaults() : ReaderOptions.defaults().withRoute(route);
  }

  @Nested
  @ParameterizedClass
  @MethodSource("io.ringwell.testkit.ReaderContractTest#enginesAndRoutes")
  final class OfFiles extends ReaderContract {
    private final Engines kind;
    private final @Nullable Route route;

    OfFiles(Engines kind, @Nullable Route route) {
      this.kind = kind;
      this.route = route;
    }

    @Override
    protected Engine openEngine(EngineOptions options) {
      return kind.open(options);
    }

    @Override
    protected ManagedReader openReader(Engine on, Path file, ReaderOptions options)
        throws IOException {
      requireRoute(on, root(), route);
      return super.openReader(on, file, options);
    }

    @Override
    public ReaderOptions options() {
      return by(route);
    }
  }

  /// Not every file system has every route.
  static void requireRoute(Engine engine, Path root, @Nullable Route route) throws IOException {
    if (route != Route.DIRECT && route != Route.UNCACHED) {
      return;
    }
    Path probe = Files.createTempFile(root, "probe", ".dat");
    try {
      Files.write(probe, new byte[8192]);
      try (ManagedReader reader = ManagedReader.open(engine, probe, by(route))) {
        reader.await(0);
      }
    } catch (OperationException e) {
      assumeTrue(
          !List.of("EOPNOTSUPP", "EINVAL").contains(e.errnoName()),
          () -> "not on this file system: " + e);
      throw e;
    } finally {
      Files.delete(probe);
    }
  }
}
