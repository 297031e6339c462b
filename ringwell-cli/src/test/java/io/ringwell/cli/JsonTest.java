package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void writesWhatAReaderReads() {
    String odd = "a\"b\\c\nd\te\u0001f\u00e9\ud83d\ude00";
    String text =
        new Json()
            .put("s", odd)
            .put("l", Long.MIN_VALUE)
            .put("b", true)
            .put("d", 1.23456, 2)
            .put("nan", Double.NaN, 2)
            .put("o", new Json().put("x", 1))
            .putOrNull("none", null)
            .putStrings("a", List.of("x", "y"))
            .putObjects("e", List.of())
            .toString();
    assertThat(text).hasLineCount(1);
    assertThat(JsonReader.object(text))
        .containsEntry("s", odd)
        .containsEntry("l", Long.MIN_VALUE)
        .containsEntry("b", true)
        .containsEntry("d", 1.23)
        .containsEntry("nan", null)
        .containsEntry("none", null)
        .containsEntry("a", List.of("x", "y"))
        .containsEntry("e", List.of());
  }

  @Test
  void halfACharacterIsEscaped() {
    assertThat(new Json().put("s", "a\ud83d").toString()).isEqualTo("{\"s\":\"a\\ud83d\"}");
  }
}
