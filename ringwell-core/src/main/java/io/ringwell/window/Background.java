package io.ringwell.window;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Makes a stage of what parks: a virtual thread parks for it, and completes the stage. Costs that
/// thread.
final class Background {
  private Background() {}

  static <T extends @Nullable Object> CompletableFuture<T> start(String name, Callable<T> body) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    Thread.ofVirtual()
        .name(name)
        .start(() -> {
          try {
            stage.complete(body.call());
          } catch (Throwable e) {
            stage.completeExceptionally(e);
          }
        });
    return stage;
  }
}
