package io.ringwell.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.engine.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
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
  private static final int CASES = 200;
  private static final int FEW_CASES = 45;

  @TempDir static Path root;

  private static Engine engine;
  private static long seed;

  @BeforeAll
  static void makeCorpus() throws IOException, InterruptedException {
    Ripgrep.require();
    seed = Seed.of(RipgrepTest.class);
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
    Comparison comparison = new Comparison(root, engine);
    compare(comparison, FEW_CASES, false);
    comparison.assertSame();
  }

  @Test
  @Tag("soak")
  void manyCasesAreAnsweredAsByRipgrepOnEveryRouteWithEveryNumberOfThreads() throws Exception {
    Comparison comparison = new Comparison(root, engine);
    long end = System.nanoTime() + Seed.soakNanos();
    int cases = 0;
    // However slow the machine is, as many cases as were promised.
    while (cases < CASES || System.nanoTime() - end < 0) {
      compare(comparison, 10, true);
      compare(comparison, 30, false);
      comparison.assertSame();
      cases += 10;
      seed++;
    }
    assertThat(comparison.count())
        .isGreaterThanOrEqualTo(CASES * SearchRoute.values().length * JOBS.length);
    System.out.println("RipgrepTest: " + comparison.count() + " searches were the same");
  }

  private static void compare(Comparison comparison, int cases, boolean all) throws Exception {
    SearchRoute[] routes = SearchRoute.values();
    int turn = 0;
    for (int i = 0; i < cases; i++) {
      SearchCase one = SearchCase.random(new Random(seed * 1000 + i));
      Ripgrep.Answer expected = Ripgrep.run(root, one.words());
      for (int r = 0; r < routes.length; r++) {
        for (int j = 0; j < JOBS.length; j++) {
          if (all || turn % (routes.length * JOBS.length) == r * JOBS.length + j) {
            SearchOptions options = one.options().withRoute(routes[r]).withJobs(JOBS[j]);
            comparison.compare(one, options, expected);
          }
        }
      }
      turn++;
    }
  }
}
