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

/// What each test of a contract has to itself, whatever the contract is about: engines, buffers and
/// a directory; and the check, when it ends, that the engines close in time and all memory is back.
abstract class EngineSuite {
  /// An engine whose close takes longer than this has lost a completion.
  static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

  private final List<Engine> engines = new ArrayList<>();
  private final List<IoBuffer> buffers = new ArrayList<>();
  private @Nullable Engine engine;
  private @Nullable Path directory;

  /// Opens an engine. Called more than once in some tests, with the bounds that they need.
  protected abstract Engine openEngine(EngineOptions options);

  /// A test begins.
  final void begin(Path own, long poolBytes) {
    directory = own;
    engine = another(EngineOptions.defaults().withPoolBytes(poolBytes));
  }

  final void closeEngines() {
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
  }

  /// A test has ended, however it did.
  final void end() throws IOException {
    engines.clear();
    buffers.clear();
    try (Stream<Path> all = Files.walk(path(""))) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /// The engine of this test, opened with default options.
  public final Engine engine() {
    Engine open = engine;
    if (open == null) {
      throw new IllegalStateException("no test is running");
    }
    return open;
  }

  /// A further engine of the same kind, closed after the test.
  public final Engine another(EngineOptions options) {
    Engine opened = openEngine(options);
    engines.add(opened);
    return opened;
  }

  /// A path in this test's own directory.
  public final Path path(String name) {
    Path open = directory;
    if (open == null) {
      throw new IllegalStateException("no test is running");
    }
    return open.resolve(name);
  }

  /// A buffer from the engine's pool, closed after the test where the test has not.
  public final IoBuffer buffer(long size) {
    try {
      IoBuffer acquired = engine().pool().acquire(size);
      buffers.add(acquired);
      return acquired;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
