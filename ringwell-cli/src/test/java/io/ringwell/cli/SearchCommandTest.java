package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchCommandTest {
  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(directory.resolve("file"), "one\nTwo\nthree\n");
  }

  @Test
  void linesThatMatchArePrinted() {
    assertThat(Run.of("search", "^t", file).succeeds().out()).isEqualTo("three\n");
    assertThat(Run.of("search", "-in", "^t", file).succeeds().out()).isEqualTo("2:Two\n3:three\n");
    assertThat(Run.of("search", "-e", "one", "-e", "wo", "-c", directory).succeeds().out())
        .isEqualTo(file + ":2\n");
    assertThat(Run.of("search", "-lF", ".", file).code()).isEqualTo(Main.NO);
    assertThat(Run.of("search", "-l", ".", file).succeeds().out()).isEqualTo(file + "\n");
  }

  @Test
  void errorsAreToldInOneLineAndExitCodesAreGreps() {
    assertThat(Run.of("search", "nothing", file).code()).isEqualTo(Main.NO);
    Run.of("search", "(", file).fails("'('", "unclosed group");
    Run.of("search").fails("name a pattern");
    Run.of("search", "one", directory.resolve("none")).fails("none");
    Run.of("search", "-j", "0x", "one", file).fails("--threads");
    Run.of("search", "--route", "road", "one", file).fails("road");
  }

  @Test
  void figuresAndReasonsGoToStandardError() {
    Run run = Run.of("search", "--stats", "--explain", "--route", "pread", "one", file);
    assertThat(run.out()).isEqualTo("one\n");
    assertThat(run.err())
        .contains("1 file: pread", "1 files, 1 with a match", "routes: pread 1", "engine: none");
  }
}
