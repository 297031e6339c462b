package io.ringwell.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.net.TlsContexts;
import io.ringwell.net.TlsProvider;
import io.ringwell.testkit.TestCertificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Core dumps of `ringwell tunnel --secure`, with plain text of both directions in its pipes that
/// nobody takes. The text is made here, so that the tunnel has it nowhere but where it brought it.
@EnabledOnOs(OS.LINUX)
class TunnelDumpTest {
  private static final Path GDB = Path.of("/usr/bin/gdb");

  /// More than sockets and pipes take.
  private static final int TEXT_BYTES = 24 << 20;

  /// A record each: libc copies short ones through many registers, whole ones through few.
  private static final int PIECE_BYTES = 3_000;

  /// Every so many bytes of the text eight are looked for.
  private static final int MARK_STEP = 256;

  private static final int LOOKS = 20;

  @TempDir Path dir;

  @Test
  void plainTextIsInNoDumpAndNowhereOnceItWasCarried() throws Exception {
    assumeTrue(TlsProvider.OPENSSL.isAvailable(), TlsProvider.OPENSSL.whyAbsent());
    assumeTrue(Files.isExecutable(GDB), "no gdb, which dumps: apt-get install gdb");
    Random random = new Random(Long.getLong("ringwell.seed", 1));
    byte[] up = new byte[TEXT_BYTES];
    byte[] down = new byte[TEXT_BYTES];
    random.nextBytes(up);
    random.nextBytes(down);
    Set<Long> marks = new HashSet<>();
    mark(up, marks);
    mark(down, marks);
    try (ServerSocket server = TunnelRun.server()) {
      Process tunnel = start(server.getLocalPort());
      try (BufferedReader said = tunnel.inputReader(UTF_8)) {
        carry(tunnel, port(said), server, up, down, marks);
        assertThat(tunnel.isAlive()).isTrue();
      } finally {
        tunnel.destroyForcibly();
        tunnel.waitFor();
      }
    }
  }

  private Process start(int port) throws IOException {
    ProcessBuilder builder =
        Child.in(Files.createDirectory(dir.resolve("modules")))
            .command(
                List.of(),
                "tunnel",
                "--listen",
                "127.0.0.1:0",
                "--to",
                "127.0.0.1:" + port,
                "--cert",
                TestCertificates.certificate("good"),
                "--key",
                TestCertificates.key("good"),
                "--secure",
                "--connections",
                2,
                "--json")
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("MALLOC_ARENA_MAX", "1"); // each is 64 MiB of a dump
    builder.environment().put("JDK_JAVA_OPTIONS", "-Xmx48m -XX:ReservedCodeCacheSize=16m");
    return builder.start();
  }

  private static int port(BufferedReader said) throws IOException {
    String at = (String) Objects.requireNonNull(JsonReader.object(said.readLine()).get("listen"));
    return Integer.parseInt(at.substring(at.lastIndexOf(':') + 1));
  }

  private void carry(
      Process tunnel, int port, ServerSocket server, byte[] up, byte[] down, Set<Long> marks)
      throws Exception {
    Path authority = TestCertificates.certificate("ca");
    try (SSLSocket client =
            (SSLSocket)
                TlsContexts.client(authority).getSocketFactory().createSocket("localhost", port);
        Socket accepted = acceptAfterHandshake(client, server)) {
      FutureTask<Void> upwards = sending(client, up);
      FutureTask<Void> downwards = sending(accepted, down);
      // Nobody reads: soon all pipes of the tunnel are full.
      boolean held = false;
      for (int i = 0; !held && i < LOOKS; i++) {
        held = found(tunnel.pid(), true, marks) != null;
      }
      assertThat(held).as("the tunnel holds some of it").isTrue();
      assertThat(found(tunnel.pid(), false, marks)).as("in a dump").isNull();
      FutureTask<Void> downRead =
          new FutureTask<>(() -> {
            assertReads(client.getInputStream(), down);
            return null;
          });
      Thread.startVirtualThread(downRead);
      assertReads(accepted.getInputStream(), up);
      downRead.get();
      upwards.get();
      downwards.get();
      assertThat(found(tunnel.pid(), false, marks)).as("in a later dump").isNull();
    }
    // The connection has gone. What it lay in is wiped when the tunnel's threads get there.
    String left = "not looked";
    for (int i = 0; left != null && i < LOOKS; i++) {
      left = found(tunnel.pid(), true, marks);
    }
    assertThat(left).as("anywhere, once it was carried").isNull();
  }

