package io.ringwell.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Something to search for, with the words that ask ripgrep for the same.
record SearchCase(SearchOptions options, List<String> paths, List<String> words) {
  private static final List<String> TEXTS =
      List.of(
          "foo",
          "bar",
          "FOO",
          "task",
          "größe",
          "λόγος",
          "needle",
          "zyx",
          "日本語",
          "x",
          "",
          "42",
          "if (x) {",
          "return 0;",
          "aaa",
          "e\u0301",
          "nothing has this",
          " ",
          "oo",
          "\t",
          "k",
          "s");

  /// Flags are in groups: ripgrep 13 joins patterns so that those of one reach into the next.
  private static final List<String> PATTERNS =
      List.of(
          "fo+",
          "^foo",
          "bar$",
          "^$",
          "^",
          "$",
          ".",
          "\\bfoo\\b",
          "\\w+\\s\\d+",
          "[fb]o+",
          "a|b|zyx",
          "foo|task",
          "(foo|bar)+ x",
          "x{2,3}",
          "a{3}",
          "[^a-z ]+$",
          "\\d\\d",
          "\\p{Greek}+",
          "\\p{Lu}\\p{Ll}+",
          "gr.sse?",
          "[[:upper:]]{3}",
          "\\Bo",
          "o\\B",
          "\\bλ",
          "日.語",
          "\\S+\\t",
          "needle$",
          "v+ needle",
          "(?i:foo)",
          "(?i:größe)",
          "e.$",
          "\\W{3}",
          "[α-ω]+ς?",
          "(a|b)*c|zyx",
          "r(e)?turn\\s+0",
          "\\}",
          "^\\s*\\}",
          "x*",
          "(foo)?bar",
          "[\\w--\\d]+_",
          "\\x41|\\u{3bb}",
          "(?x: f o # o\n o)",
          "task\\r?$",
          "\\r$",
          "[^x]*x$",
          "^.{3}$",
          "^..?$",
          "(?P<n>zyx)",
          "\\pN+",
          "[^\\p{L}]zyx",
          "😀",
          "^[^f]*foo",
          "if \\(x\\) \\{",
          "\\bk|s\\b",
          "\\b\\w{5}\\b",
          "e\\b_",
          "\\B",
          "\\b[^a-z]\\b",
          "ſ",
          "\u212a");

  private static final List<String> PATHS =
      List.of(
          "t",
          "t/",
          "./t",
          "plain",
          "big/other",
          "plain/q.md",
          "t/src",
          "big/large",
          "plain/late",
          "plain/binary",
          "plain/bom8",
          "plain/bom16",
          "plain/empty",
          "plain/long",
          "plain/invalid",
          "t/inner",
          "t/target",
          "t/.hidden",
          "plain/crlf",
          "plain/link",
          "plain/linked",
          "t/doc/mit leer",
          "plain/missing",
          "t/.dot",
          "plain/bom16le",
          "plain/feeds");

  static SearchCase random(Random random) {
    boolean fixed = random.nextInt(3) == 0;
    List<String> patterns = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1;
    for (int i = 0; i < count; i++) {
      List<String> from = fixed || random.nextInt(3) == 0 ? TEXTS : PATTERNS;
      String pattern = pick(from, random);
      String meant = fixed || from.equals(PATTERNS) ? pattern : quote(pattern);
      // Joined by ripgrep, a group with a name could not be there twice.
      if (!patterns.contains(meant)) {
        patterns.add(meant);
      }
    }
    boolean ignoreCase = random.nextInt(3) == 0;
    boolean numbers = random.nextBoolean();
    SearchOptions.Output output =
        switch (random.nextInt(5)) {
          case 0 -> SearchOptions.Output.COUNT;
          case 1 -> SearchOptions.Output.FILES;
          default -> SearchOptions.Output.LINES;
        };
    int unrestricted = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
    List<String> paths = new ArrayList<>();
    int pathCount = random.nextInt(3) == 0 ? 2 + random.nextInt(3) : 1;
    for (int i = 0; i < pathCount; i++) {
      String path = pick(PATHS, random);
      if (!paths.contains(path)) {
        paths.add(path);
      }
    }
    SearchOptions options =
        SearchOptions.of(patterns.toArray(String[]::new))
            .withFixed(fixed)
            .withIgnoreCase(ignoreCase)
            .withLineNumbers(numbers)
            .withOutput(output)
            .withUnrestricted(unrestricted);
    return of(options, paths);
  }

  static SearchCase of(SearchOptions options, List<String> paths) {
    List<String> words = new ArrayList<>();
    words.addAll(options.fixed() ? List.of("-F") : List.of());
    words.addAll(options.ignoreCase() ? List.of("-i") : List.of());
    words.addAll(options.lineNumbers() ? List.of("-n") : List.of());
    words.addAll(
        switch (options.output()) {
          case LINES -> List.of();
          case COUNT -> List.of("-c");
          case FILES -> List.of("-l");
        });
    for (int i = 0; i < options.unrestricted(); i++) {
      words.add("-u");
    }
    for (String pattern : options.patterns()) {
      words.add("-e");
      words.add(options.patterns().size() > 1 ? closed(pattern) : pattern);
    }
    words.add("--");
    words.addAll(paths);
    return new SearchCase(options, paths, words);
  }

  /// ripgrep 13 joins patterns, so that one's flags hold in those behind it; 14 does not, nor do
  /// we.
  private static String closed(String pattern) {
    return pattern.matches("(?s)\\(\\?[ix]\\).*") ? "(?:" + pattern + ")" : pattern;
  }

  /// As a regular expression that means itself, without what ripgrep 13 does not take.
  private static String quote(String text) {
    return text.replaceAll("[\\\\.+*?()|\\[\\]{}^$]", "\\\\$0");
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }
}
