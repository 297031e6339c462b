package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  @TempDir Path dir;

  @AfterEach
  void reset() {
    System.clearProperty("ringwell.engine");
  }

  private void assertEmpty() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void everyStepIsVerifiedAndNothingIsLeft() throws IOException {
    Run run = Run.of("demo", "--size", "8m", "--dir", dir).succeeds();
    assertThat(run.out())
        .contains("write ", "read ", "random ", "copy ", "trim ", "to S3 ", "from S3 ", "verified")
        .contains("system calls each")
        .contains("0 bytes of payload in user memory")
        .contains("Every byte was verified");
    assertThat(run.out().lines()).hasSizeLessThanOrEqualTo(25);
    assertEmpty();
  }

  @Test
  void whatAnEngineCannotDoIsSkippedVisibly() throws IOException {
    System.setProperty("ringwell.engine", "channels");
    Run run = Run.of("demo", "--size", "4m", "--dir", dir).succeeds();
    assertThat(run.out()).contains("channels", "SKIPPED", "Every byte was verified");
    assertEmpty();
  }

  @Test
  void badPlacesAndSizesAreTold() {
    Run.of("demo", "--dir", dir.resolve("no")).fails(dir.resolve("no"), "--dir");
    Run.of("demo", "--size", "1k").fails("--size", "4m");
  }
}
