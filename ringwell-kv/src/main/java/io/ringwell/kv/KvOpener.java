package io.ringwell.kv;

import java.util.concurrent.CompletionStage;

/// Opens a child of a lazy [ConcatIterator] when it is reached, and again when it is come back to.
@FunctionalInterface
public interface KvOpener {
  /// Begins to open the child. Must not block. The concat owns what the stage completes with, and
  /// closes it.
  CompletionStage<? extends KvIterator> open();

  /// Between which keys the child's are, as far as it is known without opening it: a seek passes by
  /// those that cannot have what is sought.
  default KvBounds bounds() {
    return KvBounds.all();
  }
}
