package io.ringwell.search;

import java.util.List;

/// What to look for, where, and what to tell. Start from [#of].
///
/// @param patterns of which one must match; at least one
/// @param fixed whether they are texts and not regular expressions
/// @param ignoreCase by Unicode's simple case folding
/// @param output what is told of a file
/// @param lineNumbers whether lines have their numbers, from 1
/// @param unrestricted 0 obeys ignore rules and leaves out hidden and binary files; 1 obeys no
///   rules, 2 looks at hidden files too, 3 at binary ones
/// @param jobs threads that search; 1 to 256
/// @param route how files are read
public record SearchOptions(
    List<String> patterns,
    boolean fixed,
    boolean ignoreCase,
    Output output,
    boolean lineNumbers,
    int unrestricted,
    int jobs,
    SearchRoute route) {
  private static final int MAX_JOBS = 256;

  /// What is told of a file.
  public enum Output {
    /// Its lines that match.
    LINES,
    /// How many there are, where there is one.
    COUNT,
    /// Its name, where there is one.
    FILES
  }

  public SearchOptions {
    patterns = List.copyOf(patterns);
    if (patterns.isEmpty()) {
      throw new IllegalArgumentException("there is no pattern");
    }
    if (unrestricted < 0 || unrestricted > 3) {
      throw new IllegalArgumentException("unrestricted is from 0 to 3, not " + unrestricted);
    }
    if (jobs < 1 || jobs > MAX_JOBS) {
      throw new IllegalArgumentException("jobs is from 1 to " + MAX_JOBS + ", not " + jobs);
    }
  }

  /// Lines that match one of the regular expressions, a thread for each processor.
  public static SearchOptions of(String... patterns) {
    return new SearchOptions(
        List.of(patterns),
        false,
        false,
        Output.LINES,
        false,
        0,
        Math.min(MAX_JOBS, Runtime.getRuntime().availableProcessors()),
        SearchRoute.AUTO);
  }

  public SearchOptions withFixed(boolean fixed) {
    return new SearchOptions(
        patterns, fixed, ignoreCase, output, lineNumbers, unrestricted, jobs, route);
  }

  public SearchOptions withIgnoreCase(boolean ignoreCase) {
    return new SearchOptions(
        patterns, fixed, ignoreCase, output, lineNumbers, unrestricted, jobs, route);
  }

  public SearchOptions withOutput(Output output) {
    return new SearchOptions(
        patterns, fixed, ignoreCase, output, lineNumbers, unrestricted, jobs, route);
  }

  public SearchOptions withLineNumbers(boolean lineNumbers) {
    return new SearchOptions(
        patterns, fixed, ignoreCase, output, lineNumbers, unrestricted, jobs, route);
  }

  public SearchOptions withUnrestricted(int unrestricted) {
    return new SearchOptions(
        patterns, fixed, ignoreCase, output, lineNumbers, unrestricted, jobs, route);
  }

  public SearchOptions withJobs(int jobs) {
    return new SearchOptions(
        patterns, fixed, ignoreCase, output, lineNumbers, unrestricted, jobs, route);
  }

  public SearchOptions withRoute(SearchRoute route) {
    return new SearchOptions(
        patterns, fixed, ignoreCase, output, lineNumbers, unrestricted, jobs, route);
  }

  /// Whether binary files are searched, to tell no more of them than that they match.
  boolean binaryToo() {
    return unrestricted >= 3;
  }
}
