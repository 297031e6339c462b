package io.ringwell.search;

import io.ringwell.window.ManagedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Searches files, each by the route that suits it. One thread's; reused.
final class FileSearch implements AutoCloseable {
  /// As much of a file as tells how it is encoded, and a little more.
  private static final int HEAD_BYTES = 4096;

  private static final FileName INPUT = FileName.of("<stdin>");

  private final Session session;
  private final PlainFile plain;
  private final LineScanner scanner;
  private final Hits hits = new Hits();

  FileSearch(Session session, PlainFile plain) {
    this.session = session;
    this.plain = plain;
    this.scanner =
        new LineScanner(new LineMatcher(session.compiled), session.options, session.tally);
  }

  void help(SplitSearch search) {
    search.help(scanner, plain.memory());
  }

  /// Searches standard input.
  void input() throws IOException {
    plain.openInput();
    session.tally.route(SearchRoute.PREAD);
    session.reason("read as it comes: standard input");
    report(INPUT, BinaryRule.CONVERT, report -> sequential(plain, report));
  }

  /// Searches what is no file.
  void other(SearchInput input, BinaryRule rule) throws IOException {
    try (ManagedReader reader = input.open(session.engine())) {
      session.tally.route(SearchRoute.RING);
      session.reason("windows of a reader, ahead: no file");
      try (Blocks blocks = new ReaderBlocks(reader, session.tally)) {
        report(FileName.of(input.name()), rule, report -> sequential(blocks, report));
      }
    }
  }

  /// Searches a file that was named, or regular files of one directory.
  void files(List<FileName> names, BinaryRule rule) throws IOException {
    boolean together = session.options.route() == SearchRoute.RING && names.size() > 1;
    List<FileName> single =
        together
            ? WholeSearch.run(session, names, (name, blocks) -> whole(name, rule, blocks))
            : names;
    for (FileName name : single) {
      if (session.tasks.isStopped()) {
        return;
      }
      try {
        file(name, rule);
      } catch (IOException e) {
        session.failed(e);
      }
    }
  }

  private void whole(FileName name, BinaryRule rule, Blocks blocks) throws IOException {
    if (!session.tasks.isStopped()) {
      session.tally.route(SearchRoute.RING);
      session.reason("ring, whole, with others of its directory: asked for");
      report(name, rule, report -> sequential(blocks, report));
    }
  }

  void file(FileName name, BinaryRule rule) throws IOException {
    SearchRoute route = session.options.route();
    Source large = null;
    if (session.plain && (route == SearchRoute.AUTO || route == SearchRoute.PREAD)) {
      plain.open(name);
      try {
        long size = plain.readAhead() ? plain.size() : 0;
        if (size < 2 * SplitSearch.PART_BYTES) {
          session.tally.route(SearchRoute.PREAD);
          session.reason("pread, block by block on the searching thread: smaller than 8 MiB");
          report(name, rule, report -> sequential(plain, report));
          return;
        }
        large = large(name, route, size);
      } finally {
        plain.close();
      }
    }
    try (Source source = large == null ? open(name, route) : large) {
      session.tally.route(source.route());
      session.reason(words(source.route()) + ": " + source.why());
      report(name, rule, report -> source(source, report));
    }
  }

  /// The file that is open, where plain system calls read it; null where the engine is to.
  private @Nullable Source large(FileName name, SearchRoute route, long size) {
    AutoRoute planned =
        route == SearchRoute.AUTO
            ? AutoRoute.of(session.engineKind(), size)
            : new AutoRoute(route, "asked for");
    return planned.route() == SearchRoute.PREAD
        ? new PlainSource(
            session, name, plain.detach(), size, route == SearchRoute.AUTO, planned.why())
        : null;
  }

  private static String words(SearchRoute route) {
    return switch (route) {
      case PREAD -> "pread, in parts on all threads";
      case RING -> "ring, 1 MiB ahead";
      case DIRECT -> "direct, 1 MiB ahead past the page cache";
      case MAP -> "map, brought in 1 MiB at a time";
      case AUTO -> throw new IllegalArgumentException("no route yet");
    };
  }

