package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V"})
  void tellsItsVersion(String option) {
    assertThat(Run.of(option).succeeds().out()).startsWith("ringwell ").hasLineCount(1);
  }

  @Test
  void helpListsTheCommands() {
    Run help = Run.of("--help").succeeds();
    for (SubCommand command : SubCommand.values()) {
      assertThat(help.out()).contains("  " + command.label());
    }
  }

  @ParameterizedTest
  @EnumSource(SubCommand.class)
  void everyCommandHasHelpThatFitsATerminal(SubCommand command) {
    Run help = Run.of(command.label(), "--help").succeeds();
    assertThat(help.out()).contains("Usage: ringwell " + command.label());
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void badArgumentsAreToldInOneLine() {
    Run.of().fails("name a command", "--help");
    Run.of("frobnicate").fails("frobnicate", "--help");
    Run.of("--frob").fails("--frob", "--help");
    Run.of("doctor", "--frob").fails("--frob", "ringwell doctor --help");
    Run.of("bench", "randread").fails("--file", "ringwell bench --help");
    Run.of("bench", "sideways", "--file", "f").fails("sideways", "ringwell bench --help");
    Run.of("bench", "randread", "--file", "f", "--block", "x").fails("'x' is not a size", "4k");
    Run.of("cp", "one").fails("SRC... DST", "ringwell cp --help");
    Run.of("cat", "--range", "9-3", "f").fails("'9-3' is not a range", "A-B");
  }

  @Test
  void propertiesAreTakenAndBadOnesTold() {
    String property = "ringwell.engine";
    try {
      Run run = Run.of("-D" + property + "=threads", "doctor").succeeds();
      assertThat(run.out()).contains("threads: asked for");
      Run.of("doctor", "-D" + property + "=steam").fails("steam", "uring, threads or channels");
    } finally {
      System.clearProperty(property);
    }
  }

  @Test
  void debugAddsTheStackTrace() {
    Path missing = Path.of("/does/not/exist");
    Run.of("cat", missing).fails(missing, "no such file");
    Run debug = Run.of("--debug", "doctor", missing);
    assertThat(debug.code()).isEqualTo(Main.ERROR);
    assertThat(debug.err()).contains("no such file", "\tat io.ringwell");
  }

  private static Run runInto(OutputStream out, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(Standard.of(InputStream.nullInputStream(), out, err), args);
    return new Run(code, new byte[0], err.toString(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static OutputStream failing(String message) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(message);
      }
    };
  }

  @Test
  void outputThatCannotBeWrittenIsAnErrorAndAReaderThatWentAwayIsNone() {
    runInto(failing("No space left on device"), "doctor")
        .fails("standard output", "No space left on device");
    runInto(failing("No space left on device"), "cat", "/proc/self/limits")
        .fails("standard output", "No space left on device");
    for (String command : new String[] {"doctor", "cat"}) {
      Run run = runInto(failing("Broken pipe"), command, "/proc/self/limits");
      assertThat(run.err()).isEmpty();
      assertThat(run.code()).isEqualTo(Main.NO);
    }
  }
}
