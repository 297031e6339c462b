package io.ringwell.testkit;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.Route;
import io.ringwell.window.WindowSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Phaser;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The contract of readers under faults, and of readers of what is no plain file.
final class OtherReaderContractTest {
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
    public void read(long position, IoBuffer into, long length, Completion done) {
      running.register();
      Thread.startVirtualThread(() -> {
        int from = (int) Math.min(position, all.length);
        int count = (int) Math.min(length, all.length - from);
        ContractCase.fill(into, Arrays.copyOfRange(all, from, from + count));
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
