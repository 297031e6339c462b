package io.ringwell.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.Engine;
import io.ringwell.net.Listener;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The echo server as a process, with clients that are slow, break off, or are killed: it goes on,
/// keeps no descriptor, and has nothing to say on standard error. Loops that wait for descriptors
/// to go end with the test's time.
@EnabledOnOs(OS.LINUX)
final class EchoServerProcessTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final byte[] WORD = "word".getBytes(US_ASCII);

  @TempDir Path dir;
  private Process server;
  private int port;
  private long descriptors;

  @BeforeEach
  void start() throws Exception {
    List<String> path = new ArrayList<>();
    for (Class<?> each : List.of(EchoServer.class, Listener.class, Engine.class)) {
      path.add(placeOf(each));
    }
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(File.pathSeparator, path),
                EchoServer.class.getName(),
                "127.0.0.1:0")
            .redirectError(dir.resolve("err").toFile())
            .start();
    String said = server.inputReader(UTF_8).readLine();
    assertThat(said).startsWith("echo at ");
    port = Integer.parseInt(said.substring(said.lastIndexOf(':') + 1));
    try (Socket first = new Socket(HERE, port)) {
      echoes(first);
      descriptors = sockets() - 1;
    }
    awaitNone();
  }

  private static String placeOf(Class<?> of) throws URISyntaxException {
    return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  @AfterEach
  void hasNothingToSay() throws Exception {
    assertThat(server.isAlive()).isTrue();
    server.destroyForcibly();
    server.waitFor();
    assertThat(Files.readString(dir.resolve("err"))).doesNotContain("Exception", "\tat ");
  }

  private long sockets() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
      return all.filter(EchoServerProcessTest::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed since it was listed
    }
  }

  private void awaitNone() throws IOException {
    while (sockets() > descriptors) {
      Thread.onSpinWait();
    }
  }

  private static void echoes(Socket client) throws IOException {
    client.getOutputStream().write(WORD);
    assertThat(client.getInputStream().readNBytes(WORD.length)).isEqualTo(WORD);
  }

  @Test
  void slowClientsDoNotStarveAFastOne() throws Exception {
    crowd(100, 300);
  }

  @Test
  @Tag("soak")
  void aThousandSlowClientsDoNotStarveAFastOne() throws Exception {
    crowd(1000, 20_000);
  }

  private void crowd(int slow, int rounds) throws Exception {
    List<Socket> crowd = new ArrayList<>();
    try {
      for (int i = 0; i < slow; i++) {
        crowd.add(new Socket(HERE, port));
        crowd.getLast().getOutputStream().write('w');
      }
      try (Socket fast = new Socket(HERE, port)) {
        for (int i = 0; i < rounds; i++) {
          echoes(fast);
        }
      }
      for (Socket each : crowd) {
        assertThat(each.getInputStream().read()).isEqualTo('w');
      }
    } finally {
      for (Socket each : crowd) {
        each.close();
      }
    }
    awaitNone();
  }

  @Test
  void endsResetsAndSilenceAtAnyTimeLeaveNothing() throws Exception {
    early(300);
  }

  @Test
  @Tag("soak")
  void aHundredThousandEarlyEndsLeaveNothing() throws Exception {
    early(100_000);
  }

  private void early(int rounds) throws Exception {
    long seed = Long.getLong("ringwell.seed", 1);
    System.out.println("EchoServerProcessTest: -Dringwell.seed=" + seed);
    Random random = new Random(seed);
    long start = System.nanoTime();
    long most = Long.getLong("ringwell.soak.seconds", 3600) * 1_000_000_000L;
    for (int i = 0; i < rounds && System.nanoTime() - start < most; i++) {
      try (Socket client = new Socket(HERE, port)) {
        byte[] some = new byte[random.nextInt(random.nextInt(10) == 0 ? 100_000 : 100)];
        random.nextBytes(some);
        client.getOutputStream().write(some);
        switch (random.nextInt(4)) {
          case 0 -> client.setSoLinger(true, 0); // a reset
          case 1 -> {
            client.shutdownOutput();
            byte[] back = client.getInputStream().readAllBytes();
            assertThat(Arrays.equals(back, some)).as("round %s", i).isTrue();
          }
          case 2 -> client.getInputStream().readNBytes(random.nextInt(some.length + 1));
          default -> {} // a close, with what comes back not read
        }
      }
    }
    try (Socket last = new Socket(HERE, port)) {
      echoes(last);
    }
    awaitNone();
  }

  /// Some of them wait, some send on and on and read nothing.
  @Test
  void killedClientsLeaveNothing() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash(1)");
    List<Process> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String then = i % 2 == 0 ? "exec cat <&3" : "head -n 1 <&3; exec cat /dev/zero >&3";
      clients.add(
          new ProcessBuilder(
                  "/bin/bash",
                  "-c",
                  "exec 3<>/dev/tcp/127.0.0.1/" + port + "; echo line >&3; " + then)
              .start());
    }
    for (Process each : clients) {
      assertThat(each.getInputStream().read()).isEqualTo('l');
    }
    assertThat(sockets()).isGreaterThanOrEqualTo(descriptors + clients.size());
    clients.forEach(Process::destroyForcibly);
    awaitNone();
    try (Socket later = new Socket(HERE, port)) {
      echoes(later);
    }
  }
}
