package io.ringwell.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Core dumps of a process that holds secrets. They are made here, in another process, so that the
/// one that is dumped has them nowhere but where it read them to.
@EnabledOnOs(OS.LINUX)
class SecureDumpTest {
  /// Of random bytes: what holds this holds the secret.
  private static final int MARK_BYTES = 24;

  private static final Path GDB = Path.of("/usr/bin/gdb");

  @TempDir Path dir;

  @Test
  void dumpHoldsNoSecretAndNoMemoryDoesOnceItIsReleased() throws Exception {
    assumeTrue(Files.isExecutable(GDB), "no gdb, which dumps: apt-get install gdb");
    Random random = new Random(Trials.seed(getClass()));
    byte[] secret = mark(random);
    byte[] open = mark(random);
    byte[] kept = mark(random);
    List<String> command = SecureChild.command(dir, SecureDumpMain.class);
    command.add(Files.write(dir.resolve("secret"), secret).toString());
    command.add(Files.write(dir.resolve("open"), open).toString());
    command.add(Files.write(dir.resolve("kept"), kept).toString());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("MALLOC_ARENA_MAX", "1"); // each is 64 MiB of a dump
    Process child = builder.start();
    try (BufferedReader said = child.inputReader(StandardCharsets.US_ASCII);
        BufferedWriter tell = child.outputWriter(StandardCharsets.US_ASCII)) {
      assertThat(said.readLine()).isEqualTo("held true false");
      Path usual = dump(child.pid(), false);
      assertThat(count(usual, open)).as("the dump is one of this memory").isPositive();
      assertThat(count(usual, secret)).as("in a dump").isZero();
      assertThat(count(usual, kept)).as("in a dump").isZero();
      Files.delete(usual);
      tell.write("release\n");
      tell.flush();
      assertThat(said.readLine()).isEqualTo("released");
      Path later = dump(child.pid(), true);
      assertThat(count(later, kept)).as("all memory, what is not dumped too").isEqualTo(1);
      assertThat(count(later, secret)).as("in all memory, once released").isZero();
    } finally {
      child.destroyForcibly();
      child.waitFor();
    }
  }

  private static byte[] mark(Random random) {
    byte[] mark = new byte[MARK_BYTES];
    random.nextBytes(mark);
    return mark;
  }

  /// As gcore(1); with `excluded`, of what the kernel would leave out as well.
  private Path dump(long pid, boolean excluded) throws IOException, InterruptedException {
    // Anonymous memory, private, shared and large pages: core(5). The rest is what files hold.
    Files.writeString(Path.of("/proc/" + pid + "/coredump_filter"), "0x23");
    Path core = dir.resolve("core-" + excluded + System.nanoTime());
    List<String> command = new ArrayList<>(List.of(GDB.toString(), "--batch", "-nx"));
    command.addAll(List.of("-iex", "set auto-solib-add off"));
    command.addAll(List.of("-iex", "set debuginfod enabled off"));
    command.addAll(List.of("-ex", "set dump-excluded-mappings " + (excluded ? "on" : "off")));
    command.addAll(List.of("-p", Long.toString(pid), "-ex", "generate-core-file " + core));
    Process gdb = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(gdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    gdb.waitFor();
    assumeTrue(
        Files.exists(core) || !said.contains("ptrace"), "gdb may not look into a process: " + said);
    assertThat(core).as(said).exists();
    return core;
  }

  /// How often `mark` occurs in a file.
  private static int count(Path file, byte[] mark) throws IOException {
    int found = 0;
    byte[] piece = new byte[1 << 20];
    ByteBuffer buffer = ByteBuffer.wrap(piece);
    try (FileChannel channel = FileChannel.open(file)) {
      for (long at = 0; at < channel.size(); at += piece.length - mark.length + 1) {
        buffer.clear();
        int length = channel.read(buffer, at);
        for (int i = 0; i + mark.length <= length; i++) {
          if (piece[i] == mark[0] && startsWith(piece, i, mark)) {
            found++;
          }
        }
      }
    }
    return found;
  }

  private static boolean startsWith(byte[] in, int at, byte[] mark) {
    for (int i = 0; i < mark.length; i++) {
      if (in[at + i] != mark[i]) {
        return false;
      }
    }
    return true;
  }
}
