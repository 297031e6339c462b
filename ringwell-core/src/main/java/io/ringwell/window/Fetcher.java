package io.ringwell.window;

import io.ringwell.engine.OperationException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/// The part of a reader that decides what to load, where to, and when: it follows the plan, and the
/// plan follows what it sees.
final class Fetcher {
  private static final int EOPNOTSUPP = 95;

  /// One load in so many looks into the page cache although the plan expects nothing there.
  private static final int PROBE_MASK = 15;

  /// Looks after which the plan is thought over. Few, since each miss costs.
  private static final int LOOKS = 4;

  private static final int PROBES = 2;

  private final Loader loader;
  private final WindowSlots slots;
  private final AccessPattern pattern;
  private final WindowSizer sizer;
  private final boolean forced;
  private SourceFacts facts;
  private Environment environment;
  private Plan plan;

  /// The size as far as known; what lies behind it is looked for in small windows.
  private long knownSize;

  private int hits;
  private int misses;

  /// Where a claim was in the way of what was demanded last; empty where none was.
  private long blockedAt;

  private long blockedBytes;

  /// What is asked for, as [Asked#number].
  private long asking;

  // For ReaderStats.
  private long loads;
  private long loadedBytes;
  private long allHits;
  private long allMisses;
  private long aheadLoads;

  Fetcher(
      Loader loader,
      WindowSlots slots,
      AccessPattern pattern,
      WindowSizer sizer,
      boolean forced,
      SourceFacts facts,
      Environment environment,
      Plan plan) {
    this.loader = loader;
    this.slots = slots;
    this.pattern = pattern;
    this.sizer = sizer;
    this.forced = forced;
    this.facts = facts;
    this.environment = environment;
    this.plan = plan;
    this.knownSize = loader.size();
    follow(plan);
  }

  Plan plan() {
    return plan;
  }

  ReaderStats stats(long windows, long stalls) {
    return new ReaderStats(windows, loads, aheadLoads, loadedBytes, allHits, allMisses, stalls);
  }

  long knownSize() {
    return knownSize;
  }

  /// The smallest window that will do for a seek, in bytes.
  long leastWindow(long position, long atLeast) {
    long granularity = loader.granularity();
    return Math.max(sizer.smallest(), up(position % granularity + atLeast, granularity));
  }

  void hint(AccessHint hint) {
    pattern.hint(hint);
    replan();
  }

  /// So many files are read side by side.
  void files(int count) {
    facts = facts.withFiles(count);
    replan();
  }

  private void replan() {
    follow(
        forced
            ? Planner.forced(plan.route(), facts, pattern.hint(), environment)
            : keepingFile(Planner.choose(facts, pattern.hint(), environment)));
  }

  /// A file is opened for direct I/O, mapped, or neither, once.
  private Plan keepingFile(Plan next) {
    boolean fixed = isFixed(plan.route()) || isFixed(next.route());
    return fixed && next.route() != plan.route()
        ? Planner.forced(plan.route(), facts, pattern.hint(), environment)
        : next;
  }

  private static boolean isFixed(Route route) {
    return route == Route.DIRECT || route == Route.MAPPED;
  }

  private void follow(Plan next) {
    plan = next;
    loader.route(next.route());
    sizer.plan(next.window(), pattern.hint() != AccessHint.AUTOMATIC);
  }

  // ---- Loading ---------------------------------------------------------------------------------

