package io.ringwell.bench;

import io.ringwell.engine.Engine;
import io.ringwell.search.Search;
import io.ringwell.search.SearchOptions;
import io.ringwell.search.SearchResult;
import io.ringwell.search.SearchRoute;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/// A search in this JVM, by each route and number of threads, beside ripgrep's process with and
/// without maps: alternating, after five passes of warming up, median of seven. Whatever is
/// searched is in the page cache after that, but for the route past it.
///
/// Arguments: `PATTERN PATH...`. `-Dringwell.search.libc=false` has the finder in Java alone,
/// `-Droutes=pread,map` takes these routes alone, `-Djobs=2` these numbers of threads, `-Drounds=7`
/// so many rounds. Passes are counted on standard error.
public final class SearchComparison {
  private static final int WARM_UP = 5;
  private static final int ROUNDS = Integer.getInteger("rounds", 7);

  private SearchComparison() {}

  private record Contender(String name, LongSupplier nanos, List<Long> times) {}

  /// Prints a line for each contender.
  public static void main(String[] args) {
    String pattern = args[0];
    List<String> paths = Arrays.asList(args).subList(1, args.length);
    List<Contender> contenders = new ArrayList<>();
    int[] threads =
        Arrays.stream(System.getProperty("jobs", "1,2,4").split(","))
            .mapToInt(Integer::parseInt)
            .toArray();
    try (Engine engine = Engine.open()) {
      String routes = System.getProperty("routes", "auto,pread,ring,direct,map");
      for (String name : routes.split(",")) {
        SearchRoute route = SearchRoute.valueOf(name.toUpperCase(Locale.ROOT));
        for (int jobs : threads) {
          SearchOptions options = SearchOptions.of(pattern).withRoute(route).withJobs(jobs);
          Search search = Search.of(options);
          contenders.add(
              new Contender(
                  name + " -j" + jobs, () -> searched(search, engine, paths), new ArrayList<>()));
        }
      }
      for (String map : new String[] {"--mmap", "--no-mmap"}) {
        for (int jobs : threads) {
          List<String> command =
              new ArrayList<>(List.of("rg", map, "-j" + jobs, "-e", pattern, "--"));
          command.addAll(paths);
          contenders.add(
              new Contender(
                  "rg " + map + " -j" + jobs, () -> processed(command), new ArrayList<>()));
        }
      }
      for (int round = 0; round < WARM_UP + ROUNDS; round++) {
        for (Contender one : contenders) {
          long nanos = one.nanos().getAsLong();
          if (round >= WARM_UP) {
            one.times().add(nanos);
          }
        }
        System.err.printf("pass %d of %d%n", round + 1, WARM_UP + ROUNDS);
      }
    }
    print(contenders);
  }

  private static void print(List<Contender> contenders) {
    double best = Double.MAX_VALUE;
    for (Contender one : contenders) {
      one.times().sort(null);
      if (one.name().startsWith("rg ")) {
        best = Math.min(best, one.times().get(ROUNDS / 2));
      }
    }
    for (Contender one : contenders) {
      double median = one.times().get(ROUNDS / 2);
      System.out.printf(
          Locale.ROOT,
          "  %-18s %9.1f ms (%.1f-%.1f)  %5.2f x rg%n",
          one.name(),
          median / 1e6,
          one.times().getFirst() / 1e6,
          one.times().getLast() / 1e6,
          best / median);
    }
  }

  private static long searched(Search search, Engine engine, List<String> paths) {
    WritableByteChannel nowhere = Channels.newChannel(OutputStream.nullOutputStream());
    long start = System.nanoTime();
    try {
      SearchResult result = search.run(engine, paths, nowhere, problem -> {});
      if (result.stats().files() == 0) {
        throw new IllegalStateException("nothing was searched");
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return System.nanoTime() - start;
  }

  private static long processed(List<String> command) {
    long start = System.nanoTime();
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return System.nanoTime() - start;
  }
}
