package io.ringwell.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every example of Java in a document stands in a test, but for comments and blanks.
class DocumentsTest {
  private static final Path ROOT = Path.of(System.getProperty("ringwell.root", "..")).normalize();
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void examplesAreTested() throws IOException {
    List<String> tests = new ArrayList<>();
    for (Path test : below(ROOT, ".java")) {
      if (test.toString().contains("/src/test/")) {
        tests.add(plain(Files.readString(test)));
      }
    }
    List<Path> documents = new ArrayList<>(below(ROOT.resolve("docs"), ".md"));
    documents.add(ROOT.resolve("README.md"));
    int count = 0;
    for (Path document : documents) {
      for (MatchResult found : EXAMPLE.matcher(Files.readString(document)).results().toList()) {
        String example = plain(found.group(1));
        assertThat(tests.stream().anyMatch(test -> test.contains(example)))
            .as("an example of %s stands in a test:%n%s", ROOT.relativize(document), example)
            .isTrue();
        count++;
      }
    }
    assertThat(count).as("examples").isGreaterThan(10);
  }

  private static List<Path> below(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(suffix) && !file.toString().contains("/target/"))
          .toList();
    }
  }

  /// Without blanks: lines are broken in tests as the formatter has it.
  private static String plain(String code) {
    return code.replaceAll("//.*", "").replaceAll("\\s", "");
  }
}
