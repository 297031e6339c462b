package io.ringwell.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same cases for ripgrep and for the searcher in this JVM: the same lines, the same exit code.
///
/// `-Dringwell.seed=N` replays a run.
class RipgrepTest {
  private static final int[] JOBS = {1, 2, 8};

  @TempDir static Path root;

  private static Engine engine;
  private static long seed;

  @BeforeAll
  static void makeCorpus() throws IOException, InterruptedException {
    Ripgrep.require();
    seed = Long.getLong("ringwell.seed", ThreadLocalRandom.current().nextLong());
    System.out.println("RipgrepTest: -Dringwell.seed=" + seed);
    Corpus.make(root, new Random(seed));
    engine = Engine.open();
  }

  @AfterAll
  static void closeEngine() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void generatedCasesAreAnsweredAsByRipgrepOnEveryRoute() throws Exception {
    // Each on one route with one number of threads; in all, on each with each.
    compare(200, false);
  }

  @Test
  @Tag("soak")
  void manyCasesAreAnsweredAsByRipgrepOnEveryRouteWithEveryNumberOfThreads() throws Exception {
    long minutes = Long.getLong("ringwell.soak.minutes", 10);
    long end = System.nanoTime() + minutes * 60_000_000_000L;
    while (System.nanoTime() - end < 0) {
      compare(10, true);
      seed++;
    }
  }

  @Test
  void binaryFilesAreToldOfWhereverInTheFirstBlockTheirZeroIs() throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 12; i++) {
      // Within the first block: see ZeroWatch.
      int zero = random.nextInt(200_000);
      byte[] text = "some foo here\nand bar\n\n".repeat(20_000).getBytes(StandardCharsets.UTF_8);
      text[zero] = 0;
      Path tree = Files.createDirectories(root.resolve("zero" + i));
      Files.write(tree.resolve("file"), text);
      for (SearchOptions.Output output : SearchOptions.Output.values()) {
        for (int unrestricted : new int[] {0, 3}) {
          for (String path : List.of("zero" + i, "zero" + i + "/file")) {
            SearchOptions options =
                SearchOptions.of("foo|^$").withOutput(output).withUnrestricted(unrestricted);
            SearchCase one = SearchCase.of(options, List.of(path));
            compare(one, options.withJobs(1), Ripgrep.run(root, one.words()));
          }
        }
      }
    }
    assertThat(differences).as("ours first, ripgrep's second").isEmpty();
  }

  private final List<String> differences = new ArrayList<>();

  private void compare(int cases, boolean all) throws Exception {
    SearchRoute[] routes = SearchRoute.values();
    int turn = 0;
    for (int i = 0; i < cases; i++) {
      SearchCase one = SearchCase.random(new Random(seed * 1000 + i));
      Ripgrep.Answer expected = Ripgrep.run(root, one.words());
      for (int r = 0; r < routes.length; r++) {
        for (int j = 0; j < JOBS.length; j++) {
          if (all || turn % (routes.length * JOBS.length) == r * JOBS.length + j) {
            SearchOptions options = one.options().withRoute(routes[r]).withJobs(JOBS[j]);
            compare(one, options, expected);
          }
        }
      }
      turn++;
    }
    assertThat(differences).as("ours first, ripgrep's second").isEmpty();
  }

  private void compare(SearchCase one, SearchOptions options, Ripgrep.Answer expected)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<IOException> problems = new ArrayList<>();
    List<String> paths = one.paths().stream().map(path -> root + "/" + path).toList();
    int code;
    String what = "rg " + one.words() + " on " + options.route() + " with " + options.jobs();
    try {
      SearchResult result =
          Search.of(options).run(engine, paths, Channels.newChannel(out), problems::add);
      code = result.failed() ? 2 : result.matched() ? 0 : 1;
    } catch (BadPatternException e) {
      code = 2;
    }
    String text = out.toString(StandardCharsets.ISO_8859_1).replace(root + "/", "");
    differences(files(text), files(expected.out()))
        .forEach(difference -> differences.add(what + ": " + difference));
    if (code != expected.code()) {
      differences.add(
          what + ": " + code + " and not " + expected.code() + expected.err() + problems);
    }
  }

  private static List<String> differences(
      Map<String, List<String>> ours, Map<String, List<String>> theirs) {
    List<String> found = new ArrayList<>();
    Set<String> files = new TreeSet<>(ours.keySet());
    files.addAll(theirs.keySet());
    for (String file : files) {
      List<String> our = ours.getOrDefault(file, List.of());
      List<String> their = theirs.getOrDefault(file, List.of());
      for (int i = 0; i < Math.max(our.size(), their.size()); i++) {
        String one = i < our.size() ? our.get(i) : "nothing";
        String other = i < their.size() ? their.get(i) : "nothing";
        if (!one.equals(other)) {
          found.add(
              "line "
                  + i
                  + " of what is told of '"
                  + cut(file)
                  + "':\n"
                  + cut(one)
                  + "\n"
                  + cut(other));
          break;
        }
      }
    }
    return found;
  }

  private static String cut(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "... of " + text.length();
  }

  /// Output of several files by file: each in its order, and they in the alphabet's.
  private static Map<String, List<String>> files(String text) {
    Map<String, List<String>> files = new TreeMap<>();
    for (String line : Arrays.asList(text.split("\n", -1))) {
      int colon = line.indexOf(':');
      String file = colon < 0 ? line : line.substring(0, colon);
      files.computeIfAbsent(file, name -> new ArrayList<>()).add(line);
    }
    return files;
  }
}
