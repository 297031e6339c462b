package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/// What every [Engine] keeps to, as a suite of JUnit tests. Extend it and say how the engine is
/// opened:
///
/// ```java
/// final class MyEngineTest extends EngineContract {
///   @Override
///   protected Engine openEngine(EngineOptions options) {
///     return new MyEngine(options);
///   }
/// }
/// ```
///
/// Each test has an engine of its own and a new directory, and ends with a check that the engine
/// closed in time and that no buffer is still in use. The directory lies below [#root()]; parts
/// about direct I/O are skipped where its file system takes none.
///
/// Results must be exact under [FaultPlan#benign] too; an engine that makes errors up cannot pass.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class EngineContract
    implements OpenContract,
        TransferContract,
        CachedReadContract,
        DirectContract,
        VectorContract,
        StorageContract,
        NameContract,
        ReadFileContract,
        TimeContract,
        ChainContract,
        WaitingContract,
        LifeContract,
        BoundsContract {
  /// An engine whose close takes longer than this has lost a completion.
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

  private final List<Engine> engines = new ArrayList<>();
  private final List<IoBuffer> buffers = new ArrayList<>();
  private @Nullable Engine engine;
  private @Nullable Path directory;

  /// For suites that extend it.
  protected EngineContract() {}

  /// Opens an engine. Called more than once in some tests, with the bounds that they need.
  protected abstract Engine openEngine(EngineOptions options);

  /// Where the tests' directories are made: `ringwell.test.dir`, the build's `target`, or the
  /// system's directory for temporary files.
  protected Path root() {
    String chosen = System.getProperty("ringwell.test.dir");
    if (chosen != null) {
      return Path.of(chosen);
    }
    Path target = Path.of("target");
    return Files.isDirectory(target)
        ? target.toAbsolutePath()
        : Path.of(System.getProperty("java.io.tmpdir", "."));
  }

  @Override
  public boolean thorough() {
    return true;
  }

  @BeforeEach
  final void openEngineAndDirectory() throws IOException {
    directory = Files.createTempDirectory(root(), "contract");
    engine = another(EngineOptions.defaults().withPoolBytes(128L << 20));
  }

  @AfterEach
  final void closeEnginesAndLookForLeaks() throws IOException {
    try {
      for (Engine each : engines.reversed()) {
        Guarded.run("closing the engine", CLOSE_LIMIT, each::close);
      }
      for (IoBuffer each : buffers) {
        if (!each.isClosed()) {
          each.close();
        }
      }
      for (Engine each : engines) {
        assertThat(each.pool().stats().lentBytes()).as("lent after close").isZero();
        assertThat(each.pool().stats().inUseBytes()).as("in use after close").isZero();
        assertThat(each.pool().stats().damaged()).as("written after release").isZero();
      }
    } finally {
      engines.clear();
      buffers.clear();
      deleteDirectory();
    }
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
  public final Engine another(EngineOptions options) {
    Engine opened = openEngine(options);
    engines.add(opened);
    return opened;
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
  public final IoBuffer buffer(long size) {
    try {
      IoBuffer acquired = engine().pool().acquire(size);
      buffers.add(acquired);
      return acquired;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void deleteDirectory() throws IOException {
    try (Stream<Path> all = Files.walk(path(""))) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