  /// Starts to load a window with at least `atLeast` bytes from `position` on, or up to the end.
  ///
  /// @return the slot; null where there is no memory for it now, or a claim is in the way of even
  ///   the smallest window, and then [#isBlocked]
  @Nullable Slot demand(Arrivals arrivals, Asked asked, long position, long atLeast)
      throws IOException {
    asking = asked.number();
    long granularity = loader.granularity();
    long size = sizer.size();
    if (knownSize >= 0 && position >= knownSize) {
      size = Math.min(size, sizer.smallest());
    }
    while (true) {
      long from = position - position % size;
      long start = slots.startAfterNeighbours(from, position, granularity);
      long end = slots.endBeforeNeighbours(endOf(from, size), position);
      if (end - position < atLeast && end != Long.MAX_VALUE) {
        start = position - position % granularity;
        end = up(Math.addExact(position, atLeast), granularity);
      }
      blockedBytes = 0;
      Slot slot = load(arrivals, start, end, true);
      // Beside a claim a window is cut as it is beside its neighbours, though its size be fixed.
      long least = isBlocked() ? granularity : sizer.smallest();
      if (slot != null || size <= least) {
        return slot;
      }
      size = Math.max(least, size / 2 - size / 2 % granularity);
    }
  }

  /// Whether a claim was in the way of the last demand.
  boolean isBlocked() {
    return blockedBytes > 0;
  }

  long blockedAt() {
    return blockedAt;
  }

  long blockedBytes() {
    return blockedBytes;
  }

  private static long endOf(long start, long size) {
    return start > Long.MAX_VALUE - size ? Long.MAX_VALUE : start + size;
  }

  private static long up(long position, long granularity) {
    return Math.addExact(position, granularity - 1) / granularity * granularity;
  }

  /// Loads what is likely to be asked for after the window that begins at `slot`.
  void ahead(Arrivals arrivals, Slot slot) throws IOException {
    int direction = pattern.direction();
    if (direction > 0) {
      goUp(arrivals, slot);
    } else if (direction < 0) {
      goDown(arrivals, slot);
    }
  }

  private void goUp(Arrivals arrivals, Slot slot) throws IOException {
    if (slot.state() != Slot.LOADING && slot.atEnd) {
      return;
    }
    long at = slot.planned;
    for (int i = 0; i < plan.ahead() && at >= 0 && (knownSize < 0 || at < knownSize); i++) {
      Slot next = slots.covering(at);
      if (next == null) {
        long size = sizer.size();
        long to = slots.endBeforeNeighbours(endOf(at - at % size, size), at);
        next = load(arrivals, at, to, false);
        if (next == null) {
          return;
        }
        aheadLoads++;
      }
      at = next.planned;
    }
  }

  private void goDown(Arrivals arrivals, Slot slot) throws IOException {
    long at = slot.start;
    for (int i = 0; i < plan.behind() && at > 0; i++) {
      Slot next = slots.covering(at - 1);
      if (next == null) {
        long size = sizer.size();
        long from = (at - 1) - (at - 1) % size;
        next =
            load(
                arrivals,
                slots.startAfterNeighbours(from, at - 1, loader.granularity()),
                at,
                false);
        if (next == null) {
          return;
        }
        aheadLoads++;
      }
      at = next.start;
    }
  }

  private @Nullable Slot load(Arrivals arrivals, long start, long end, boolean demanded)
      throws IOException {
    Slot slot = slots.obtain(end - start, demanded, pattern.isStreaming());
    if (slot == null) {
      return null;
    }
    slot.place(start, end);
    slot.demandedBy = demanded ? asking : Slot.AHEAD;
    slots.touch(slot);
    slot.state(Slot.LOADING);
    boolean started = false;
    try {
      boolean look = looks(demanded);
      long bytes = loader.start(slot, arrivals, look);
      if (bytes == Loader.BLOCKED) {
        if (demanded) {
          blockedAt = start;
          blockedBytes = end - start;
        }
        return null;
      }
      started = true;
      loads++;
      if (look) {
        count(bytes >= 0, slot);
      }
      if (bytes >= 0) {
        full(slot, bytes, demanded);
      }
      return slot;
    } finally {
      if (!started) {
        slots.freeTaken(slot);
      }
    }
  }

  private boolean looks(boolean demanded) {
    return switch (plan.route()) {
      case PREAD_NOWAIT -> demanded || misses == 0;
      case RING -> !forced && environment.tryNow() && (loads & PROBE_MASK) == PROBE_MASK;
      default -> false;
    };
  }

