package io.ringwell.kv;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;

/// Rows as a user's own iterator would show them: now and then pending, now and then failing.
final class RowIterator extends CustomIterator {
  /// How often, of a hundred or of a thousand.
  record Trouble(Random random, int pendingPercent, int failurePerMille) {
    static Trouble none() {
      return new Trouble(new Random(0), 0, 0);
    }
  }

  private final List<Row> rows;
  private final Trouble trouble;
  private final MemorySegment[] keys;
  private final MemorySegment[] values;
  private int following;
  private int preceding = -1;
  private boolean pending;
  private CompletableFuture<Void> ready = new CompletableFuture<>();

  /// @param rows in order of their keys, of one key the highest sequence number first
  RowIterator(List<Row> rows, Trouble trouble) {
    this.rows = List.copyOf(rows);
    this.trouble = trouble;
    keys = rows.stream().map(row -> Row.memory(row.key())).toArray(MemorySegment[]::new);
    values = rows.stream().map(row -> Row.memory(row.value())).toArray(MemorySegment[]::new);
  }

  @Override
  protected int step() throws IOException {
    return troubled() ? PENDING : show(following);
  }

  @Override
  protected int stepBack() throws IOException {
    return troubled() ? PENDING : show(preceding);
  }

  private boolean troubled() throws IOException {
    Random random = trouble.random;
    if (random.nextInt(1000) < trouble.failurePerMille) {
      pending = false;
      throw new IOException("as the test wants it");
    }
    // Once read, it is there, as a rule.
    if (random.nextInt(100) >= (pending ? trouble.pendingPercent / 4 : trouble.pendingPercent)) {
      pending = false;
      return false;
    }
    pending = true;
    CompletableFuture<Void> stage = new CompletableFuture<>();
    ready = stage;
    if (random.nextBoolean()) {
      ForkJoinPool.commonPool().execute(() -> stage.complete(null));
    } else {
      stage.complete(null);
    }
    return true;
  }

  private int show(int row) {
    if (row < 0 || row >= rows.size()) {
      stand(row < 0 ? 0 : rows.size());
      return END;
    }
    following = row + 1;
    preceding = row - 1;
    entry(keys[row], 0, (int) keys[row].byteSize(), values[row], 0, (int) values[row].byteSize());
    version(rows.get(row).sequence(), rows.get(row).kind());
    return ENTRY;
  }

  private void stand(int row) {
    pending = false;
    following = row;
    preceding = row - 1;
  }

  @Override
  protected void toStart() {
    stand(0);
  }

  @Override
  protected void toEnd() {
    stand(rows.size());
  }

  @Override
  protected void toKey(MemorySegment key, int length) {
    stand(firstFrom(key, length, 0));
  }

  @Override
  protected void behindKey(MemorySegment key, int length) {
    stand(firstFrom(key, length, 1));
  }

  /// The first row whose key compares to the one sought with at least `least`.
  private int firstFrom(MemorySegment key, int length, int least) {
    int row = 0;
    while (row < keys.length
        && Keys.compare(keys[row], 0, (int) keys[row].byteSize(), key, 0, length) < least) {
      row++;
    }
    return row;
  }

  @Override
  protected CompletionStage<Void> whenReady() {
    return ready;
  }

  @Override
  protected void release() {
    ready.complete(null);
  }
}
