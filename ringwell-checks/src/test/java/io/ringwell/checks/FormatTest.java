package io.ringwell.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Sources look as google-java-format leaves them. A test rather than a Maven plugin, since it has
/// to run on the JDK that the sources are written for. `-Dformat.apply=true` writes instead of
/// failing.
class FormatTest {
  private static final Path ROOT = Path.of(System.getProperty("ringwell.root", "..")).normalize();
  private static final boolean APPLY = Boolean.getBoolean("format.apply");

  @Test
  void sourcesAreFormatted() throws IOException {
    List<String> different =
        sources().parallelStream()
            .filter(FormatTest::differs)
            .map(file -> ROOT.relativize(file).toString())
            .toList();
    if (APPLY) {
      different.forEach(file -> System.out.println("formatted " + file));
    } else {
      assertThat(different).as("sources that scripts/format would change").isEmpty();
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      List<Path> folders =
          Stream.concat(modules.map(m -> m.resolve("src")), Stream.of(ROOT.resolve("scripts")))
              .filter(Files::isDirectory)
              .toList();
      assertThat(folders).as("source folders below " + ROOT.toAbsolutePath()).hasSizeGreaterThan(3);
      return folders.stream().flatMap(FormatTest::sourcesBelow).sorted().toList();
    }
  }

  private static Stream<Path> sourcesBelow(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean differs(Path file) {
    try {
      String source = Files.readString(file);
      String formatted = new Formatter().formatSourceAndFixImports(source);
      if (formatted.equals(source)) {
        return false;
      }
      if (APPLY) {
        Files.writeString(file, formatted);
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (FormatterException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }
}
