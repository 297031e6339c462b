package io.ringwell.jcstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every meeting for its share of `-Dringwell.soak.seconds`, in a JVM each, with the compilers'
/// defaults. All that jcstress knows to vary is for `bench/jcstress.sh`.
@Tag("soak")
class MeetingsSoakTest {
  private static final long SECONDS = Long.getLong("ringwell.soak.seconds", 300);

  /// About what jcstress needs to find out what its JVMs can do, and to start one of them.
  private static final long PROBING_MILLIS = 6_000;

  private static final long STARTING_MILLIS = 700;
  private static final long LEAST_MILLIS = 100;

  /// A lost wake-up is an outcome. What hangs all the same is ended after this, on a slow machine,
  /// too.
  private static final long PATIENCE_SECONDS = 900;

  private static final Pattern PROGRESS =
      Pattern.compile("Results: (\\d+) planned; (\\d+) passed, 0 failed, 0 soft errs, 0 hard errs");

  @TempDir Path directory;

  @Test
  void noOutcomeIsForbidden() throws Exception {
    int meetings = MeetingsTest.meetings().size();
    long millis = (SECONDS * 1000 - PROBING_MILLIS) / meetings - STARTING_MILLIS;
    String output = run(Math.max(LEAST_MILLIS, millis));
    List<MatchResult> progress = PROGRESS.matcher(output).results().toList();
    assertThat(progress).as(output).isNotEmpty();
    assertThat(Integer.parseInt(progress.getLast().group(1)))
        .as(output)
        .isGreaterThanOrEqualTo(meetings)
        .isEqualTo(Integer.parseInt(progress.getLast().group(2)));
  }

  /// @return what jcstress says, where it is content
  private String run(long millis) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("org.openjdk.jcstress.Main");
    command.addAll(List.of("-r", "report", "-v", "-f", "1", "-fsm", "1", "-iters", "1"));
    command.addAll(List.of("-time", Long.toString(millis), "-sc", "false", "-af", "NONE"));
    command.addAll(List.of("-jvmArgs", "--enable-native-access=ALL-UNNAMED"));
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended;
    try {
      ended = process.waitFor(SECONDS + PATIENCE_SECONDS, TimeUnit.SECONDS);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String output = Files.readString(log);
    assertThat(ended).as("ended in time: %s", output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
