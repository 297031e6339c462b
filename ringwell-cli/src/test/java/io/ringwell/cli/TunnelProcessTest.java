package io.ringwell.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The tunnel as a process of its own: signals, and what a system may not have.
@EnabledOnOs(OS.LINUX)
class TunnelProcessTest {
  private static final int TERMINATED = 128 + 15;

  @TempDir static Path dir;
  private static Child child;

  @BeforeAll
  static void copy() throws IOException {
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    child = Child.in(Files.createDirectory(dir.resolve("modules")));
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  @Test
  @SuppressWarnings("try") // Closed within the block, so that it refuses.
  void sigtermEndsItInOrderAndNoLineIsLost() throws Exception {
    Path err = dir.resolve("err");
    try (ServerSocket server = TunnelRun.server()) {
      Process tunnel =
          child
              .command(
                  List.of(),
                  "tunnel",
                  "--listen",
                  "127.0.0.1:0",
                  "--to",
                  "127.0.0.1:" + server.getLocalPort(),
                  "--json")
              .redirectError(err.toFile())
              .start();
      try (BufferedReader said = tunnel.inputReader(UTF_8)) {
        String at =
            (String) Objects.requireNonNull(JsonReader.object(said.readLine()).get("listen"));
        int port = Integer.parseInt(at.substring(at.lastIndexOf(':') + 1));
        try (Socket carried = new Socket(TunnelRun.HERE, port);
            Socket accepted = server.accept()) {
          accepted.getOutputStream().write('!');
          assertThat(carried.getInputStream().read()).isEqualTo('!');
          server.close();
          String refused;
          try (Socket client = new Socket(TunnelRun.HERE, port)) {
            refused = "127.0.0.1:" + client.getLocalPort();
            awaitEnd(client);
          }
          tunnel.destroy(); // SIGTERM
          assertThat(tunnel.waitFor(30, TimeUnit.SECONDS)).isTrue();
          assertThat(tunnel.exitValue()).isEqualTo(TERMINATED);
          awaitEnd(carried);
          List<String> lines = Files.readAllLines(err);
          assertThat(lines).hasSize(2);
          assertThat(lines.getFirst()).startsWith("ringwell: " + refused).contains("ECONNREFUSED");
          assertThat(lines.getLast()).isEqualTo("ringwell: 1 connection broken off");
        }
      } finally {
        tunnel.destroyForcibly();
      }
    }
  }

  private static void awaitEnd(Socket socket) {
    try {
      assertThat(socket.getInputStream().read()).isNegative();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  private static Run run(List<String> before, Object... more) throws Exception {
    List<Object> args =
        new ArrayList<>(List.of("tunnel", "--listen", "127.0.0.1:0", "--to", "localhost:1"));
    args.addAll(List.of(more));
    return child.run(before, args.toArray());
  }

  /// A child as nobody, who has no capability, with a low limit.
  @Test
  void memoryThatMayNotBeLockedIsRefusedWithTheRemedy() throws Exception {
    run(limited(), "--secure")
        .fails("--secure", "--connections", "RLIMIT_MEMLOCK is 1048576 bytes", "ulimit -l");
  }

  @Test
  void aFileThatMayNotBeReadIsNamed() throws Exception {
    Path closed = Files.writeString(dir.resolve("closed.pem"), "nobody sees it\n");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    run(limited(), "--client", "--ca", closed).fails(closed, "permission denied");
  }

  private static List<String> limited() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "no prlimit(1)");
    assumeTrue(!isRoot() || Files.isExecutable(Path.of("/usr/bin/setpriv")), "no setpriv(1)");
    List<String> before = new ArrayList<>(List.of("/usr/bin/prlimit", "--memlock=1048576:1048576"));
    if (isRoot()) {
      before.addAll(
          List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    return before;
  }

  /// A file of that name comes first, and is no library.
  @Test
  void withoutOpensslSecureTlsIsRefusedWithTheRemedy() throws Exception {
    Path broken = Files.createDirectory(dir.resolve("lib"));
    Files.writeString(broken.resolve("libssl.so.3"), "no library\n");
    run(List.of("/usr/bin/env", "LD_LIBRARY_PATH=" + broken), "--secure", "--client")
        .fails("--secure", "libssl.so.3", "install OpenSSL 3");
  }
}
