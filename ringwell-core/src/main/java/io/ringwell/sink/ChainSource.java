package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Bytes in memory, piece by piece.
final class ChainSource implements Source {
  private final Queue<Bytes> pieces = new ArrayDeque<>();

  ChainSource(BytesChain chain) {
    try (chain) {
      for (Bytes piece : chain.fragments()) {
        if (piece.size() > 0) {
          pieces.add(piece.share());
        }
      }
    }
  }

  @Override
  public @Nullable Bytes next() {
    return pieces.poll();
  }

  @Override
  public CompletionStage<@Nullable Bytes> nextAsync() {
    return CompletableFuture.completedFuture(next());
  }

  @Override
  public @Nullable Bytes poll() {
    return next();
  }

  @Override
  public boolean isAtEnd() {
    return pieces.isEmpty();
  }

  @Override
  public boolean isNonBlocking() {
    return true;
  }

  @Override
  public void close() {
    pieces.forEach(Bytes::close);
    pieces.clear();
  }
}
