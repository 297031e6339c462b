package io.ringwell.search;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The ripgrep of this machine, to compare with.
final class Ripgrep {
  private Ripgrep() {}

  /// @param out a byte a character
  record Answer(int code, String out, String err) {}

  /// Skips the test, with a message, where there is no ripgrep 13: later ones differ in details
  /// that are compared here.
  static void require() throws IOException, InterruptedException {
    boolean there = false;
    for (String directory : System.getenv("PATH").split(":")) {
      there |= Files.isExecutable(Path.of(directory, "rg"));
    }
    assumeTrue(there, "no rg on the PATH: apt-get install ripgrep");
    String version = run(Path.of("."), List.of("--version")).out();
    assumeTrue(version.startsWith("ripgrep 13."), "not a ripgrep 13: " + version);
  }

  static Answer run(Path directory, List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("rg", "--no-config", "-j1"));
    command.addAll(words);
    Path err = Files.createTempFile("rg", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectError(err.toFile());
      Process process = builder.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return new Answer(process.waitFor(), out, Files.readString(err, StandardCharsets.UTF_8));
    } finally {
      Files.delete(err);
    }
  }
}
