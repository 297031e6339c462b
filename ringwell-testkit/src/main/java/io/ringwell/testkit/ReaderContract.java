package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// What every [ManagedReader] keeps to, by whatever route and on whatever engine. Extend it and say
/// which:
///
/// ```java
/// final class RingReaderTest extends ReaderContract {
///   @Override
///   protected Engine openEngine(EngineOptions options) {
///     return Engine.open(options);
///   }
///
///   @Override
///   public ReaderOptions options() {
///     return ReaderOptions.defaults().withRoute(Route.RING);
///   }
/// }
/// ```
///
/// Each test ends with a check that the engine closed in time and that all memory is back.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ReaderContract
    implements ReaderWindowContract, ReaderWaitingContract, ReaderChangeContract {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

  private final List<ManagedReader> readers = new ArrayList<>();
  private @Nullable Engine engine;
  private @Nullable Path directory;

  /// For suites that extend it.
  protected ReaderContract() {}

  /// Opens an engine.
  protected abstract Engine openEngine(EngineOptions options);

  /// A reader of what the file holds; of the file itself, unless overridden.
  protected ManagedReader openReader(Engine on, Path file, ReaderOptions options)
      throws IOException {
    return ManagedReader.open(on, file, options);
  }

  /// Where the tests' directories are made.
  protected Path root() {
    Path target = Path.of("target");
    return Files.isDirectory(target)
        ? target.toAbsolutePath()
        : Path.of(System.getProperty("java.io.tmpdir", "."));
  }

  @BeforeEach
  final void openEngineAndDirectory() throws IOException {
    directory = Files.createTempDirectory(root(), "reader");
    engine = openEngine(EngineOptions.defaults().withPoolBytes(64L << 20));
  }

  @AfterEach
  final void closeAndLookForLeaks() throws IOException {
    try {
      for (ManagedReader each : readers) {
        Guarded.run("closing a reader", CLOSE_LIMIT, () -> closing(each));
      }
      Guarded.run("closing the engine", CLOSE_LIMIT, engine()::close);
      assertThat(engine().pool().stats().lentBytes()).as("lent after close").isZero();
      assertThat(engine().pool().stats().inUseBytes()).as("in use after close").isZero();
      assertThat(engine().pool().stats().damaged()).as("written after release").isZero();
    } finally {
      readers.clear();
      try (Stream<Path> all = Files.walk(path(""))) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  private static void closing(ManagedReader reader) throws IOException {
    reader.close();
  }

  @Override
  public final Engine engine() {
    Engine open = engine;
    if (open == null) {
      throw new IllegalStateException("no test is running");
    }
    return open;
  }

  @Override
  public final Path path(String name) {
    Path open = directory;
    if (open == null) {
      throw new IllegalStateException("no test is running");
    }
    return open.resolve(name);
  }

  @Override
  public final ManagedReader open(Path file, ReaderOptions with) throws IOException {
    ManagedReader reader = openReader(engine(), file, with);
    readers.add(reader);
    return reader;
  }
}
