package io.ringwell.search;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// What one search counts, from all its threads.
final class Tally {
  final LongAdder files = new LongAdder();
  final LongAdder matchedFiles = new LongAdder();
  final LongAdder matches = new LongAdder();
  final LongAdder directories = new LongAdder();
  final LongAdder bytes = new LongAdder();

  /// Made by the searcher itself, beside the engine.
  final LongAdder syscalls = new LongAdder();

  /// Waits for bytes that were not in the page cache.
  final LongAdder stalls = new LongAdder();

  /// One for each route; never changed.
  private final Map<SearchRoute, LongAdder> routes = new EnumMap<>(SearchRoute.class);

  Tally() {
    for (SearchRoute route : SearchRoute.values()) {
      routes.put(route, new LongAdder());
    }
  }

  void route(SearchRoute route) {
    counter(route).increment();
  }

  long routed(SearchRoute route) {
    return counter(route).sum();
  }

  private LongAdder counter(SearchRoute route) {
    return Objects.requireNonNull(routes.get(route));
  }
}
