package io.ringwell.search;

import io.ringwell.engine.Engine;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Searches files and trees for lines that match.
///
/// ```java
/// Search search = Search.of(SearchOptions.of("main\\(").withLineNumbers(true));
/// SearchResult result = search.run(List.of("src"), out, System.err::println);
/// ```
///
/// **What is searched.** A file that is named, always; of a directory that is named, what ripgrep
/// would search: what no ignore rule excludes, is not hidden and is not binary.
///
/// **Patterns** are ripgrep's, matched by RE2/J in time in proportion to the text. Different:
/// `(?-u)` is taken for what is ASCII, `\p{…}` knows categories, scripts and the main properties,
/// and the tables of Unicode are the JDK's. The decision record 0010 has the whole list.
///
/// **Output** is ripgrep's, to the byte: of each file together, the files of a tree in no order.
///
/// **Threads.** [#run] searches on the calling thread and `jobs - 1` others, and returns when all
/// are done. One of this may run any number of times, also at once. It is not to be called on a
/// virtual thread, whose carrier its system calls would hold.
///
/// **Memory.** Some 600 KiB for each thread; of a large file that is not cached up to 1 MiB for
/// each thread from the engine's pool; what matched in parts of a large file that wait for their
/// turn; and the longest line.
public final class Search {
  private static final int MAX_MAPPED_FILES = 10;

  private final SearchOptions options;
  private final LineMatcher.Compiled compiled;

  private Search(SearchOptions options) {
    this.options = options;
    this.compiled = LineMatcher.Compiled.of(options);
  }

  /// Gets a search ready.
  ///
  /// @throws BadPatternException where a pattern is none
  public static Search of(SearchOptions options) {
    return new Search(options);
  }

  /// Searches `paths` with an engine of its own, opened where it is needed.
  ///
  /// @param paths files and directories; `-` is standard input; none is the working directory
  /// @param out takes what was found; stays open
  /// @param errors told of each thing that could not be searched, by one thread at a time
  /// @throws IOException where `out` does
  public SearchResult run(List<String> paths, WritableByteChannel out, Consumer<IOException> errors)
      throws IOException {
    return run(null, paths, out, errors);
  }

  /// The same with an engine that stays open.
  public SearchResult run(
      @Nullable Engine engine,
      List<String> paths,
      WritableByteChannel out,
      Consumer<IOException> errors)
      throws IOException {
    List<IOException> missing = new ArrayList<>();
    List<Task> tasks = new ArrayList<>();
    boolean directories = roots(paths.isEmpty() ? List.of("./") : paths, tasks, missing);
    boolean named = paths.size() != 1 || directories;
    return run(engine, tasks, missing, named, paths.isEmpty() ? 2 : 0, out, errors);
  }

  /// Searches what is no file, after `paths`.
  ///
  /// @param engine stays open; null has one opened
  /// @param paths as in [#run(List, WritableByteChannel, Consumer)], but none is none
  /// @param inputs searched as files of the command line are
  /// @param named whether what was found has a name before it, where there is but one to search
  public SearchResult run(
      @Nullable Engine engine,
      List<String> paths,
      List<SearchInput> inputs,
      boolean named,
      WritableByteChannel out,
      Consumer<IOException> errors)
      throws IOException {
    List<IOException> missing = new ArrayList<>();
    List<Task> tasks = new ArrayList<>();
    for (SearchInput input : inputs.reversed()) {
      tasks.add(new Task.Other(input, BinaryRule.CONVERT));
    }
    boolean directories = roots(paths, tasks, missing);
    boolean many = named || paths.size() + inputs.size() != 1 || directories;
    return run(engine, tasks, missing, many, 0, out, errors);
  }

  private SearchResult run(
      @Nullable Engine engine,
      List<Task> tasks,
      List<IOException> missing,
      boolean named,
      int hiddenPrefix,
      WritableByteChannel out,
      Consumer<IOException> errors)
      throws IOException {
    try (Session session =
        new Session(options, compiled, new Output(out), errors, engine, named, hiddenPrefix)) {
      missing.forEach(session::failed);
      tasks.forEach(session.tasks::add);
      work(session);
      Session.rethrow(session.broken());
      return session.result();
    }
  }

  /// Makes tasks of paths.
  ///
  /// @return whether there is a directory among them
  private boolean roots(List<String> all, List<Task> tasks, List<IOException> missing) {
    boolean directories = false;
    boolean files = true;
    for (String path : all) {
      boolean directory = !path.equals("-") && Files.isDirectory(Path.of(path));
      directories |= directory;
      files &= Files.isRegularFile(Path.of(path));
    }
    BinaryRule rule =
        files && all.size() <= MAX_MAPPED_FILES ? BinaryRule.WHOLE : BinaryRule.CONVERT;
    // The last is taken first.
    for (String path : all.reversed()) {
      try {
        tasks.add(root(path, rule, missing));
      } catch (IOException e) {
        missing.add(e);
      }
    }
    return directories;
  }

  private Task root(String path, BinaryRule rule, List<IOException> problems) throws IOException {
    if (path.equals("-")) {
      return new Task.Input();
    }
    Path file = Path.of(path);
    if (Files.isDirectory(file)) {
      Path real = file.toRealPath();
      IgnoreRules above =
          options.unrestricted() > 0
              ? IgnoreRules.top(IgnoreFile.EMPTY)
              : IgnoreLoader.above(real, problems::add);
      return new Task.Directory(FileName.of(path), FileName.of(real.toString()), above);
    }
    if (!Files.exists(file)) {
      throw new NoSuchFileException(path);
    }
    return new Task.Named(FileName.of(path), rule);
  }

  private void work(Session session) {
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < options.jobs(); i++) {
      others.add(
          Thread.ofPlatform().name("ringwell-search-" + i).daemon().start(() -> work1(session)));
    }
    work1(session);
    for (Thread other : others) {
      join(other);
    }
  }

  private static void work1(Session session) {
    try (Worker worker = new Worker(session)) {
      worker.run();
    } catch (RuntimeException | Error e) {
      session.broken(e);
    }
  }

  /// An interrupt is kept for the caller: the threads end by themselves, and soon.
  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
