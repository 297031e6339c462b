package io.ringwell.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;

/// A pipe of some kind, with bounds that are small and the same for every kind, and the check that
/// it gives everything back.
abstract class EveryPipeCase {
  static final long PAUSE = 100;
  static final long RESUME = 50;
  static final long CAP = 1000;

  final PipeKind kind;
  final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(4 << 20));
  final AnyPipe pipe;

  EveryPipeCase(PipeKind kind) {
    this.kind = kind;
    this.pipe = open(Rig.options());
  }

  final AnyPipe open(PipeOptions options) {
    return kind.open(pool, options, PAUSE, RESUME, CAP);
  }

  @AfterEach
  void everythingIsGivenBack() {
    pipe.close();
    assertThat(held()).isZero();
    pool.close();
  }

  final long held() {
    return pool.stats().inUseBytes();
  }

  /// What has come already.
  final AnyPipe.Read come() throws IOException {
    return Objects.requireNonNull(pipe.tryRead());
  }

  final void expectNoRead() {
    assertThatThrownBy(pipe::read).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(pipe::tryRead).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pipe.tryRead(() -> {})).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pipe.readAtLeast(1)).isInstanceOf(IllegalStateException.class);
    expectFailure(pipe.readAsync(), IllegalStateException.class);
    expectFailure(pipe.readAtLeastAsync(1), IllegalStateException.class);
  }

  static void expectFailure(CompletableFuture<?> stage, Class<? extends Throwable> type) {
    assertThat(stage).isCompletedExceptionally();
    assertThatThrownBy(stage::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(type);
  }
}
