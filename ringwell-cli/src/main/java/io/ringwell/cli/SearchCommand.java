package io.ringwell.cli;

import io.ringwell.search.Search;
import io.ringwell.search.SearchOptions;
import io.ringwell.search.SearchResult;
import io.ringwell.search.SearchRoute;
import io.ringwell.search.SearchStats;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringwell search`: lines that match, in files and trees, as ripgrep prints them.
@Command(
    name = "search",
    sortOptions = false,
    description = {
      "Search files and trees for lines that match a regular expression.",
      "Of a tree, what ignore rules exclude, hidden and binary files are left out.",
      "Patterns and ignore rules are ripgrep's, but for what is rare:",
      "(?-u) is for ASCII alone, \\p{...} for categories, scripts and main properties."
    })
final class SearchCommand implements Callable<Integer> {
  private final Standard standard;

  @Option(
      names = {"-e", "--regexp"},
      paramLabel = "PATTERN",
      description = "A pattern; one of several must match.")
  private List<String> patterns = new ArrayList<>();

  @Option(
      names = {"-F", "--fixed-strings"},
      description = "Patterns are texts.")
  private boolean fixed;

  @Option(
      names = {"-i", "--ignore-case"},
      description = "Upper and lower case are the same.")
  private boolean ignoreCase;

  @Option(
      names = {"-n", "--line-number"},
      description = "Show line numbers.")
  private boolean lineNumbers;

  @Option(
      names = {"-c", "--count"},
      description = "Show how many lines match.")
  private boolean count;

  @Option(
      names = {"-l", "--files-with-matches"},
      description = "Show the names of files with a match.")
  private boolean files;

  @Option(
      names = {"-u", "--unrestricted"},
      description = {
        "Obey no ignore rules; twice: hidden files too;",
        "three times: binary files too."
      })
  private boolean[] unrestricted = new boolean[0];

  @Option(
      names = {"-j", "--threads"},
      paramLabel = "N",
      description = "Threads that search; one a processor without it.")
  private int jobs;

  @Option(
      names = "--route",
      paramLabel = "ROUTE",
      description = {
        "How files are read: auto, pread, ring, direct or map;",
        "a file truncated under a map ends the process."
      })
  private SearchRoute route = SearchRoute.AUTO;

  @Option(names = "--stats", description = "Tell on standard error what was read, and how.")
  private boolean stats;

  @Option(
      names = "--explain",
      description = "Tell on standard error why files were read as they were.")
  private boolean explain;

  @Mixin private S3Access access = new S3Access();

  @Parameters(
      paramLabel = "PATTERN PATH",
      description = {
        "The pattern, unless -e gives one, then files and directories;",
        "- is standard input, s3://BUCKET/KEY an object, s3://BUCKET/DIR/ all",
        "below it, and none the working directory."
      })
  private List<String> arguments = new ArrayList<>();

  SearchCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    List<String> paths = new ArrayList<>(arguments);
    if (patterns.isEmpty()) {
      if (paths.isEmpty()) {
        throw new UsageException("name a pattern; 'ringwell search --help' tells more");
      }
      patterns = List.of(paths.removeFirst());
    }
    SearchOptions options = options();
    long start = System.nanoTime();
    SearchResult result;
    try {
      result = run(Search.of(options), paths);
    } catch (IOException e) {
      if (TextOutput.isBrokenPipe(e)) {
        return Main.NO;
      }
      throw e;
    }
    if (explain) {
      result
          .reasons()
          .forEach((why, times) ->
              standard.err().println(times + (times == 1 ? " file: " : " files: ") + why));
    }
    if (stats) {
      print(result.stats(), System.nanoTime() - start);
    }
    return result.failed() ? Main.ERROR : result.matched() ? Main.OK : Main.NO;
  }

  private SearchResult run(Search search, List<String> paths) throws IOException {
    Consumer<IOException> problems = problem -> standard.fail(Failure.describe(problem));
    if (S3Access.anyNames(paths)) {
      return ObjectSearch.run(search, access, paths, standard.output(), problems);
    }
    access.requireUnused();
    return search.run(paths, standard.output(), problems);
  }

  private SearchOptions options() {
    SearchOptions options =
        SearchOptions.of(patterns.toArray(String[]::new))
            .withFixed(fixed)
            .withIgnoreCase(ignoreCase)
            .withLineNumbers(lineNumbers)
            .withUnrestricted(Math.min(unrestricted.length, 3))
            .withRoute(route)
            .withOutput(
                count
                    ? SearchOptions.Output.COUNT
                    : files ? SearchOptions.Output.FILES : SearchOptions.Output.LINES);
    return jobs == 0 ? options : options.withJobs(jobs);
  }

  private void print(SearchStats stats, long nanos) {
    PrintStream err = standard.err();
    err.printf(
        Locale.ROOT,
        "%d files, %d with a match; %d directories; %s in %.3f s%n",
        stats.files(),
        stats.matchedFiles(),
        stats.directories(),
        ByteSize.format(stats.bytes()),
        nanos / 1e9);
    String routes =
        stats.routes().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(one -> one.getKey().name().toLowerCase(Locale.ROOT) + " " + one.getValue())
            .collect(Collectors.joining(", "));
    err.printf(
        Locale.ROOT,
        "%d system calls, %d stalls; routes: %s; engine: %s%n",
        stats.syscalls(),
        stats.stalls(),
        routes.isEmpty() ? "none" : routes,
        stats.engine());
  }
}
