package io.ringwell.kv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/// An iterator, made of others at random, and the rows that it has to show.
record Composition(KvIterator entries, List<Row> rows, String form) {
  private static final Comparator<Row> ORDER =
      Comparator.comparing(Row::key)
          .thenComparing(Comparator.comparingLong(Row::sequence).reversed());

  /// Of keys of the numbers from `low` to `high`, in order.
  static Composition random(
      Random random, int low, int high, int depth, RowIterator.Trouble trouble) {
    if (depth == 0) {
      return random.nextBoolean() ? numbers(low, high) : rows(random, low, high, trouble);
    }
    return switch (random.nextInt(7)) {
      case 0, 1 -> concat(random, low, high, depth, trouble);
      case 2, 3 -> merge(random, low, high, depth, trouble);
      case 4 -> bounded(random, random(random, low, high, depth - 1, trouble));
      case 5 -> filter(random.nextInt(4), random(random, low, high, depth - 1, trouble));
      default -> map(random(random, low, high, depth - 1, trouble));
    };
  }

  private static Composition numbers(int low, int high) {
    List<Row> rows = IntStream.range(low, high).mapToObj(Row::of).toList();
    return new Composition(new TestIterator(low, high), rows, "test(" + low + "," + high + ")");
  }

  private static Composition rows(Random random, int low, int high, RowIterator.Trouble trouble) {
    List<Row> rows = new ArrayList<>();
    int count = high > low ? random.nextInt(12) : 0;
    for (int i = 0; i < count; i++) {
      String key = Row.of(low + random.nextInt(high - low)).key() + "x".repeat(random.nextInt(3));
      long sequence = random.nextInt(6);
      int kind =
          switch (random.nextInt(5)) {
            case 0 -> KvIterator.DELETE;
            case 1 -> KvIterator.SINGLE_DELETE;
            default -> KvIterator.VALUE;
          };
      if (rows.stream().noneMatch(row -> row.key().equals(key) && row.sequence() == sequence)) {
        rows.add(new Row(key, "v" + random.nextInt(1000), sequence, kind));
      }
    }
    rows.sort(ORDER);
    return new Composition(new RowIterator(rows, trouble), rows, "rows" + rows);
  }

  private static Composition concat(
      Random random, int low, int high, int depth, RowIterator.Trouble trouble) {
    List<KvIterator> children = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    List<String> forms = new ArrayList<>();
    int from = low;
    for (int i = random.nextInt(5); i >= 0; i--) {
      int to = i == 0 ? high : from + random.nextInt(high - from + 1);
      Composition child = random(random, from, to, random.nextInt(depth), trouble);
      children.add(child.entries);
      rows.addAll(child.rows);
      forms.add(child.form);
      from = to;
    }
    return new Composition(ConcatIterator.of(children), rows, "concat" + forms);
  }

  private static Composition merge(
      Random random, int low, int high, int depth, RowIterator.Trouble trouble) {
    boolean keeping = random.nextBoolean();
    List<KvIterator> children = new ArrayList<>();
    TreeMap<String, Row> newest = new TreeMap<>();
    List<String> forms = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      Composition child = random(random, low, high, random.nextInt(depth), trouble);
      children.add(child.entries);
      forms.add(child.form);
      for (Row row : child.rows) {
        newest.merge(row.key(), row, (a, b) -> b.sequence() > a.sequence() ? b : a);
      }
    }
    List<Row> rows = newest.values().stream().filter(row -> keeping || !row.isTombstone()).toList();
    return new Composition(
        keeping ? MergeIterator.keepingTombstones(children) : MergeIterator.of(children),
        rows,
        (keeping ? "mergeAll" : "merge") + forms);
  }

  private static Composition bounded(Random random, Composition child) {
    String lower = Row.of(random.nextInt(40)).key();
    String upper = Row.of(random.nextInt(60)).key() + "x".repeat(random.nextInt(2));
    KvBounds bounds =
        switch (random.nextInt(3)) {
          case 0 -> KvBounds.from(Row.memory(lower));
          case 1 -> KvBounds.until(Row.memory(upper));
          default -> KvBounds.between(Row.memory(lower), Row.memory(upper));
        };
    List<Row> rows =
        child.rows.stream()
            .filter(row -> {
              var key = Row.memory(row.key());
              return bounds.contains(key, 0, (int) key.byteSize());
            })
            .toList();
    return new Composition(KvViews.bounded(child.entries, bounds), rows, bounds + child.form);
  }

  private static Composition filter(int modulus, Composition child) {
    List<Row> rows =
        child.rows.stream().filter(row -> row.key().hashCode() % 4 != modulus).toList();
    KvIterator entries =
        KvViews.filter(child.entries, at -> Row.at(at).key().hashCode() % 4 != modulus);
    return new Composition(entries, rows, "filter" + modulus + "(" + child.form + ")");
  }

  /// The value without its first byte, where it lies.
  private static Composition map(Composition child) {
    List<Row> rows =
        child.rows.stream()
            .map(row ->
                new Row(
                    row.key(),
                    row.value().isEmpty() ? "" : row.value().substring(1),
                    row.sequence(),
                    row.kind()))
            .toList();
    KvIterator entries =
        KvViews.map(
            child.entries,
            (at, result) -> {
              int cut = Math.min(1, at.valueLength());
              result.value(at.valueSegment(), at.valueOffset() + cut, at.valueLength() - cut);
            });
    return new Composition(entries, rows, "map(" + child.form + ")");
  }

  /// The same, as a lazy concatenation of one that is opened by and by.
  static CompletableFuture<KvIterator> later(KvIterator entries, Random random) {
    CompletableFuture<KvIterator> stage = new CompletableFuture<>();
    if (random.nextBoolean()) {
      stage.complete(entries);
    } else {
      java.util.concurrent.ForkJoinPool.commonPool().execute(() -> stage.complete(entries));
    }
    return stage;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s: %d rows", form, rows.size());
  }
}
