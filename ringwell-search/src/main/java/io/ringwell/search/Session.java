package io.ringwell.search;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineInfo;
import io.ringwell.sys.PlainCalls;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the threads of one search share.
final class Session implements AutoCloseable {
  final SearchOptions options;
  final LineMatcher.Compiled compiled;
  final Output output;
  final TaskQueue tasks = new TaskQueue();
  final Tally tally = new Tally();

  /// Whether what is found has the file's name before it.
  final boolean named;

  /// Bytes that names begin with and are told of without.
  final int hiddenPrefix;

  /// Whether small files and directories are read by plain system calls.
  final boolean plain;

  private final Consumer<IOException> errors;
  private final Map<String, LongAdder> reasons = new ConcurrentHashMap<>();
  private final @Nullable Engine given;
  private @Nullable Engine opened;
  private @Nullable Throwable broken;
  private volatile boolean failed;

  Session(
      SearchOptions options,
      LineMatcher.Compiled compiled,
      Output output,
      Consumer<IOException> errors,
      @Nullable Engine engine,
      boolean named,
      int hiddenPrefix) {
    this.options = options;
    this.compiled = compiled;
    this.output = output;
    this.errors = errors;
    this.given = engine;
    this.named = named;
    this.hiddenPrefix = hiddenPrefix;
    this.plain = canBePlain();
  }

  static boolean canBePlain() {
    return PlainCalls.available() && ByteFinder.libc();
  }

  /// The engine; opened when it is first asked for, which most trees never do.
  synchronized Engine engine() {
    if (given != null) {
      return given;
    }
    Engine engine = opened;
    if (engine == null) {
      engine = Engine.open();
      opened = engine;
    }
    return engine;
  }

  /// What engine that is, or, as long as none is needed, would be where the kernel lets.
  synchronized EngineInfo.Kind engineKind() {
    Engine engine = given != null ? given : opened;
    return engine == null ? EngineInfo.Kind.URING : engine.info().kind();
  }

  /// A file or directory could not be read: the search goes on.
  synchronized void failed(IOException problem) {
    failed = true;
    errors.accept(problem);
  }

  /// The output cannot be written, or something is wrong in the searcher: the search ends.
  synchronized void broken(Throwable why) {
    if (broken == null) {
      broken = why;
    } else if (broken != why) { // one error of the output ends several workers
      broken.addSuppressed(why);
    }
    tasks.stop();
  }

  synchronized @Nullable Throwable broken() {
    return broken;
  }

  /// Throws what another thread has caught.
  static void rethrow(@Nullable Throwable caught) throws IOException {
    if (caught instanceof IOException e) {
      throw e;
    }
    if (caught instanceof RuntimeException e) {
      throw e;
    }
    if (caught instanceof Error e) {
      throw e;
    }
    if (caught != null) {
      throw new IllegalStateException(caught);
    }
  }

  void reason(String why) {
    reasons.computeIfAbsent(why, one -> new LongAdder()).increment();
  }

  synchronized SearchResult result() {
    Map<SearchRoute, Long> routes = new EnumMap<>(SearchRoute.class);
    for (SearchRoute route : SearchRoute.values()) {
      if (tally.routed(route) > 0) {
        routes.put(route, tally.routed(route));
      }
    }
    Map<String, Long> why = new TreeMap<>();
    reasons.forEach((reason, count) -> why.put(reason, count.sum()));
    Engine used = given != null ? given : opened;
    SearchStats stats =
        new SearchStats(
            tally.files.sum(),
            tally.matchedFiles.sum(),
            tally.directories.sum(),
            tally.bytes.sum(),
            tally.syscalls.sum() + (opened == null ? 0 : opened.stats().syscalls()),
            tally.stalls.sum(),
            routes,
            used == null ? "none" : used.info().kind().label());
    return new SearchResult(tally.matchedFiles.sum() > 0, failed, stats, why);
  }

  @Override
  public synchronized void close() {
    if (opened != null) {
      opened.close();
    }
  }
}
