package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A child process inherits no descriptor of an engine, its files or its ring.
@EnabledOnOs(OS.LINUX)
final class InheritanceTest {
  @Test
  void childInheritsNoDescriptor(@TempDir Path directory) throws Exception {
    ChildJvm.Outcome outcome =
        ChildJvm.run(ChildJvm.command(InheritanceMain.class, directory.toString()));
    assertThat(outcome.exit()).as(outcome.output()).isZero();
    assertThat(outcome.output()).contains("a child inherits");
  }
}
