package io.ringwell.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The outputs of the article that the first iterators are from, to the letter.
class ArticleTest {
  @Test
  void fiveEntriesAsArrows() throws IOException {
    assertThat(arrows(new TestIterator(0, 5)))
        .containsExactly(
            "key_00000 -> value_00000",
            "key_00001 -> value_00001",
            "key_00002 -> value_00002",
            "key_00003 -> value_00003",
            "key_00004 -> value_00004");
  }

  @Test
  void twoRangesInARowAsArrows() throws IOException {
    assertThat(arrows(ConcatIterator.of(new TestIterator(0, 5), new TestIterator(5, 7))))
        .containsExactly(
            "key_00000 -> value_00000",
            "key_00001 -> value_00001",
            "key_00002 -> value_00002",
            "key_00003 -> value_00003",
            "key_00004 -> value_00004",
            "key_00005 -> value_00005",
            "key_00006 -> value_00006");
  }

  private static final String[] TEN = {
    "b\"key_00000\" b\"value_00000\"",
    "b\"key_00001\" b\"value_00001\"",
    "b\"key_00002\" b\"value_00002\"",
    "b\"key_00003\" b\"value_00003\"",
    "b\"key_00004\" b\"value_00004\"",
    "b\"key_00005\" b\"value_00005\"",
    "b\"key_00006\" b\"value_00006\"",
    "b\"key_00007\" b\"value_00007\"",
    "b\"key_00008\" b\"value_00008\"",
    "b\"key_00009\" b\"value_00009\"",
  };

  @Test
  void tenEntriesAsByteStrings() throws IOException {
    assertThat(byteStrings(new TestIterator(0, 10))).containsExactly(TEN);
  }

  @Test
  void twoRangesInARowAsByteStrings() throws IOException {
    assertThat(byteStrings(ConcatIterator.of(new TestIterator(0, 5), new TestIterator(5, 10))))
        .containsExactly(TEN);
  }

  private static List<String> arrows(KvIterator entries) throws IOException {
    List<String> lines = new ArrayList<>();
    try (entries) {
      while (entries.next()) {
        Row row = Row.at(entries);
        lines.add(row.key() + " -> " + row.value());
      }
    }
    return lines;
  }

  private static List<String> byteStrings(KvIterator entries) throws IOException {
    List<String> lines = new ArrayList<>();
    try (entries) {
      while (entries.next()) {
        Row row = Row.at(entries);
        lines.add("b\"" + row.key() + "\" b\"" + row.value() + "\"");
      }
    }
    return lines;
  }
}
