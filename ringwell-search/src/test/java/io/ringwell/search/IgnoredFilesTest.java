package io.ringwell.search;

import io.ringwell.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trees with random ignore files at every level, beside ripgrep: the same files are searched.
/// `-Dringwell.seed=N` replays a run.
class IgnoredFilesTest {
  private static final int ROUNDS = 25;
  private static final int[] JOBS = {1, 2, 8};
  private static final List<String> NAMES =
      List.of("a", "b", "ab", "a.c", "b.o", ".a", "a b", "#a", "!a", "[a]", "a*", "é", "B", "-b");
  private static final List<String> PIECES =
      List.of(
          "a",
          "b",
          "ab",
          "*",
          "**",
          "/",
          "/",
          "*.c",
          "*.o",
          "?",
          "[ab]",
          "[!a]",
          "[a-c]",
          "\\",
          ".",
          "{a,b}",
          "\\*",
          "\\[",
          " ",
          "é",
          "c",
          "[",
          "]",
          "a*",
          "*b",
          "**/",
          "/**",
          "[]a]",
          "B",
          "\\ ",
          "{a,{b,c}}",
          "[^b]",
          "/*",
          "\\!",
          "\\#");
  private static final List<String> FILES = List.of(".gitignore", ".ignore", ".rgignore");

  @TempDir static Path root;

  private static Engine engine;
  private static Random random;

  @BeforeAll
  static void prepare() throws IOException, InterruptedException {
    Ripgrep.require();
    random = Seed.random(IgnoredFilesTest.class);
    engine = Engine.open();
  }

  @AfterAll
  static void closeEngine() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void theSameFilesAreIgnoredAsByRipgrep() throws Exception {
    compare(ROUNDS);
  }

  @Test
  @Tag("soak")
  void theSameFilesAreIgnoredAsByRipgrepForLong() throws Exception {
    long end = System.nanoTime() + Seed.soakNanos() / 3;
    while (System.nanoTime() - end < 0) {
      compare(10);
    }
  }

  private static void compare(int rounds) throws Exception {
    Comparison comparison = new Comparison(root, engine);
    for (int round = 0; round < rounds; round++) {
      Path tree = root.resolve("t");
      List<String> directories = new ArrayList<>();
      make(tree, "t", 0, directories);
      for (int i = 0; i < 3; i++) {
        List<String> paths = new ArrayList<>(List.of("t"));
        if (random.nextInt(3) > 0) {
          // Rules of the directories above hold, too.
          paths = List.of(directories.get(random.nextInt(directories.size())));
        }
        SearchOptions options =
            SearchOptions.of("^")
                .withOutput(SearchOptions.Output.FILES)
                .withUnrestricted(Math.max(0, random.nextInt(6) - 3))
                .withJobs(JOBS[random.nextInt(JOBS.length)]);
        comparison.compareByAbsoluteNames(SearchCase.of(options, paths), options);
      }
      comparison.explain(tree);
      delete(tree);
    }
    comparison.assertSame();
  }

  private static void make(Path directory, String name, int depth, List<String> directories)
      throws IOException {
    Files.createDirectories(directory);
    directories.add(name);
    for (String entry : NAMES) {
      if (random.nextInt(3) > 0) {
        continue;
      }
      if (depth < 3 && random.nextInt(3) > 0) {
        make(directory.resolve(entry), name + "/" + entry, depth + 1, directories);
      } else {
        Files.writeString(directory.resolve(entry), "x\n");
      }
    }
    if (random.nextInt(depth == 0 ? 2 : 8) == 0) {
      Files.createDirectories(directory.resolve(".git/info"));
      if (random.nextBoolean()) {
        Files.writeString(directory.resolve(".git/info/exclude"), rules());
      }
    }
    for (String file : FILES) {
      if (random.nextInt(3) == 0) {
        Files.writeString(directory.resolve(file), rules());
      }
    }
  }

  private static String rules() {
    StringBuilder rules = new StringBuilder();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      rules.append(random.nextInt(3) == 0 ? "!" : "");
      rules.append(random.nextInt(5) == 0 ? "/" : "");
      int pieces = 1 + random.nextInt(3);
      for (int p = 0; p < pieces; p++) {
        rules.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      rules.append(random.nextInt(5) == 0 ? "/" : "");
      rules.append(random.nextInt(8) == 0 ? " " : "");
      rules.append(random.nextInt(8) == 0 ? "\r\n" : "\n");
    }
    if (random.nextInt(4) == 0) {
      rules.setLength(rules.length() - 1);
    }
    return rules.toString();
  }

  private static void delete(Path tree) throws IOException {
    List<Path> all;
    try (Stream<Path> paths = Files.walk(tree)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
