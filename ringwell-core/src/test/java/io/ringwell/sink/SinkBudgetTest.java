package io.ringwell.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What several sinks hold together, and sinks whose writes have one size.
@Timeout(60)
final class SinkBudgetTest {
  private static final int UNIT = 1000;

  /// Lets go of a write when the test says so.
  private static final class Slow implements Outlet {
    final LinkedBlockingQueue<CompletableFuture<@Nullable Void>> begun =
        new LinkedBlockingQueue<>();
    final List<Long> sizes = new ArrayList<>();
    boolean finished;

    @Override
    public Shape shape() {
      return new Shape(UNIT, true, 4);
    }

    @Override
    public CompletionStage<@Nullable Void> write(BytesChain bytes) {
      sizes.add(bytes.size());
      CompletableFuture<@Nullable Void> stage = new CompletableFuture<>();
      begun.add(stage);
      return stage;
    }

    void letGo() throws InterruptedException {
      begun.take().complete(null);
    }

    @Override
    public void finish(long size) {
      finished = true;
    }

    @Override
    public void close() {}
  }

  private static Bytes bytes(int size) {
    return Bytes.copyOf(new byte[size]);
  }

  @Test
  void aSinkAloneMayHoldAllOfTheBudgetAndGivesItBack() throws Exception {
    SinkBudget budget = new SinkBudget(3 * UNIT);
    Slow slow = new Slow();
    try (Sink sink = Sinks.to("a sink", slow, 5 * UNIT, budget)) {
      assertThat(budget.freeBytes()).isEqualTo(2 * UNIT);
      for (int i = 0; i < 3; i++) {
        assertThat(sink.offer(bytes(UNIT))).isTrue();
      }
      assertThat(budget.freeBytes()).isZero();
      try (Bytes refused = bytes(1)) {
        assertThat(sink.offer(refused)).as("within its own bound, beyond the budget").isFalse();
      }
      CompletionStage<Long> complete = sink.completeAsync();
      for (int i = 0; i < 3; i++) {
        slow.letGo();
      }
      assertThat(complete.toCompletableFuture().get()).isEqualTo(3 * UNIT);
      assertThat(budget.freeBytes()).as("what is promised is kept").isEqualTo(2 * UNIT);
    }
    assertThat(budget.freeBytes()).isEqualTo(3 * UNIT);
  }

  @Test
  void whatIsPromisedIsThereWhenOthersHoldAllTheRest() throws Exception {
    SinkBudget budget = new SinkBudget(3 * UNIT);
    Slow first = new Slow();
    Slow second = new Slow();
    try (Sink greedy = Sinks.to("greedy", first, 9 * UNIT, budget);
        Sink modest = Sinks.to("modest", second, 9 * UNIT, budget)) {
      assertThat(greedy.offer(bytes(2 * UNIT))).isTrue();
      assertThat(budget.freeBytes()).isZero();
      for (int round = 0; round < 5; round++) {
        modest.send(bytes(UNIT));
        try (Bytes refused = bytes(1)) {
          assertThat(modest.offer(refused)).isFalse();
        }
        second.letGo();
      }
      first.letGo();
      first.letGo();
      greedy.complete();
      modest.complete();
    }
    assertThat(first.finished && second.finished).isTrue();
    assertThat(budget.freeBytes()).isEqualTo(3 * UNIT);
  }

  @Test
  void oneMoreSinkThanThereIsRoomForIsRefusedAtOnce() throws Exception {
    SinkBudget budget = new SinkBudget(UNIT + 1);
    try (Sink only = Sinks.to("only", new Slow(), 9 * UNIT, budget)) {
      assertThatThrownBy(() -> Sinks.to("one more", new Slow(), 9 * UNIT, budget))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("one more was not opened: the budget of 1001 bytes");
      only.complete();
    }
    assertThat(budget.freeBytes()).isEqualTo(UNIT + 1);
  }

  @Test
  void whatAFailedSinkHeldIsFreeAgain() throws Exception {
    SinkBudget budget = new SinkBudget(5 * UNIT);
    Slow slow = new Slow();
    Sink sink = Sinks.to("a sink", slow, 9 * UNIT, budget);
    sink.send(bytes(UNIT));
    sink.send(bytes(UNIT / 2));
    CompletableFuture<@Nullable Void> first = slow.begun.take();
    sink.fail(new IOException("enough"));
    first.complete(null);
    sink.close();
    sink.close();
    assertThat(budget.freeBytes()).isEqualTo(5 * UNIT);
  }

  @Test
  void piecesThatDoNotFitIntoOneWriteDoNotStopASinkOfOneWrite() throws Exception {
    Slow slow = new Slow();
    try (Sink sink = Sinks.to("a sink", slow, UNIT)) {
      sink.send(bytes(700));
      sink.send(bytes(700));
      CompletionStage<@Nullable Void> third = sink.sendAsync(bytes(5 * UNIT));
      slow.letGo();
      third.toCompletableFuture().get();
      CompletionStage<Long> complete = sink.completeAsync();
      for (int i = 0; i < 6; i++) {
        slow.letGo();
      }
      assertThat(complete.toCompletableFuture().get()).isEqualTo(6400);
    }
    assertThat(slow.sizes).containsExactly(1000L, 1000L, 1000L, 1000L, 1000L, 1000L, 400L);
  }

  @Test
  void whenReadyWaitsForRoomInTheBudget() throws Exception {
    SinkBudget budget = new SinkBudget(UNIT);
    Slow slow = new Slow();
    try (Sink sink = Sinks.to("a sink", slow, 9 * UNIT, budget)) {
      sink.send(bytes(UNIT));
      CompletableFuture<@Nullable Void> ready = sink.whenReady().toCompletableFuture();
      assertThat(ready).isNotDone();
      slow.letGo();
      ready.get();
      assertThat(sink.offer(bytes(UNIT))).isTrue();
      slow.letGo();
      sink.complete();
    }
  }
}
