package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
public abstract class ReaderContract extends EngineSuite
    implements ReaderWindowContract, ReaderWaitingContract, ReaderChangeContract {
  private final List<ManagedReader> readers = new ArrayList<>();

  /// For suites that extend it.
  protected ReaderContract() {}

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
    begin(Files.createTempDirectory(root(), "reader"), 64L << 20);
  }

  @AfterEach
  final void closeAndLookForLeaks() throws IOException {
    try {
      for (ManagedReader each : readers) {
        Guarded.run("closing a reader", CLOSE_LIMIT, () -> closing(each));
      }
      closeEngines();
    } finally {
      readers.clear();
      end();
    }
  }

  private static void closing(ManagedReader reader) throws IOException {
    reader.close();
  }

  @Override
  public final ManagedReader open(Path file, ReaderOptions with) throws IOException {
    ManagedReader reader = openReader(engine(), file, with);
    readers.add(reader);
    return reader;
  }
}
