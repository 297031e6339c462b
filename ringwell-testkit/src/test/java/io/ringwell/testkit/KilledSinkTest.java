package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed while its sink is at work leaves the file as it was, or whole.
class KilledSinkTest {
  /// Some versions take as long, in microseconds.
  private static final int MOST_DELAY_MICROS = 100_000;

  @TempDir Path dir;

  @Test
  void killedSinkLeavesTheOldFileWhole() throws Exception {
    killAtRandomMoments(2);
  }

  @Test
  @Tag("soak")
  void aHundredKilledSinksDoTheSame() throws Exception {
    killAtRandomMoments(100);
  }

  private void killAtRandomMoments(int rounds) throws Exception {
    Random random = new Random(Seeds.first());
    long end = Seeds.soakEnd();
    int inTheMiddle = 0;
    int done = 0;
    for (; done < rounds && System.nanoTime() < end; done++) {
      Path target = dir.resolve("target");
      Files.write(target, content(0));
      long told = runAndKill(target, done % 2 == 1, random.nextInt(MOST_DELAY_MICROS));
      assertThat(versionOf(target)).as("what was told of is there").isGreaterThanOrEqualTo(told);
      for (Path left : temporaries()) {
        inTheMiddle++;
        Files.delete(left);
      }
    }
    System.out.println(inTheMiddle + " of " + done + " sinks were killed in the middle");
    assertThat(done).isPositive();
  }

  /// Kills it some time after its first version is complete.
  ///
  /// @return the last version that it told of
  private static long runAndKill(Path target, boolean direct, int delayMicros) throws Exception {
    List<String> command =
        ChildJvm.command(KilledSinkMain.class, target.toString(), Boolean.toString(direct));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
      String line = said.readLine();
      assertThat(line).as("the first version is complete").isEqualTo("1");
      TimeUnit.MICROSECONDS.sleep(delayMicros);
      // The process itself would close what is still to be read.
      child.toHandle().destroyForcibly();
      long told = 1;
      for (line = said.readLine(); line != null; line = said.readLine()) {
        told = Long.parseLong(line);
      }
      return told;
    } finally {
      child.destroyForcibly();
      child.waitFor();
    }
  }

  /// Fails where the file is not one version from end to end.
  private static long versionOf(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    assertThat(bytes).hasSize(KilledSinkMain.BYTES);
    long version = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(0) >> 32;
    assertThat(bytes).as("all of version " + version).isEqualTo(content(version));
    return version;
  }

  private static byte[] content(long version) {
    ByteBuffer bytes = ByteBuffer.allocate(KilledSinkMain.BYTES).order(ByteOrder.nativeOrder());
    for (int at = 0; at < KilledSinkMain.BYTES; at += Long.BYTES) {
      bytes.putLong(at, KilledSinkMain.content(version, at));
    }
    return bytes.array();
  }

  private List<Path> temporaries() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.filter(file -> file.getFileName().toString().endsWith(".tmp")).toList();
    }
  }
}
