package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// What the parts of the sockets' contract have in common: an engine, connections, short words, and
/// the check after each test that nothing is left: no buffer, and no socket of this process.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class SocketContract extends EngineSuite
    implements SocketLifeContract, SocketTransferContract, SocketSendNowContract {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private long before;

  /// For suites that extend it.
  protected SocketContract() {}

  @BeforeEach
  final void openEngine() throws IOException {
    // The JDK keeps a socket of its own from the first close of a channel on.
    SocketChannel.open().close();
    before = openSockets();
    // Short: the path of a socket has some hundred bytes at the most.
    begin(Files.createTempDirectory("rw"), 64L << 20);
  }

  @AfterEach
  final void closeEnginesAndLookForLeaks() throws IOException {
    try {
      closeEngines();
      assertThat(openSockets()).as("sockets of this process").isEqualTo(before);
    } finally {
      end();
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
}
