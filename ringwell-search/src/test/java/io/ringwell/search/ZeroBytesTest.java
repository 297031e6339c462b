package io.ringwell.search;

import io.ringwell.engine.Engine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Zero bytes anywhere in a file, beside ripgrep: what it has told of when it meets one depends on
/// its reads. `-Dringwell.seed=N` replays a run.
class ZeroBytesTest {
  private static final int[] JOBS = {1, 2, 8};
  private static final int SMALL_BYTES = 700_000;

  /// From twice [SplitSearch#PART_BYTES] on, a file is searched in parts.
  private static final int LARGE_BYTES = 10 << 20;

  @TempDir static Path root;

  private static Engine engine;
  private static Random random;

  @BeforeAll
  static void prepare() throws IOException, InterruptedException {
    Ripgrep.require();
    random = Seed.random(ZeroBytesTest.class);
    Files.createDirectories(root.resolve("empty"));
    engine = Engine.open();
  }

  @AfterAll
  static void closeEngine() {
    if (engine != null) {
      engine.close();
    }
  }

  private Comparison comparison;

  @BeforeEach
  void start() {
    comparison = new Comparison(root, engine);
  }

  @Test
  void aZeroByteAnywhereInAFileMeansWhatItMeansToRipgrep() throws Exception {
    for (int i = 0; i < 20; i++) {
      compare(SMALL_BYTES, 9);
    }
    comparison.assertSame();
  }

  @Test
  void aZeroByteAnywhereInAFileOfManyPartsMeansWhatItMeansToRipgrep() throws Exception {
    for (int i = 0; i < 4; i++) {
      compare(LARGE_BYTES, 6);
    }
    comparison.assertSame();
  }

  @Test
  @Tag("soak")
  void zeroBytesAnywhereMeanWhatTheyMeanToRipgrepForLong() throws Exception {
    long end = System.nanoTime() + Seed.soakNanos() / 3;
    while (System.nanoTime() - end < 0) {
      compare(random.nextInt(8) == 0 ? LARGE_BYTES : SMALL_BYTES, 18);
      comparison.assertSame();
    }
    System.out.println("ZeroBytesTest: " + comparison.count() + " searches were the same");
  }

  /// A file of its own for each: ripgrep's buffer keeps the size that an earlier file gave it.
  private void compare(int most, int searches) throws Exception {
    Path file = root.resolve("tree/file");
    Files.createDirectories(file.getParent());
    byte[] text = text(most / 2 + random.nextInt(most / 2));
    zeros(text);
    Files.write(file, text);
    List<List<String>> paths =
        List.of(List.of("tree"), List.of("tree/file"), List.of("tree/file", "empty"));
    SearchOptions.Output[] outputs = SearchOptions.Output.values();
    SearchRoute[] routes = SearchRoute.values();
    int first = random.nextInt(18);
    for (int i = first; i < first + searches; i++) {
      SearchOptions options =
          SearchOptions.of(random.nextInt(8) == 0 ? "^" : "foo")
              .withOutput(outputs[i % 3])
              .withLineNumbers(random.nextBoolean())
              .withUnrestricted(i / 9 % 2 * 3);
      SearchCase one = SearchCase.of(options, paths.get(i / 3 % 3));
      comparison.compare(
          one,
          options
              .withRoute(routes[random.nextInt(routes.length)])
              .withJobs(JOBS[random.nextInt(JOBS.length)]));
    }
  }

  private static byte[] text(int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (random.nextInt(5) == 0) {
      out.writeBytes("\ufeff".getBytes(StandardCharsets.UTF_8));
    }
    boolean longLines = random.nextInt(3) == 0;
    int every = 1 << random.nextInt(14);
    int usual = 1 << random.nextInt(9);
    while (out.size() < size) {
      int length = random.nextInt(usual);
      if (longLines && random.nextInt(5000) == 0) {
        length = random.nextInt(400_000);
      }
      if (random.nextInt(every) == 0) {
        out.writeBytes("foo".getBytes(StandardCharsets.UTF_8));
      }
      out.writeBytes("x".repeat(length).getBytes(StandardCharsets.UTF_8));
      out.write('\n');
    }
    return out.toByteArray();
  }

  /// Often where ripgrep's buffers, our blocks or our parts may end.
  private static void zeros(byte[] text) {
    List<Integer> at = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      int place = random.nextInt(text.length);
      if (random.nextInt(3) == 0) {
        place = place / FillChain.BUFFER_BYTES * FillChain.BUFFER_BYTES + random.nextInt(9) - 4;
      }
      if (random.nextInt(12) == 0) {
        place = random.nextInt(8);
      }
      at.add(Math.clamp(place, 0, text.length - 1));
    }
    for (int place : at) {
      text[place] = 0;
    }
  }
}