  private void count(boolean hit, Slot slot) {
    if (hit) {
      hits++;
      allHits++;
    } else {
      misses++;
      allMisses++;
    }
    int enough = plan.route() == Route.PREAD_NOWAIT ? LOOKS : PROBES;
    if (hits + misses < enough || forced) {
      return;
    }
    if (plan.route() == Route.PREAD_NOWAIT ? misses > 0 : misses == 0 && isRestCached(slot)) {
      follow(keepingFile(Planner.revise(plan, facts, pattern.hint(), environment, hits, misses)));
    }
    hits = 0;
    misses = 0;
  }

  /// Whether hits tell of what will be asked for next. While windows pass in order, the kernel
  /// reads ahead of them, so that they are found although nothing else is there: then it is asked
  /// of all that is still to come, and where it does not tell, hits prove nothing.
  private boolean isRestCached(Slot slot) {
    int direction = pattern.direction();
    double share =
        direction < 0
            ? loader.cachedShare(0, slot.start)
            : loader.cachedShare(direction > 0 ? slot.end : 0, knownSize);
    return share < 0
        ? direction == 0
        : Planner.choose(facts.withCachedShare(share), pattern.hint(), environment).route()
            == Route.PREAD_NOWAIT;
  }

  /// Takes in a read that has arrived.
  ///
  /// @param number of what waits for it, as [Asked#number]; [Slot#AHEAD] where nothing does
  /// @return false where it failed; then the slot has the failure, and no memory
  boolean arrived(Slot slot, long number) {
    try {
      full(slot, loader.finish(slot), number != Slot.AHEAD && slot.demandedBy == number);
      return true;
    } catch (IOException e) {
      slots.freeTaken(slot);
      slot.failure = e;
      noteRefusal(e);
      return false;
    }
  }

  /// A file system that has no uncached reads is read by other means from now on.
  private void noteRefusal(IOException e) {
    if (!forced
        && plan.route() == Route.UNCACHED
        && e instanceof OperationException refused
        && refused.errno() == EOPNOTSUPP) {
      environment = environment.withoutDontCache();
      replan();
    }
  }

  /// Whether a failed read is worth another try, since the plan has changed.
  boolean isOutdated(IOException e) {
    return plan.route() != Route.UNCACHED
        && !forced
        && e instanceof OperationException refused
        && refused.errno() == EOPNOTSUPP;
  }

  private void full(Slot slot, long bytes, boolean fresh) {
    slot.filled(bytes);
    slot.fresh = fresh;
    loadedBytes += bytes;
    if (slot.atEnd && (bytes > 0 || slot.start <= knownSize)) {
      knownSize = slot.end;
    } else if (slot.end > knownSize && knownSize >= 0) {
      knownSize = slot.end;
    }
    if (bytes > 0) {
      forgetEarlierEnds(slot);
    }
  }

  /// The file has grown past windows that ended with it.
  private void forgetEarlierEnds(Slot slot) {
    for (Slot each : slots.all()) {
      if (each.atEnd && each.end < slot.end && each.planned > slot.start) {
        each.atEnd = false;
      }
    }
  }

  /// The current window is another one.
  void moved(Slot slot) {
    pattern.moved(slot.start, slot.end);
    sizer.moved(pattern);
    slots.touch(slot);
    slot.uses++;
  }

  /// Why a seek got no window.
  IOException noMemory(long position) {
    WindowMemory memory = slots.memory();
    return new NoWindowMemoryException(
        "read of "
            + loader.name()
            + " at "
            + position
            + ": no memory for a window of "
            + sizer.smallest()
            + " bytes, with "
            + memory
            + " and a pool of "
            + memory.pool().maxBytes()
            + " bytes; close detached windows, or give windows a larger pool");
  }

  /// A failure that names the file, whatever the source said.
  static IOException named(String name, long position, IOException e) {
    if (e instanceof FileSystemException || e instanceof NoWindowMemoryException) {
      return e;
    }
    return new IOException("read of " + name + " at " + position + ": " + e.getMessage(), e);
  }
}
