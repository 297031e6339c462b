package io.ringwell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.file.Durability;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.IoBuffer;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Several threads send to one sink while it is completed, failed or closed and they are
/// interrupted, under faults that nobody may notice and under those that end it. Nothing hangs, no
/// memory leaks, and the file has all that was taken, or is not there.
final class SinkRaceTest {
  private static final int ROUNDS = 60;
  private static final int SOAK_ROUNDS = 20_000;
  private static final int ROUNDS_AN_ENGINE = 50;
  private static final int BLOCK = 4096;

  @ParameterizedTest
  @EnumSource(Engines.class)
  @Timeout(120)
  void fileIsWholeOrNotThere(Engines kind) throws Exception {
    run(kind, Seeds.first(), ROUNDS, Long.MAX_VALUE);
  }

  @Test
  @Tag("soak")
  void fileIsWholeOrNotThereForLong() throws Exception {
    RaceRun.soak(
        "sink races", SOAK_ROUNDS, (kind, seed, end) -> run(kind, seed, ROUNDS_AN_ENGINE, end));
  }

  private static int run(Engines kind, long seed, int rounds, long end) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Path directory = TestFiles.newDirectory("sink-race");
    EngineOptions options =
        EngineOptions.defaults()
            .withPoolBytes(8 << 20)
            .withQueueCapacity(1 << random.nextInt(1, 8))
            .withWorkers(random.nextInt(1, 5));
    Engine opened = kind.open(Engines.vary(options, random));
    FaultPlan plan = random.nextBoolean() ? FaultPlan.benign(seed) : FaultPlan.harsh(seed);
    Engine engine = random.nextInt(3) == 0 ? opened : new FaultEngine(opened, plan);
    Path file = directory.resolve("file");
    Race race = new Race("one sink", own -> new Round(engine, file, own).run());
    int done;
    try (RaceRun run = new RaceRun(engine, kind, seed)) {
      done = run.rounds(rounds, end, random, any -> race);
    }
    TestFiles.delete(directory);
    return done;
  }

  /// One sink.
  private static final class Round {
    private final Engine engine;
    private final Path path;
    private final SplittableRandom random;
    private final AtomicLong given = new AtomicLong();

    Round(Engine engine, Path path, SplittableRandom random) {
      this.engine = engine;
      this.path = path;
      this.random = random;
    }

    void run() throws Exception {
      Files.deleteIfExists(path);
      FileSinkOptions options =
          FileSinkOptions.defaults()
              .withDurability(random.nextInt(4) == 0 ? Durability.DATA : Durability.NONE)
              .withMaxBytes(random.nextLong(1, 64) * 1000);
      Sink sink;
      try {
        sink = Sinks.file(engine, path, options);
      } catch (IOException e) {
        // A fault at its opening.
        assertThat(path).doesNotExist();
        return;
      }
      boolean complete = use(sink);
      if (complete) {
        assertThat(Files.size(path)).isEqualTo(given.get()).isEqualTo(sink.taken());
        byte[] all = Files.readAllBytes(path);
        for (int i = 0; i < all.length; i++) {
          assertThat(all[i]).isPositive();
        }
      } else {
        assertThat(path).doesNotExist();
      }
    }

    /// @return whether it was completed
    private boolean use(Sink sink) throws Exception {
      List<Thread> senders = new ArrayList<>();
      for (int i = 0; i < random.nextInt(1, 4); i++) {
        SplittableRandom own = random.split();
        senders.add(Thread.ofVirtual().start(() -> send(sink, own)));
      }
      int ending = random.nextInt(4);
      if (ending == 3) {
        // Those who send go on until they are refused, or have sent all.
        senders.getFirst().interrupt();
      } else {
        for (int i = random.nextInt(2000); i > 0; i--) {
          Thread.onSpinWait();
        }
      }
      boolean complete = false;
      try (sink) {
        switch (ending) {
          case 0 -> sink.fail(new IOException("on purpose"));
          case 1 -> {}
          case 2 -> {
            // All threads first: what is sent later is refused.
            join(senders);
            sink.complete();
            complete = true;
          }
          default -> {
            join(senders);
            complete = sink.completeAsync().toCompletableFuture().get() >= 0;
          }
        }
      } catch (IOException | ExecutionException e) {
        complete = false;
      }
      join(senders);
      return complete;
    }

    private static void join(List<Thread> senders) throws InterruptedException {
      for (Thread each : senders) {
        each.join();
      }
    }

    private void send(Sink sink, SplittableRandom own) {
      try {
        for (int i = own.nextInt(30); i > 0; i--) {
          int size = own.nextInt(1, own.nextBoolean() ? 100 : 3 * BLOCK);
          IoBuffer buffer = engine.pool().acquire(size);
          buffer.segment().fill((byte) own.nextInt(1, 127));
          Bytes bytes = buffer.freeze();
          if (own.nextInt(3) == 0) {
            if (!sink.offer(bytes)) {
              bytes.close();
              continue;
            }
          } else {
            sink.send(bytes);
          }
          given.addAndGet(size);
          if (own.nextInt(10) == 0) {
            sink.flush();
          }
        }
      } catch (IOException | IllegalStateException e) {
        // The sink is over, or this thread was interrupted: what was given is told by the file.
        assertThat(e).hasMessageNotContaining("close of bytes");
      }
    }
  }
}