  private interface Body {
    void run(FileReport report) throws IOException;
  }

  private void report(FileName name, BinaryRule rule, Body body) throws IOException {
    session.tally.files.increment();
    FileReport report =
        new FileReport(
            session.output,
            session.options,
            rule,
            name.without(session.hiddenPrefix),
            session.named);
    try {
      try {
        body.run(report);
      } finally {
        // Also what was found before a failure.
        finish(report);
      }
    } catch (OutputException e) {
      session.broken(e.problem());
    } finally {
      report.close();
    }
  }

  private void finish(FileReport report) {
    report.finish();
    if (report.matched() > 0) {
      session.tally.matchedFiles.increment();
    }
  }

  private void source(Source source, FileReport report) throws IOException {
    int jobs = session.options.jobs();
    if (source.splits() && source.size() >= 2 * SplitSearch.PART_BYTES && splits(source, report)) {
      SplitSearch split = new SplitSearch(source, report, jobs);
      for (int i = 1; i < jobs; i++) {
        session.tasks.add(new Task.Help(split));
      }
      split.lead(scanner, plain.memory());
    } else {
      try (Blocks blocks = source.blocks(0, Math.max(1, source.size()), plain.memory())) {
        sequential(blocks, report);
      }
    }
  }

  /// Looks for a mark at the start, with which a file may have to be decoded from there on.
  private boolean splits(Source source, FileReport report) throws IOException {
    try (Blocks head = source.blocks(0, HEAD_BYTES, plain.memory())) {
      MemorySegment block = head.next();
      if (block != null && Bom.any(block)) {
        report.marked(Bom.utf8(block));
      }
      return block == null || !Bom.utf16(block);
    }
  }

  private void sequential(Blocks blocks, FileReport report) throws IOException {
    hits.clear();
    Pushback pushback = new Pushback(blocks, report);
    scanner.scan(pushback.decoded(), 0, Long.MAX_VALUE, report.rule(), hits, report);
  }

  /// Opens a file for any route but plain system calls. A name that the JDK cannot say is opened by
  /// its descriptor.
  private Source open(FileName name, SearchRoute route) throws IOException {
    if (name.isSayable()) {
      return open(name.path(), route);
    }
    plain.open(name);
    try {
      return open(Path.of("/proc/self/fd/" + plain.descriptor()), route);
    } finally {
      plain.close();
    }
  }

  private Source open(Path path, SearchRoute route) throws IOException {
    return route == SearchRoute.MAP
        ? new MappedSource(session.tally, path)
        : new EngineSource(session.engine(), session.tally, path, route);
  }

  /// All of a small file.
  byte[] readAll(FileName file) throws IOException {
    if (!session.plain) {
      return Files.readAllBytes(file.path());
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    plain.open(file);
    try {
      MemorySegment block;
      while ((block = plain.next()) != null) {
        all.writeBytes(block.toArray(ValueLayout.JAVA_BYTE));
      }
    } finally {
      plain.close();
    }
    return all.toByteArray();
  }

  @Override
  public void close() {
    scanner.close();
  }

  /// Blocks whose first has been looked at.
  private static final class Pushback implements Blocks {
    private final Blocks from;
    private @Nullable MemorySegment first;
    private boolean given;

    Pushback(Blocks from, FileReport report) throws IOException {
      this.from = from;
      this.first = from.next();
      if (first != null && Bom.any(first)) {
        report.marked(Bom.utf8(first));
      }
    }

    /// These, or their text in UTF-8 where they start with a mark of UTF-16.
    Blocks decoded() {
      return first != null && Bom.utf16(first) ? new Utf16Blocks(this) : this;
    }

    @Override
    public @Nullable MemorySegment next() throws IOException {
      if (!given) {
        given = true;
        MemorySegment block = first;
        first = null;
        return block;
      }
      return from.next();
    }

    @Override
    public long position() {
      return from.position();
    }

    @Override
    public boolean writable() {
      return from.writable();
    }

    @Override
    public void close() {
      from.close();
    }
  }
}
