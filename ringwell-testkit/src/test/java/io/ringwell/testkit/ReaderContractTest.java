package io.ringwell.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.engine.OperationException;
import io.ringwell.memory.Bytes;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Route;
import io.ringwell.window.WindowSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of readers by every route on every engine, with and without faults.
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
  private static void requireRoute(Engine engine, Path root, @Nullable Route route) throws IOException {
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

  @Nested
  @DisplayName("under faults that nobody may notice")
  @ParameterizedClass
  @EnumSource(Engines.class)
  final class Faults extends ReaderContract {
    private final Engines kind;

    Faults(Engines kind) {
      this.kind = kind;
    }

    @Override
    protected Engine openEngine(EngineOptions options) {
      return new FaultEngine(kind.open(options), FaultPlan.benign(Seeds.first()));
    }
  }

  @Nested
  @DisplayName("bytes in memory")
  final class Memory extends ReaderContract {
    @Override
    protected Engine openEngine(EngineOptions options) {
      return Engine.open(options);
    }

    @Override
    protected ManagedReader openReader(Engine on, Path file, ReaderOptions options)
        throws IOException {
      try (Bytes all = Bytes.copyOf(Files.readAllBytes(file))) {
        return ManagedReader.open(on, WindowSource.of(all), options);
      }
    }

    @Override
    public boolean seesChanges() {
      return false;
    }

    @Override
    public boolean copies() {
      return false;
    }
  }

  @Nested
  @DisplayName("a source of the user's, on threads of its own")
  final class Source extends ReaderContract {
    @Override
    protected Engine openEngine(EngineOptions options) {
      return Engine.open(options);
    }

    @Override
    protected ManagedReader openReader(Engine on, Path file, ReaderOptions options)
        throws IOException {
      return ManagedReader.open(on, new SlowSource(file), options);
    }

    @Override
    public boolean seesChanges() {
      return false;
    }
  }

  /// Thirty lines: completes each read on another thread.
  private static final class SlowSource implements WindowSource {
    private final Path file;
    private final byte[] all;
    private final Phaser running = new Phaser(1);

    SlowSource(Path file) {
      this.file = file;
      try {
        this.all = Files.readAllBytes(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String name() {
      return file.toString();
    }

    @Override
    public long size() {
      return all.length;
    }

    @Override
    public void read(
        long position, io.ringwell.memory.IoBuffer into, long length, Completion done) {
      running.register();
      Thread.startVirtualThread(() -> {
        int from = (int) Math.min(position, all.length);
        int count = (int) Math.min(length, all.length - from);
        ContractCase.fill(into, java.util.Arrays.copyOfRange(all, from, from + count));
        done.complete(count);
        running.arriveAndDeregister();
      });
    }

    /// A reader does not wait for what it gave up; the check for leaks has to.
    @Override
    public void close() {
      running.arriveAndAwaitAdvance();
    }
  }

  @Nested
  @DisplayName("maps, which the tests do not truncate")
  final class Mapped extends ReaderContract {
    @Override
    protected Engine openEngine(EngineOptions options) {
      return Engine.open(options);
    }

    @Override
    public ReaderOptions options() {
      return ReaderOptions.defaults().allowMapped().withRoute(Route.MAPPED);
    }

    @Override
    public boolean seesChanges() {
      return false;
    }

    @Override
    public boolean copies() {
      return false;
    }
  }
}
