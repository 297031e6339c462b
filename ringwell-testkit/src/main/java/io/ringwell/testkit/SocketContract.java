package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// What the parts of the sockets' contract have in common: an engine, connections, short words, and
/// the check after each test that nothing is left: no buffer, and no socket of this process.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class SocketContract implements SocketLifeContract, SocketTransferContract {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private final List<Engine> engines = new ArrayList<>();
  private final List<IoBuffer> buffers = new ArrayList<>();
  private @Nullable Engine engine;
  private @Nullable Path directory;
  private long before;

  /// For suites that extend it.
  protected SocketContract() {}

  /// Opens an engine.
  protected abstract Engine openEngine(EngineOptions options);

  @BeforeEach
  final void openEngine() throws IOException {
    // The JDK keeps a socket of its own from the first close of a channel on.
    SocketChannel.open().close();
    before = openSockets();
    directory = Files.createTempDirectory("rw");
    engine = another(EngineOptions.defaults().withPoolBytes(64L << 20));
  }

  @AfterEach
  final void closeEnginesAndLookForLeaks() throws IOException {
    try {
      for (Engine each : engines.reversed()) {
        Guarded.run("closing the engine", CLOSE_LIMIT, each::close);
      }
      buffers.stream().filter(each -> !each.isClosed()).forEach(IoBuffer::close);
      for (Engine each : engines) {
        assertThat(each.pool().stats().lentBytes()).as("lent after close").isZero();
        assertThat(each.pool().stats().inUseBytes()).as("in use after close").isZero();
      }
      assertThat(openSockets()).as("sockets of this process").isEqualTo(before);
    } finally {
      engines.clear();
      buffers.clear();
      Files.deleteIfExists(path("socket"));
      Files.delete(path(""));
    }
  }

  /// 0 where the system does not tell.
  private static long openSockets() throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.filter(SocketContract::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed since it was listed: the one that lists
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
    IoBuffer acquired = engine().pool().tryAcquire(size);
    if (acquired == null) {
      throw new IllegalStateException("the pool has no " + size + " bytes left");
    }
    buffers.add(acquired);
    return acquired;
  }
}
