package io.ringwell.search;

import io.ringwell.search.IgnoreFile.Verdict;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// One thread of a search: takes tasks until there are none.
final class Worker implements AutoCloseable {
  /// Files of a directory that are handed to another thread together.
  private static final int BATCH = 32;

  private final Session session;
  private final Arena arena = Arena.ofConfined();
  private final PlainFile plain;
  private final FileSearch search;

  Worker(Session session) {
    this.session = session;
    this.plain = new PlainFile(arena, session.tally);
    this.search = new FileSearch(session, plain);
  }

  void run() {
    Task task;
    while ((task = session.tasks.take()) != null) {
      try {
        take(task);
      } catch (IOException e) {
        session.failed(e);
      } catch (RuntimeException | Error e) {
        session.broken(e);
      } finally {
        session.tasks.done();
      }
    }
  }

  /// No switch over types: linking one takes milliseconds of a run that may be over in a hundred.
  private void take(Task task) throws IOException {
    if (task instanceof Task.Directory directory) {
      directory(directory);
    } else if (task instanceof Task.Files files) {
      search.files(files.names(), walkedRule());
    } else if (task instanceof Task.Named named) {
      search.files(List.of(named.name()), named.rule());
    } else if (task instanceof Task.Other other) {
      if (!session.tasks.isStopped()) {
        search.other(other.input(), other.rule());
      }
    } else if (task instanceof Task.Help help) {
      search.help(help.search());
    } else {
      search.input();
    }
  }

  private BinaryRule walkedRule() {
    return session.options.binaryToo() ? BinaryRule.CONVERT : BinaryRule.QUIT;
  }

  private void directory(Task.Directory directory) throws IOException {
    session.tally.directories.increment();
    Listing listing =
        session.plain
            ? Listing.read(directory.name(), plain, session.tally)
            : Listing.read(directory.name());
    int unrestricted = session.options.unrestricted();
    IgnoreRules rules =
        unrestricted > 0
            ? directory.above()
            : IgnoreLoader.in(
                directory.above(),
                directory.absolute(),
                listing.hidden()::contains,
                this::read,
                problem -> {});
    for (byte[] name : listing.directories()) {
      FileName absolute = directory.absolute().child(name);
      if (wanted(rules, absolute, name, true)) {
        session.tasks.add(new Task.Directory(directory.name().child(name), absolute, rules));
      }
    }
    List<FileName> batch = new ArrayList<>();
    for (byte[] name : listing.files()) {
      if (wanted(rules, directory.absolute().child(name), name, false)) {
        if (batch.size() == BATCH) {
          session.tasks.add(new Task.Files(batch));
          batch = new ArrayList<>();
        }
        batch.add(directory.name().child(name));
      }
    }
    search.files(batch, walkedRule());
  }

  private boolean wanted(IgnoreRules rules, FileName absolute, byte[] name, boolean directory) {
    int unrestricted = session.options.unrestricted();
    Verdict verdict = unrestricted > 0 ? Verdict.NONE : rules.verdict(absolute.bytes(), directory);
    return switch (verdict) {
      case KEEP -> true;
      case IGNORE -> false;
      case NONE -> name[0] != '.' || unrestricted >= 2;
    };
  }

  /// Reads an ignore file, which is a small one, under its absolute name.
  private byte[] read(FileName file) throws IOException {
    return search.readAll(file);
  }

  @Override
  public void close() {
    search.close();
    arena.close();
  }
}
