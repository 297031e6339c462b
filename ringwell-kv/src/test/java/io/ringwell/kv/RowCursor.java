package io.ringwell.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a cursor over rows shows: the model that iterators are held against.
final class RowCursor {
  private final List<Row> rows;
  private int following;
  private int preceding = -1;

  RowCursor(List<Row> rows) {
    this.rows = rows;
  }

  @Nullable Row next() {
    return show(following);
  }

  @Nullable Row previous() {
    return show(preceding);
  }

  void toStart() {
    stand(0);
  }

  void toEnd() {
    stand(rows.size());
  }

  void seek(String key) {
    stand(firstFrom(rows, key));
  }

  void seekForPrevious(String key) {
    stand(firstBehind(rows, key));
  }

  static int firstFrom(List<Row> rows, String key) {
    int row = 0;
    while (row < rows.size() && rows.get(row).key().compareTo(key) < 0) {
      row++;
    }
    return row;
  }

  static int firstBehind(List<Row> rows, String key) {
    int row = 0;
    while (row < rows.size() && rows.get(row).key().compareTo(key) <= 0) {
      row++;
    }
    return row;
  }

  private @Nullable Row show(int row) {
    if (row < 0 || row >= rows.size()) {
      stand(row < 0 ? 0 : rows.size());
      return null;
    }
    following = row + 1;
    preceding = row - 1;
    return rows.get(row);
  }

  private void stand(int row) {
    following = row;
    preceding = row - 1;
  }
}
