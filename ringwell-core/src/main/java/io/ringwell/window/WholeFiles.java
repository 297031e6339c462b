package io.ringwell.window;

import io.ringwell.engine.CompletionQueue;
import io.ringwell.engine.Engine;
import io.ringwell.engine.Operation;
import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Iterator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Reads many small files whole: open, read and close of each as one operation, many at once,
/// spread over all rings of the engine ([Operation#readFile]).
///
/// ```java
/// WholeFiles.read(engine, paths, WholeOptions.defaults(), (path, content) -> index(path, content));
/// ```
///
/// **Bounds.** So many files are in flight as the options say, and as the engine's pool has memory
/// for. Paths are taken from their iterator as they are needed.
///
/// **Files** are regular ones; opening a pipe can wait for its writer. Each is read into a buffer
/// of a size that held most of those before it; one that fills it is asked for its size and read
/// once more.
///
/// **Cost.** With io_uring about one system call for ten files, whether they are cached or not.
public final class WholeFiles {
  private final Engine engine;
  private final WholeOptions options;
  private final WholeHandler handler;
  private final Iterator<Path> paths;
  private final CompletionQueue queue = new CompletionQueue();
  private final WholeRead[] slots;
  private final ArrayDeque<WholeRead> free = new ArrayDeque<>();

  /// What waits for memory.
  private final ArrayDeque<WholeRead> starved = new ArrayDeque<>();

  /// What was complete, and lost its memory to one whose turn comes sooner.
  private final PriorityQueue<WholeRead> dropped =
      new PriorityQueue<>(Comparator.comparingLong(read -> read.number));

  /// In the order of input, each at its number modulo the length.
  private final @Nullable WholeRead[] turns;

  private int busy;
  private long started;
  private long nextOut;
  private long handedOut;
  private boolean ending;

  private WholeFiles(
      Engine engine, Iterator<Path> paths, WholeOptions options, WholeHandler handler) {
    this.engine = engine;
    this.paths = paths;
    this.options = options;
    this.handler = handler;
    this.turns = new @Nullable WholeRead[options.inFlight()];
    this.slots = new WholeRead[options.inFlight()];
    SizeGuess guess = new SizeGuess();
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new WholeRead(engine, options.maxFileBytes(), guess);
      slots[i].op.tag(i);
      free.add(slots[i]);
    }
  }

  /// Reads every file and hands it to `handler`; parks until the last one is done.
  ///
  /// @return how many files were handed out, failures not counted
  /// @throws IOException what the handler throws; files in flight are closed before
  /// @throws InterruptedIOException where the thread was interrupted; the same
  public static long read(
      Engine engine, Iterable<Path> paths, WholeOptions options, WholeHandler handler)
      throws IOException {
    return new WholeFiles(engine, paths.iterator(), options, handler).run();
  }

  private long run() throws IOException {
    boolean complete = false;
    try {
      while (true) {
        feedStarved();
        startNext();
        if (busy == 0) {
          break;
        }
        if (Thread.interrupted()) {
          throw new InterruptedIOException("interrupted while files are read");
        }
        step(queue.take());
      }
      complete = true;
      return handedOut;
    } finally {
      if (!complete) {
        drain();
      }
    }
  }

  private void startNext() throws IOException {
    while (!dropped.isEmpty() && starved.isEmpty()) {
      WholeRead read = dropped.remove();
      read.begin(read.path(), read.number);
      advance(read, false);
    }
    while (!free.isEmpty() && starved.isEmpty() && paths.hasNext()) {
      if (inOrder() && turns[turn(started)] != null) {
        return;
      }
      WholeRead read = free.remove();
      read.begin(paths.next(), started);
      turns[turn(started)] = inOrder() ? read : null;
      started++;
      advance(read, false);
    }
  }

  private boolean inOrder() {
    return options.order() == WholeOptions.Order.INPUT;
  }

  private int turn(long number) {
    return (int) (number % turns.length);
  }

  /// An interrupt is kept for the next wait.
  private void submit(WholeRead read) {
    read.op.notifying(queue);
    boolean interrupted = false;
    boolean submitted = false;
    try {
      while (!submitted) {
        try {
          engine.submit(read.op);
          submitted = true;
        } catch (InterruptedIOException e) {
          interrupted = true;
        }
      }
    } finally {
      if (!submitted) {
        read.stop();
      }
    }
    busy++;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void step(Operation op) throws IOException {
    WholeRead read = slots[(int) op.tag()];
    busy--;
    advance(read, false);
  }

  /// Lets a file take its next step.
  private void advance(WholeRead read, boolean parking) throws IOException {
    switch (ending ? read.stop() : read.next(parking)) {
      case GOES_ON -> submit(read);
      case NEEDS_MEMORY -> starved.add(read);
      case ENDED -> ended(read);
    }
  }

  /// Files that wait for memory get what others have given back. Where nothing is in flight that
  /// could give any back, the one whose turn is next gets it: from those that are complete and wait
  /// for their turn, which are read once more later, or from the pool, which it waits for.
  private void feedStarved() throws IOException {
    for (int i = starved.size(); i > 0; i--) {
      advance(starved.remove(), false);
    }
    while (busy == 0 && !starved.isEmpty()) {
      WholeRead first = firstStarved();
      WholeRead last = lastDone();
      if (last != null) {
        last.forget();
        dropped.add(last);
      }
      starved.remove(first);
      advance(first, last == null);
    }
  }

  private WholeRead firstStarved() {
    WholeRead first = starved.getFirst();
    for (WholeRead each : starved) {
      first = each.number < first.number ? each : first;
    }
    return first;
  }

  private @Nullable WholeRead lastDone() {
    WholeRead last = null;
    for (WholeRead each : turns) {
      if (each != null && each.done && (last == null || each.number > last.number)) {
        last = each;
      }
    }
    return last;
  }

  private void ended(WholeRead read) throws IOException {
    if (ending) {
      read.forget();
      free.add(read);
    } else if (!inOrder()) {
      handOut(read);
    } else {
      read.done = true;
      handOutInOrder();
    }
  }

  private void handOutInOrder() throws IOException {
    while (nextOut < started) {
      WholeRead read = turns[turn(nextOut)];
      if (read == null || !read.done) {
        return;
      }
      turns[turn(nextOut)] = null;
      nextOut++;
      handOut(read);
    }
  }

  private void handOut(WholeRead read) throws IOException {
    Path path = read.path();
    IOException failure = read.failure;
    Bytes content = read.content;
    read.content = null;
    read.forget();
    free.add(read);
    if (content == null || failure != null) {
      if (content != null) {
        content.close();
      }
      handler.failed(path, failure != null ? failure : read.nothing());
      return;
    }
    try (content) {
      handler.content(path, content);
    }
    handedOut++;
  }

  /// After a failure: everything that is open is closed before it is told.
  private void drain() {
    ending = true;
    boolean interrupted = false;
    for (WholeRead read : slots) {
      if (read.done) {
        read.forget();
      }
    }
    while (busy > 0 || !starved.isEmpty()) {
      try {
        if (!starved.isEmpty()) {
          advance(starved.remove(), false);
        } else {
          step(queue.take());
        }
      } catch (InterruptedIOException e) {
        interrupted = true;
      } catch (IOException e) {
        throw new AssertionError("files that are given up fail silently", e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
