package io.ringwell.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A tree of 50,000 small files, a hundred in a directory, 100 to 8192 bytes each. Made where it is
/// missing, kept for the next run.
final class SmallFiles {
  static final int FILES = 50_000;
  private static final int IN_DIRECTORY = 100;
  private static final int LEAST_BYTES = 100;
  private static final int MOST_BYTES = 8192;

  private SmallFiles() {}

  /// Their paths, in the order in which they were made.
  static List<Path> in(Path root) throws IOException {
    List<Path> paths = new ArrayList<>(FILES);
    for (int i = 0; i < FILES; i++) {
      paths.add(root.resolve("d" + i / IN_DIRECTORY).resolve("f" + i));
    }
    if (!Files.exists(paths.getLast())) {
      SplittableRandom random = new SplittableRandom(1);
      for (Path path : paths) {
        Files.createDirectories(path.getParent());
        byte[] content = new byte[random.nextInt(LEAST_BYTES, MOST_BYTES + 1)];
        random.nextBytes(content);
        Files.write(path, content);
      }
    }
    return paths;
  }
}
