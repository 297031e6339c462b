package io.ringwell.window;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// An engine and a directory of files for one test.
final class Scratch implements AutoCloseable {
  final Path directory;
  final Engine engine;

  Scratch() throws IOException {
    this(EngineOptions.defaults().withPoolBytes(64L << 20));
  }

  Scratch(EngineOptions options) throws IOException {
    Path target = Path.of("target");
    directory =
        Files.isDirectory(target)
            ? Files.createTempDirectory(target.toAbsolutePath(), "window")
            : Files.createTempDirectory("window");
    engine = Engine.open(options);
  }

  static byte[] pattern(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  Path file(String name, byte[] content) throws IOException {
    return Files.write(directory.resolve(name), content);
  }

  /// Throws where memory was not given back.
  @Override
  public void close() throws IOException {
    engine.close();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
    if (engine.pool().stats().inUseBytes() != 0) {
      throw new AssertionError("not given back: " + engine.pool().stats());
    }
  }
}
