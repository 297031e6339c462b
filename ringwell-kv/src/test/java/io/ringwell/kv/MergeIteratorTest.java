package io.ringwell.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MergeIteratorTest {
  private static final int ROUNDS = 3_000;

  @Test
  void keysOfAnyBytesAndLengthsComeInOrderOnce() throws IOException {
    long seed = Trials.seed(MergeIteratorTest.class);
    for (long round = seed; round < seed + ROUNDS; round++) {
      Random random = new Random(round);
      TreeMap<String, Row> newest = new TreeMap<>();
      List<KvIterator> children = new ArrayList<>();
      for (int i = random.nextInt(20); i > 0; i--) {
        List<Row> rows = rows(random);
        rows.forEach(
            row -> newest.merge(row.key(), row, (a, b) -> b.sequence() > a.sequence() ? b : a));
        children.add(new RowIterator(rows, RowIterator.Trouble.none()));
      }
      List<Row> expected = newest.values().stream().filter(row -> !row.isTombstone()).toList();
      try (KvIterator merge = MergeIterator.of(children)) {
        List<Row> seen = new ArrayList<>();
        while (merge.next()) {
          seen.add(Row.at(merge));
        }
        assertThat(seen).as("seed %d", round).isEqualTo(expected);
        seen.clear();
        while (merge.previous()) {
          seen.add(Row.at(merge));
        }
        Collections.reverse(seen);
        assertThat(seen).as("backwards, seed %d", round).isEqualTo(expected);
      }
    }
  }

  /// Few different bytes and many equal beginnings, at and around the ends of words.
  private static List<Row> rows(Random random) {
    List<Row> rows = new ArrayList<>();
    String common = "p".repeat(random.nextInt(3) * 8);
    for (int i = random.nextInt(30); i > 0; i--) {
      StringBuilder key = new StringBuilder(common);
      for (int n = random.nextInt(random.nextBoolean() ? 3 : 20); n > 0; n--) {
        key.append("\0\0\0a\u00ff".charAt(random.nextInt(5)));
      }
      long sequence = random.nextInt(3);
      int kind = random.nextInt(4) == 0 ? KvIterator.DELETE : KvIterator.VALUE;
      Row row = new Row(key.toString(), "v" + random.nextInt(1000), sequence, kind);
      if (rows.stream()
          .noneMatch(at -> at.key().equals(row.key()) && at.sequence() == row.sequence())) {
        rows.add(row);
      }
    }
    rows.sort(
        Comparator.comparing(Row::key)
            .thenComparing(Comparator.comparingLong(Row::sequence).reversed()));
    return rows;
  }

  @Test
  void ofEqualVersionsThatOfTheEarlierChildIsShown() throws IOException {
    List<KvIterator> children = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      children.add(
          new RowIterator(
              List.of(new Row("k", "of child " + i, 4, KvIterator.VALUE)),
              RowIterator.Trouble.none()));
    }
    try (KvIterator merge = MergeIterator.of(children)) {
      assertThat(merge.next()).isTrue();
      assertThat(Row.at(merge).value()).isEqualTo("of child 0");
      assertThat(merge.next()).isFalse();
      assertThat(merge.previous()).isTrue();
      assertThat(Row.at(merge).value()).isEqualTo("of child 0");
      assertThat(merge.previous()).isFalse();
    }
  }

  @Test
  void aMergeOfNoneEndsAtOnce() throws IOException {
    try (KvIterator merge = MergeIterator.of(List.of())) {
      assertThat(merge.next()).isFalse();
      assertThat(merge.previous()).isFalse();
      merge.seek(Row.memory("k"));
      assertThat(merge.next()).isFalse();
    }
  }

  @Test
  void childrenThatHaveToReadReadAtOnce() throws IOException {
    List<KvIterator> children = new ArrayList<>();
    List<PendingOnce> pending = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      pending.add(new PendingOnce());
      children.add(pending.getLast());
    }
    try (KvIterator merge = MergeIterator.of(children)) {
      assertThat(merge.poll()).isEqualTo(KvIterator.PENDING);
      assertThat(pending).allMatch(child -> child.asked == 1);
      assertThat(merge.poll()).isEqualTo(KvIterator.END);
    }
  }

  private static final class PendingOnce extends CustomIterator {
    private int asked;

    @Override
    protected int step() {
      return asked++ == 0 ? PENDING : END;
    }

    @Override
    protected int stepBack() {
      return END;
    }

    @Override
    protected void toStart() {}

    @Override
    protected void toEnd() {}

    @Override
    protected void toKey(java.lang.foreign.MemorySegment key, int length) {}

    @Override
    protected void behindKey(java.lang.foreign.MemorySegment key, int length) {}
  }
}
