package io.ringwell.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoreFileTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*.o         | a.o          | IGNORE",
        "*.o         | d/e/a.o      | IGNORE",
        "/*.o        | d/a.o        | NONE",
        "d/*.o       | d/a.o        | IGNORE",
        "d/*.o       | x/d/a.o      | NONE",
        "build/      | build        | NONE",
        "build/      | x/build/     | IGNORE",
        "**/foo      | a/b/foo      | IGNORE",
        "**/foo      | foo          | IGNORE",
        "a/**/b      | a/b          | IGNORE",
        "a/**/b      | a/x/y/b      | IGNORE",
        "a/**        | a/x          | IGNORE",
        "a/**        | a            | NONE",
        "!a          | a            | KEEP",
        "\\!a        | !a           | IGNORE",
        "\\#a        | #a           | IGNORE",
        "#a          | #a           | NONE",
        "a[0-9].txt  | a7.txt       | IGNORE",
        "a[!0-9].txt | a7.txt       | NONE",
        "a?c         | abc          | IGNORE",
        "a?c         | aéc          | IGNORE",
        "a?c         | a/c          | NONE",
        "a*c         | axxc         | IGNORE",
        "x/a*c       | x/ax/c       | NONE",
        "*.{o,a}     | z.a          | NONE",
        "*.{o,a}     | z.{o,a}      | IGNORE",
        "\\*.o       | *.o          | IGNORE",
        "\\*.o       | x.o          | NONE",
        "a[          | a[           | NONE",
        "*           | .any         | IGNORE",
        "a**c        | axyc         | IGNORE"
      })
  void aPathIsJudgedAsGitAndRipgrepJudgeIt(String rule, String path, IgnoreFile.Verdict verdict) {
    boolean directory = path.endsWith("/");
    String name = directory ? path.substring(0, path.length() - 1) : path;
    IgnoreFile file = IgnoreFile.parse(rule.getBytes(StandardCharsets.UTF_8));
    assertThat(file.verdict(name, 0, directory)).isEqualTo(verdict);
  }
}
