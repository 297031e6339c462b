package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several readers of one file that grows, within one narrow bound, used at random in every way:
/// each answer is what the file had when it was asked.
@Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReaderModelTest {
  private static final int MOST = 1_500_000;
  private static final int KIB = 1024;

  /// What the long form takes at the most.
  private static final long SECONDS = Long.getLong("ringwell.soak.seconds", 600);

  private Scratch scratch;

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch();
  }

  @AfterEach
  void close() throws IOException {
    scratch.close();
  }

  @Test
  void everyAnswerIsWhatTheFileHas() throws IOException {
    rounds(30);
  }

  @Test
  @Tag("soak")
  void everyAnswerIsWhatTheFileHasForLong() throws IOException {
    rounds(10_000);
  }

  private void rounds(int count) throws IOException {
    Long given = Long.getLong("ringwell.seed");
    long first = given != null ? given : 1;
    int rounds = given != null ? 1 : count;
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    for (long seed = first; seed < first + rounds && System.nanoTime() < end; seed++) {
      try {
        new Round(seed).run();
      } catch (AssertionError | IOException | RuntimeException e) {
        throw new AssertionError("-Dringwell.seed=" + seed + ": " + e, e);
      }
    }
  }

  /// One file, and what uses it.
  private final class Round {
    private final SplittableRandom random;
    private final byte[] all;
    private final Path file;
    private final WindowMemory memory;
    private final List<ManagedReader> readers = new ArrayList<>();
    private final List<Bytes> kept = new ArrayList<>();
    private final List<Long> keptAt = new ArrayList<>();
    private int size;

    Round(long seed) throws IOException {
      random = new SplittableRandom(seed);
      all = Scratch.pattern(seed, MOST);
      size = random.nextInt(200_000);
      file = scratch.file("model" + seed, Arrays.copyOf(all, size));
      memory = WindowMemory.of(scratch.engine.pool(), random.nextLong(512, 4096) * KIB);
    }

    void run() throws IOException {
      try (ReaderSet set = ReaderSet.of(scratch.engine)) {
        for (int i = 0; i < 4; i++) {
          readers.add(ManagedReader.open(scratch.engine, file, options()));
        }
        set.add(readers.get(2));
        set.add(readers.get(3));
        for (int step = 0; step < 300; step++) {
          step(set);
        }
      } finally {
        for (ManagedReader each : readers) {
          each.close();
        }
        for (Bytes each : kept) {
          each.close();
        }
      }
      assertThat(memory.usedBytes()).isZero();
      Files.delete(file);
    }

    private ReaderOptions options() {
      Route[] routes = {null, Route.RING, Route.PREAD_NOWAIT, Route.MAPPED};
      @Nullable Route route = routes[random.nextInt(routes.length)];
      AccessHint[] hints = AccessHint.values();
      ReaderOptions options =
          ReaderOptions.defaults()
              .withMemory(memory)
              .withBounds(128 * KIB, 512 * KIB)
              .withWindowSize(random.nextInt(3) == 0 ? random.nextInt(1, 9) * 4L * KIB : 0)
              .withHint(hints[random.nextInt(hints.length)]);
      options = route == Route.MAPPED ? options.allowMapped() : options;
      return route == null ? options : options.withRoute(route);
    }

    private void step(ReaderSet set) throws IOException {
      ManagedReader reader = readers.get(random.nextInt(readers.size()));
      switch (random.nextInt(20)) {
        case 0, 1 -> grow();
        case 2 -> reader.trim();
        case 3 -> reader.windowSize(random.nextInt(0, 4) * 16L * KIB);
        case 4 -> set.poll(new ArrayList<>());
        case 5 -> dropKept();
        default -> seek(set, reader);
      }
    }

    private void grow() throws IOException {
      int more = random.nextInt(1, random.nextBoolean() ? 100 : 50_000);
      int to = Math.min(MOST, size + more);
      Files.write(file, Arrays.copyOfRange(all, size, to), StandardOpenOption.APPEND);
      size = to;
    }

    private void dropKept() {
      if (!kept.isEmpty()) {
        int index = random.nextInt(kept.size());
        long at = keptAt.remove(index);
        try (Bytes bytes = kept.remove(index)) {
          expect(at, bytes.toArray());
        }
      }
    }

    private void expect(long at, byte[] bytes) {
      assertThat(bytes).isEqualTo(Arrays.copyOfRange(all, (int) at, (int) at + bytes.length));
    }

    private void seek(ReaderSet set, ManagedReader reader) throws IOException {
      long position =
          switch (random.nextInt(4)) {
            case 0 -> Math.max(0, size - random.nextInt(1, 5000));
            case 1 -> size + random.nextInt(3);
            default -> random.nextInt(size + 1);
          };
      long atLeast = random.nextBoolean() ? 1 : random.nextLong(1, reader.mostAtLeast() + 1);
      Readiness answer = answer(set, reader, position, atLeast);
      if (position >= size) {
        assertThat(answer).isEqualTo(Readiness.END);
        return;
      }
      assertThat(answer).as("at %d of %d", position, size).isEqualTo(Readiness.READY);
      Window window = reader.window();
      assertThat(window.position()).isLessThanOrEqualTo(position);
      assertThat(window.end()).isGreaterThanOrEqualTo(Math.min(position + atLeast, size));
      expect(window.position(), window.segment().toArray(ValueLayout.JAVA_BYTE));
      if (random.nextInt(8) == 0 && kept.size() < 40) {
        keptAt.add(position);
        kept.add(reader.detach(position, window.end() - position));
      }
    }

    /// Parks, polls, or waits in the set.
    private Readiness answer(ReaderSet set, ManagedReader reader, long position, long atLeast)
        throws IOException {
      boolean parking = random.nextBoolean();
      while (true) {
        try {
          Readiness answer = reader.seek(position, atLeast);
          if (answer == Readiness.NOT_READY && parking) {
            answer = reader.await(position, atLeast);
          }
          if (answer != Readiness.NOT_READY) {
            return answer;
          }
        } catch (NoWindowMemoryException e) {
          // Others have what this one insists on: they move on.
          for (ManagedReader each : readers) {
            each.seek(Long.MAX_VALUE);
            each.trim();
          }
        }
        set.await(new ArrayList<>(), 1, Duration.ofMillis(1));
      }
    }
  }
}
