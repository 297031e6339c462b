package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A copy that is killed leaves the target as it was, or whole.
class KilledCopyTest {
  private static final int SOURCE_BYTES = 128 << 20;
  private static final byte[] OLD = new byte[33_333];

  /// About what a copy takes from its temporary to its name, in microseconds.
  private static final int MAX_DELAY_MICROS = 300_000;

  @TempDir Path dir;
  private Path source = Path.of("");
  private Path into = Path.of("");
  private Path target = Path.of("");

  @BeforeEach
  void make() throws IOException {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "signals as Linux has them");
    source = dir.resolve("source");
    byte[] content = new byte[SOURCE_BYTES];
    new Random(1).nextBytes(content);
    Files.write(source, content);
    into = Files.createDirectory(dir.resolve("into"));
    target = into.resolve("target");
  }

  private Child child() throws IOException {
    return Child.in(Files.createDirectory(dir.resolve("modules")));
  }

  private List<Path> temporaries() throws IOException {
    try (Stream<Path> files = Files.list(into)) {
      return files.filter(file -> file.getFileName().toString().endsWith(".tmp")).toList();
    }
  }

  /// Starts a copy and sends a signal some time after its temporary is there.
  ///
  /// @return whether the temporary was there when the process was gone, or was seen before
  private boolean copyAndSignal(Child child, String signal, int delayMicros) throws Exception {
    Process copy =
        child
            .command(List.of(), "cp", "--route", "ring", "--sync", source, target)
            .redirectErrorStream(true)
            .start();
    copy.getOutputStream().close();
    boolean seen = false;
    while (copy.isAlive() && !seen) {
      seen = !temporaries().isEmpty();
    }
    TimeUnit.MICROSECONDS.sleep(delayMicros);
    new ProcessBuilder("kill", "-" + signal, Long.toString(copy.pid())).start().waitFor();
    copy.getInputStream().readAllBytes();
    assertThat(copy.waitFor(30, TimeUnit.SECONDS)).as("the copy has ended").isTrue();
    return seen;
  }

  private void assertOldOrWhole() throws IOException {
    if (Files.size(target) == OLD.length) {
      assertThat(target).hasBinaryContent(OLD);
    } else {
      assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }
  }

  private void killAtRandomMoments(int rounds) throws Exception {
    long seed = Long.getLong("ringwell.seed", System.nanoTime());
    System.out.println("seed " + seed + " (-Dringwell.seed)");
    Random random = new Random(seed);
    Child child = child();
    int inTheMiddle = 0;
    for (int i = 0; i < rounds; i++) {
      Files.write(target, OLD);
      boolean seen = copyAndSignal(child, "KILL", random.nextInt(MAX_DELAY_MICROS));
      assertThat(seen).as("the temporary was seen").isTrue();
      assertOldOrWhole();
      for (Path left : temporaries()) {
        inTheMiddle++;
        Files.delete(left);
      }
    }
    System.out.println(inTheMiddle + " of " + rounds + " were killed in the middle");
  }

  @Test
  void killedCopyLeavesTheTargetAsItWasOrWhole() throws Exception {
    killAtRandomMoments(3);
  }

  @Test
  @Tag("soak")
  void aHundredKilledCopiesDoTheSame() throws Exception {
    killAtRandomMoments(100);
  }

  @Test
  void interruptedCopyLeavesNoTemporary() throws Exception {
    Child child = child();
    for (String signal : new String[] {"INT", "TERM"}) {
      Files.write(target, OLD);
      copyAndSignal(child, signal, 10_000);
      assertOldOrWhole();
      assertThat(temporaries()).as("after SIG" + signal).isEmpty();
    }
  }
}
