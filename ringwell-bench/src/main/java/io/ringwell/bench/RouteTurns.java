package io.ringwell.bench;

import io.ringwell.engine.Engine;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.ReaderSet;
import io.ringwell.window.Readiness;
import io.ringwell.window.Route;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the planner chooses by itself beside each route that it could have chosen, forced: the same
/// work by each in turn. A long of each 64 bytes is looked at, so that the bytes have to be there.
///
/// Maps are shown, too, though the planner takes them only where it is allowed to.
final class RouteTurns {
  private static final int STEP_BYTES = 64;
  private static final int RANDOM_WINDOW = 64 << 10;
  private static final int RANDOM_READS = 4000;
  private static final int SET = 64;
  private static final int SMALL_FILES = 5000;
  private static final String AUTO = "auto";
  private static final List<Route> ROUTES =
      List.of(Route.PREAD_NOWAIT, Route.RING, Route.DIRECT, Route.UNCACHED, Route.MAPPED);

  /// `-Dworks=REGEX` runs the works in whose name it finds itself.
  private static final Pattern WORKS = Pattern.compile(System.getProperty("works", ""));

  private final Engine engine;
  private final DataFile cached;
  private final DataFile large;
  private final List<Path> small;
  private String plan = "";

  /// @param cached a file that fits into the page cache well
  /// @param large one that is read cold
  RouteTurns(Engine engine, DataFile cached, DataFile large, List<Path> small) {
    this.engine = engine;
    this.cached = cached;
    this.large = large;
    this.small = small.subList(0, SMALL_FILES);
  }

  /// Returns what was done, in bytes.
  private interface Work {
    long run(ReaderOptions options) throws IOException;
  }

  void run() throws Exception {
    // What lies below the page cache may keep what was read once: so all meet it alike.
    large.warm();
    for (Path path : small) {
      Files.readAllBytes(path);
    }
    ReaderOptions plain = ReaderOptions.defaults();
    ReaderOptions up = plain.withHint(AccessHint.SEQUENTIAL);
    ReaderOptions down = plain.withHint(AccessHint.BACKWARD);
    ReaderOptions random =
        plain.withHint(AccessHint.RANDOM).withMaxWindow(RANDOM_WINDOW).withMaxBytes(16 << 20);
    compete("sequential, warm", false, up, options -> up(cached, options));
    compete("backward, warm", false, down, options -> down(cached, options));
    compete("random 64 KiB, warm", false, random, options -> random(cached, options));
    compete("sequential, cold", true, up, options -> up(large, options));
    compete("backward, cold", true, down, options -> down(large, options));
    compete("random 64 KiB, cold", true, random, options -> random(large, options));
    compete("small files in a set, cold", true, plain.withHint(AccessHint.WHOLE), this::files);
  }

  private void compete(String name, boolean cold, ReaderOptions options, Work work)
      throws Exception {
    if (!WORKS.matcher(name).find()) {
      return;
    }
    System.out.println(name);
    if (!cold) {
      cached.warm();
    }
    Contest contest = new Contest("MiB/s", cold ? 0 : 1);
    contest.add(AUTO, () -> timed(work, options, cold, null));
    for (Route route : ROUTES) {
      contest.add(route.name(), () -> timed(work, options, cold, route));
    }
    Map<String, Double> medians = contest.run();
    Double auto = medians.remove(AUTO);
    medians.remove(Route.MAPPED.name());
    if (auto != null && !medians.isEmpty()) {
      Map.Entry<String, Double> best =
          medians.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
      System.out.printf(
          Locale.ROOT, "auto is %.2f x %s: %s%n", auto / best.getValue(), best.getKey(), plan);
    }
  }

  private double timed(Work work, ReaderOptions options, boolean cold, @Nullable Route route)
      throws IOException {
    ReaderOptions by =
        route == null
            ? options
            : (route == Route.MAPPED ? options.allowMapped() : options).withRoute(route);
    if (cold) {
      DataFile.dropAll();
    }
    long start = System.nanoTime();
    long bytes = work.run(by);
    return bytes / 1048576.0 / ((System.nanoTime() - start) / 1e9);
  }

  private ManagedReader open(Path path, ReaderOptions options) throws IOException {
    return ManagedReader.open(engine, path, options);
  }

  /// Keeps what an automatic reader did, for the report.
  private void note(ManagedReader reader, ReaderOptions options) {
    if (options.route() == null) {
      plan = reader.plan().toString();
    }
  }

  static long look(MemorySegment bytes) {
    long sum = 0;
    for (int at = 0; at <= bytes.byteSize() - Long.BYTES; at += STEP_BYTES) {
      sum += bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }
    return sum;
  }

  /// Nobody takes a sum away that may end the program.
  static void use(long sum) {
    if (sum == Long.MIN_VALUE + 1) {
      throw new IllegalStateException("unlikely");
    }
  }

  private long up(DataFile file, ReaderOptions options) throws IOException {
    long sum = 0;
    long at = 0;
    try (ManagedReader reader = open(file.path(), options)) {
      while (at < file.bytes() && reader.await(at) == Readiness.READY) {
        sum += look(reader.window().segment());
        at = reader.window().end();
      }
      note(reader, options);
    }
    use(sum);
    return at;
  }

  private long down(DataFile file, ReaderOptions options) throws IOException {
    long sum = 0;
    long at = file.bytes();
    try (ManagedReader reader = open(file.path(), options)) {
      while (at > 0) {
        if (reader.await(at - 1) != Readiness.READY) {
          throw new EOFException("ends before " + at);
        }
        sum += look(reader.window().segment());
        at = reader.window().position();
      }
      note(reader, options);
    }
    use(sum);
    return file.bytes();
  }

  private long random(DataFile file, ReaderOptions options) throws IOException {
    long sum = 0;
    SplittableRandom random = new SplittableRandom(1);
    try (ManagedReader reader = open(file.path(), options)) {
      for (int i = 0; i < RANDOM_READS; i++) {
        long at = random.nextLong(file.bytes() / RANDOM_WINDOW) * RANDOM_WINDOW;
        if (reader.await(at, RANDOM_WINDOW / 2) != Readiness.READY) {
          throw new EOFException("ends before " + at);
        }
        sum += look(reader.window().segment());
      }
      note(reader, options);
    }
    use(sum);
    return (long) RANDOM_READS * RANDOM_WINDOW;
  }

  /// So many at a time, each closed once it was looked at.
  private long files(ReaderOptions options) throws IOException {
    long bytes = 0;
    for (int from = 0; from < small.size(); from += SET) {
      List<Path> paths = small.subList(from, Math.min(from + SET, small.size()));
      try (ReaderSet set = ReaderSet.of(engine)) {
        List<ManagedReader> ask = new ArrayList<>();
        for (Path path : paths) {
          ManagedReader reader = open(path, options);
          set.add(reader);
          ask.add(reader);
        }
        do {
          for (ManagedReader reader : ask) {
            if (reader.seek(0) != Readiness.NOT_READY) {
              use(look(reader.window().segment()));
              bytes += reader.window().length();
              note(reader, options);
              reader.close();
            }
          }
          ask.clear();
        } while (set.await(ask, 1, Duration.ofMinutes(1)) > 0);
      }
    }
    return bytes;
  }
}
