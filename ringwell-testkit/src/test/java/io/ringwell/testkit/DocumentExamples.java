package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The examples in documents, and the tests in which they stand as they do there, but for comments.
final class DocumentExamples {
  private static final Path TESTS = Path.of("src/test/java/io/ringwell/testkit");
  private static final Path ROOT = Path.of("..");
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private DocumentExamples() {}

  /// Checks that `count` examples of the README and `document` are ones that `which` picks, and
  /// that each of them stands in `test`.
  static void standIn(Class<?> test, int count, String document, Predicate<String> which)
      throws IOException {
    String tested = plain(Files.readString(TESTS.resolve(test.getSimpleName() + ".java")));
    List<String> examples = new ArrayList<>();
    for (String each : List.of("README.md", document)) {
      EXAMPLE
          .matcher(Files.readString(ROOT.resolve(each)))
          .results()
          .map(found -> found.group(1))
          .filter(which)
          .forEach(examples::add);
    }
    assertThat(examples).hasSize(count);
    for (String example : examples) {
      assertThat(tested).contains(plain(example));
    }
  }

  /// Lines without indentation and comments.
  private static String plain(String code) {
    return code.lines()
        .map(line -> line.replaceAll("//.*", "").strip())
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }
}