  /// The tunnel connects when hands are shaken.
  private static Socket acceptAfterHandshake(SSLSocket client, ServerSocket server)
      throws IOException {
    client.startHandshake();
    return server.accept();
  }

  private static FutureTask<Void> sending(Socket to, byte[] text) {
    FutureTask<Void> task =
        new FutureTask<>(() -> {
          for (int at = 0; at < text.length; at += PIECE_BYTES) {
            to.getOutputStream().write(text, at, Math.min(PIECE_BYTES, text.length - at));
          }
          return null;
        });
    Thread.startVirtualThread(task);
    return task;
  }

  private static void assertReads(InputStream in, byte[] text) throws IOException {
    assertThat(Arrays.equals(in.readNBytes(text.length), text)).isTrue();
  }

  private static void mark(byte[] text, Set<Long> marks) {
    ByteBuffer words = ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < text.length; at += MARK_STEP) {
      marks.add(words.getLong(at));
    }
  }

  /// As gcore(1); with `excluded`, of what the kernel would leave out as well.
  private Path dump(long pid, boolean excluded) throws IOException, InterruptedException {
    Files.writeString(Path.of("/proc/" + pid + "/coredump_filter"), "0x23"); // core(5): anonymous
    Path core = dir.resolve("core" + System.nanoTime());
    List<String> command = new ArrayList<>(List.of(GDB.toString(), "--batch", "-nx"));
    command.addAll(List.of("-iex", "set auto-solib-add off"));
    command.addAll(List.of("-iex", "set debuginfod enabled off"));
    command.addAll(List.of("-ex", "set dump-excluded-mappings " + (excluded ? "on" : "off")));
    command.addAll(List.of("-p", Long.toString(pid), "-ex", "generate-core-file " + core));
    Process gdb = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(gdb.getInputStream().readAllBytes(), UTF_8);
    gdb.waitFor();
    assumeTrue(
        Files.exists(core) || !said.contains("ptrace"), "gdb may not look into a process: " + said);
    assertThat(core).as(said).exists();
    return core;
  }

  /// Where one of the marks lies; null for nowhere.
  private @Nullable String found(long pid, boolean excluded, Set<Long> marks)
      throws IOException, InterruptedException {
    Path core = dump(pid, excluded);
    try (FileChannel channel = FileChannel.open(core)) {
      long at = find(channel, marks);
      return at < 0 ? null : place(channel, at, pid);
    } finally {
      Files.delete(core);
    }
  }

  private static long find(FileChannel core, Set<Long> marks) throws IOException {
    boolean[] begins = new boolean[1 << 24]; // most words are none
    for (long each : marks) {
      begins[(int) each & 0xFF_FFFF] = true;
    }
    ByteBuffer piece = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = 0; at < core.size(); at += piece.capacity() - Long.BYTES + 1) {
      piece.clear();
      int length = core.read(piece, at);
      for (int i = 0; i + Long.BYTES <= length; i++) {
        long word = piece.getLong(i);
        if (begins[(int) word & 0xFF_FFFF] && marks.contains(word)) {
          return at + i;
        }
      }
    }
    return -1;
  }

  /// By the program headers (elf(5)): an address and its mapping, or the notes, which have the
  /// threads' registers.
  private static String place(FileChannel core, long at, long pid) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    core.read(head, 0);
    long first = head.getLong(32);
    for (int i = 0; i < Short.toUnsignedInt(head.getShort(56)); i++) {
      int header = (int) first + i * Short.toUnsignedInt(head.getShort(54));
      long within = at - head.getLong(header + 8);
      if (within < 0 || within >= head.getLong(header + 32)) {
        continue;
      }
      if (head.getInt(header) != 1) { // PT_LOAD
        return "among the threads' registers, at " + at + " of the dump";
      }
      long address = head.getLong(header + 16) + within;
      return Files.readAllLines(Path.of("/proc/" + pid + "/maps")).stream()
          .filter(line -> {
            String[] range = line.substring(0, line.indexOf(' ')).split("-", -1);
            return Long.compareUnsigned(address, Long.parseUnsignedLong(range[0], 16)) >= 0
                && Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0;
          })
          .findFirst()
          .map(line -> Long.toHexString(address) + " in " + line)
          .orElse(Long.toHexString(address) + ", which is gone by now");
    }
    return "at " + at + " of the dump";
  }
}
