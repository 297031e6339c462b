package io.ringwell.s3;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Several ranges of an object as one read: at most so many requests at once, and the first failure
/// ends all.
///
/// **Threads.** Any. The end is told once, by whichever thread brings the last range, after which
/// no memory is touched.
final class RangeGroup {
  /// One request: a range, and where its bytes go.
  record Fetch(long from, long to, Landing landing) {}

  private final Reading object;
  private final int inFlight;
  private final Consumer<@Nullable IOException> end;
  private final Deque<RangeRead> waiting = new ArrayDeque<>();
  private final List<RangeRead> running = new ArrayList<>();
  private @Nullable IOException failure;

  RangeGroup(
      Reading object, List<Fetch> fetches, int inFlight, Consumer<@Nullable IOException> end) {
    this.object = object;
    this.inFlight = inFlight;
    this.end = end;
    for (Fetch fetch : fetches) {
      waiting.add(new Member(fetch).read);
    }
  }

  /// A range, and what is to be done when it has ended.
  private final class Member {
    private final Fetch fetch;
    private final RangeRead read;

    Member(Fetch newFetch) {
      fetch = newFetch;
      read = new RangeRead(object, newFetch.landing, newFetch.to, this::ended);
    }

    private void ended(@Nullable IOException why) {
      IOException told = why == null ? object.took(fetch.from, fetch.to, fetch.landing.crc()) : why;
      RangeGroup.this.ended(read, told);
    }
  }

  /// Once.
  void start() {
    List<RangeRead> first;
    synchronized (this) {
      first = next();
      if (!first.isEmpty()) {
        first.forEach(RangeRead::start);
        return;
      }
    }
    end.accept(failure);
  }

  /// Those that may start now.
  private List<RangeRead> next() {
    List<RangeRead> next = new ArrayList<>();
    while (running.size() < inFlight && !waiting.isEmpty()) {
      RangeRead read = waiting.remove();
      running.add(read);
      next.add(read);
    }
    return next;
  }

  private void ended(RangeRead read, @Nullable IOException why) {
    List<RangeRead> start = List.of();
    List<RangeRead> victims = List.of();
    boolean all;
    synchronized (this) {
      running.remove(read);
      if (why != null && failure == null) {
        failure = why;
        waiting.clear();
        victims = List.copyOf(running);
      }
      start = next();
      all = running.isEmpty();
    }
    start.forEach(RangeRead::start);
    if (all) {
      end.accept(failure);
    } else if (why != null) {
      victims.forEach(victim -> victim.cancel(why));
    }
  }

  /// Ends all of it; the end is told when the memory is not touched any more.
  void cancel(IOException why) {
    List<RangeRead> victims;
    synchronized (this) {
      if (failure != null) {
        return;
      }
      failure = why;
      waiting.clear();
      victims = List.copyOf(running);
    }
    victims.forEach(victim -> victim.cancel(why));
  }
}
