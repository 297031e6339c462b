package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Which files this process has open, as Linux tells: its descriptors, and what lies in the tables
/// of its rings.
final class OpenFiles {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Path DETAILS = Path.of("/proc/self/fdinfo");
  private static final int LOOKS = 1000;

  private OpenFiles() {}

  /// What a ring whose thread is at work does not tell.
  private static final String TABLE = "UserFiles";

  /// Expects none below `directory`. A ring whose thread is at work tells nothing, so it is asked
  /// again; elsewhere than on Linux this sees nothing.
  static void assertNoneBelow(Path directory) {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return;
    }
    List<String> open = List.of();
    for (int i = 0; i < LOOKS; i++) {
      open = below(directory.toAbsolutePath() + "/");
      if (open.isEmpty()) {
        return;
      }
      Thread.onSpinWait();
    }
    assertThat(open).as("open below " + directory).isEmpty();
  }

  private static List<String> below(String prefix) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      for (Path each : all.toList()) {
        String target = target(each);
        if (target.startsWith(prefix)) {
          found.add(target);
        } else if (target.contains("[io_uring]")) {
          List<String> details = details(each);
          if (details.stream().noneMatch(line -> line.startsWith(TABLE))) {
            found.add(target + " does not tell");
          }
          details.stream().filter(line -> line.contains(prefix)).forEach(found::add);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /// Empty where it was closed meanwhile.
  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /// The same of a ring that was closed meanwhile.
  private static List<String> details(Path descriptor) {
    try {
      return Files.readAllLines(DETAILS.resolve(descriptor.getFileName()));
    } catch (IOException e) {
      return List.of(TABLE);
    }
  }
}
