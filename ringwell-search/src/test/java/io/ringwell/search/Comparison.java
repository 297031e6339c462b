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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Compares what the searcher in this JVM tells with what ripgrep does: the lines of each file, in
/// their order, and the exit code. Files come in any order.
final class Comparison {
  private final Path root;
  private final Engine engine;
  private final List<String> differences = new ArrayList<>();
  private int count;

  /// @param root of the paths in cases
  Comparison(Path root, Engine engine) {
    this.root = root;
    this.engine = engine;
  }

  /// How many were compared.
  int count() {
    return count;
  }

  /// Asks ripgrep, too.
  void compare(SearchCase one, SearchOptions options) throws IOException, InterruptedException {
    compare(one, options, Ripgrep.run(root, one.words()));
  }

  /// Asks ripgrep by absolute names: what is above a relative one, ripgrep 13 judges by a wrong
  /// path (15 does not).
  void compareByAbsoluteNames(SearchCase one, SearchOptions options)
      throws IOException, InterruptedException {
    List<String> paths = one.paths().stream().map(path -> root + "/" + path).toList();
    Ripgrep.Answer answer = Ripgrep.run(root, SearchCase.of(options, paths).words());
    compare(
        one,
        options,
        new Ripgrep.Answer(answer.code(), answer.out().replace(root + "/", ""), answer.err()));
  }

  /// Adds the ignore files of a tree to what was found to differ.
  void explain(Path tree) throws IOException {
    if (differences.isEmpty()) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().matches("\\.(git|rg)?ignore|exclude")) {
          differences.add(root.relativize(file) + ":\n" + Files.readString(file));
        }
      }
    }
    assertSame();
  }

  void assertSame() {
    assertThat(differences).as("ours first, ripgrep's second").isEmpty();
  }

  /// Searches with `options`, which may differ in route and threads from what was asked of ripgrep.
  void compare(SearchCase one, SearchOptions options, Ripgrep.Answer expected) throws IOException {
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
    count++;
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
