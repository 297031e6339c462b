package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Several stages as one.
final class Stages {
  private Stages() {}

  /// Completes when all of them have; fails where one does.
  static CompletionStage<@Nullable Void> all(List<CompletionStage<@Nullable Void>> stages) {
    if (stages.size() == 1) {
      return stages.getFirst();
    }
    CompletableFuture<?>[] all = new CompletableFuture<?>[stages.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = stages.get(i).toCompletableFuture();
    }
    return CompletableFuture.allOf(all).thenApply(nothing -> null);
  }

  /// Hands the fragments of `chain` on to `sinks`, which share them; completes when all have taken
  /// them.
  static CompletionStage<@Nullable Void> send(BytesChain chain, List<Sink> sinks) {
    List<CompletionStage<@Nullable Void>> taken = new ArrayList<>();
    for (Sink sink : sinks) {
      for (Bytes piece : chain.fragments()) {
        taken.add(sink.sendAsync(piece.share()));
      }
    }
    return all(taken);
  }
}
