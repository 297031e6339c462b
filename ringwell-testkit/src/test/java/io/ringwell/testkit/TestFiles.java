package io.ringwell.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Directories of tests, on the disk that the build is on: direct I/O is not everywhere.
final class TestFiles {
  private TestFiles() {}

  static Path newDirectory(String prefix) throws IOException {
    Path target = Path.of("target");
    return Files.isDirectory(target)
        ? Files.createTempDirectory(target.toAbsolutePath(), prefix)
        : Files.createTempDirectory(prefix);
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
