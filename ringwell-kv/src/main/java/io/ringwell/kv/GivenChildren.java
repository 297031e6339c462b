package io.ringwell.kv;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Children that are there from the beginning, until all are closed.
final class GivenChildren implements ConcatChildren {
  private final KvIterator[] children;

  GivenChildren(List<? extends KvIterator> children) {
    this.children = Children.owned(children);
  }

  @Override
  public int count() {
    return children.length;
  }

  @Override
  public KvBounds bounds(int index) {
    return KvBounds.all();
  }

  @Override
  public KvIterator get(int index) {
    return children[index];
  }

  @Override
  public CompletionStage<Void> opening(int index) {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void settle(int index, int neighbour) {}

  @Override
  public void close() {
    Children.close(children);
  }
}
