package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.memory.BufferPool;
import io.ringwell.testkit.TestCertificates;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Core dumps of a process through which a secret goes by TLS. The secret is made here, so that the
/// other process has it nowhere but where TLS brought it.
@EnabledOnOs(OS.LINUX)
class TlsDumpTest {
  private static final Path GDB = Path.of("/usr/bin/gdb");

  /// Three records, the last of them short.
  private static final int SECRET_BYTES = 40_000;

  private static final int MARK_BYTES = 24;

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void plainTextThatOpenSslSealedAndOpenedIsInNoDump(String protocol) throws Exception {
    TlsRig.assumeIsThere(TlsProvider.OPENSSL);
    assumeTrue(Files.isExecutable(GDB), "no gdb, which dumps: apt-get install gdb");
    Random random = new Random(Long.getLong("ringwell.seed", 1));
    byte[] secret = new byte[SECRET_BYTES];
    byte[] open = new byte[MARK_BYTES];
    random.nextBytes(secret);
    random.nextBytes(open);
    Process child = start(secret, open, protocol);
    try (BufferedReader said = child.inputReader(StandardCharsets.US_ASCII);
        BufferedWriter tell = child.outputWriter(StandardCharsets.US_ASCII)) {
      assertThat(said.readLine()).isEqualTo("came true true");
      Path dump = dump(child.pid(), false);
      assertThat(contains(dump, List.of(open))).as("the dump is one of this memory").isTrue();
      assertHasNothingOf(secret, dump);
      tell.write("go on\n");
      tell.flush();
      assertThat(said.readLine()).isEqualTo("consumed");
      // All memory, what is left out of dumps too.
      assertHasNothingOf(secret, dump(child.pid(), true));
    } finally {
      child.destroyForcibly();
      child.waitFor();
    }
  }

  private Process start(byte[] secret, byte[] open, String protocol) throws Exception {
    List<String> path = new ArrayList<>();
    for (Class<?> each : List.of(BufferPool.class, Tls.class)) {
      path.add(place(each).toString());
    }
    path.add(place(Tls.class).resolveSibling("test-classes").toString());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx32m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-XX:-UsePerfData", "-XX:ReservedCodeCacheSize=8m"));
    command.addAll(List.of("-XX:CompressedClassSpaceSize=16m", "-Xshare:auto"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(String.join(":", path));
    command.add(TlsDumpMain.class.getName());
    command.add(Files.write(dir.resolve("secret"), secret).toString());
    command.add(Files.write(dir.resolve("open"), open).toString());
    command.add(TestCertificates.certificate("good").toString());
    command.add(TestCertificates.key("good").toString());
    command.add(TestCertificates.certificate("ca").toString());
    command.add(protocol);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("MALLOC_ARENA_MAX", "1"); // each is 64 MiB of a dump
    return builder.start();
  }

  private static Path place(Class<?> of) throws Exception {
    return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private Path dump(long pid, boolean all) throws IOException, InterruptedException {
    Files.writeString(Path.of("/proc/" + pid + "/coredump_filter"), "0x23"); // core(5): anonymous
    Path core = dir.resolve("core" + System.nanoTime());
    List<String> command = new ArrayList<>(List.of(GDB.toString(), "--batch", "-nx"));
    command.addAll(List.of("-iex", "set auto-solib-add off"));
    command.addAll(List.of("-iex", "set debuginfod enabled off"));
    command.addAll(List.of("-ex", "set dump-excluded-mappings " + (all ? "on" : "off")));
    command.addAll(List.of("-p", Long.toString(pid), "-ex", "generate-core-file " + core));
    Process gdb = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(gdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    gdb.waitFor();
    assumeTrue(
        Files.exists(core) || !said.contains("ptrace"), "gdb may not look into a process: " + said);
    assertThat(core).as(said).exists();
    return core;
  }

  /// Pieces from the beginning, the middle and the end of each record.
  private static void assertHasNothingOf(byte[] secret, Path dump) throws IOException {
    List<byte[]> marks = new ArrayList<>();
    for (int at : new int[] {0, 9_001, 16_384 - MARK_BYTES, 16_384, 25_000, 32_768, 39_976}) {
      marks.add(Arrays.copyOfRange(secret, at, at + MARK_BYTES));
    }
    assertThat(contains(dump, marks)).as("a piece of the secret in " + dump).isFalse();
    Files.delete(dump);
  }

  private static boolean contains(Path file, List<byte[]> marks) throws IOException {
    boolean[] begins = new boolean[1 << Byte.SIZE];
    marks.forEach(mark -> begins[mark[0] & 0xFF] = true);
    byte[] piece = new byte[1 << 20];
    try (FileChannel channel = FileChannel.open(file)) {
      for (long at = 0; at < channel.size(); at += piece.length - MARK_BYTES + 1) {
        int length = channel.read(ByteBuffer.wrap(piece), at);
        for (int i = 0; i + MARK_BYTES <= length; i++) {
          if (begins[piece[i] & 0xFF] && startsWithOne(piece, i, marks)) {
            return true;
          }
        }
      }
      return false;
    }
  }

  private static boolean startsWithOne(byte[] piece, int at, List<byte[]> marks) {
    for (byte[] mark : marks) {
      if (mark[0] == piece[at] && Arrays.equals(piece, at, at + MARK_BYTES, mark, 0, MARK_BYTES)) {
        return true;
      }
    }
    return false;
  }
}
