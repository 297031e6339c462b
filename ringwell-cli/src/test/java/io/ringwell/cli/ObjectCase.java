package io.ringwell.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// A bucket, which the tests of a class share, and a directory for each of them.
abstract class ObjectCase {
  static Bucket bucket;

  @TempDir Path dir;

  @BeforeAll
  static void serve() throws IOException {
    bucket = Bucket.open();
  }

  @AfterAll
  static void stop() {
    bucket.close();
  }

  /// A file of random bytes below the directory.
  Path file(String name, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Path path = dir.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.write(path, content);
  }

  static List<String> tree(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  static List<String> keys(String location) {
    return bucket
        .run("ls", "-r", location)
        .out()
        .lines()
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .toList();
  }
}
