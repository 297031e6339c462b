package io.ringwell.kv;

import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Where a [ConcatIterator] has its children from. Not asked while it steps within one.
interface ConcatChildren {
  int count();

  KvBounds bounds(int index);

  /// The child, or null while it is being opened.
  @Nullable KvIterator get(int index) throws IOException;

  /// When [#get] has an answer. Completes normally, also when opening failed or was given up.
  CompletionStage<Void> opening(int index);

  /// The child `index` is stood in, and `neighbour`, which may not exist, is likely the next.
  void settle(int index, int neighbour);

  void close();
}
