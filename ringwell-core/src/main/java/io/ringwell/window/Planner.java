package io.ringwell.window;

import java.util.ArrayList;
import java.util.List;

/// Chooses how to read, as a query planner does: from facts, a hint, and what things cost. Pure: it
/// looks at nothing but its arguments.
public final class Planner {
  private static final long MIB = 1 << 20;

  /// A file that takes more than this part of free memory pushes others out of the page cache.
  private static final int CACHE_SHARE = 4;

  private Planner() {}

  /// A route and what an MiB costs by it.
  private record Candidate(Route route, double nanosPerMib, String why) {}

  /// The plan, by the factors that Ringwell was measured with.
  public static Plan choose(SourceFacts facts, AccessHint hint, Environment environment) {
    return choose(facts, hint, environment, CostFactors.FIRST);
  }

  /// The cheapest of the routes that are possible here.
  public static Plan choose(
      SourceFacts facts, AccessHint hint, Environment environment, CostFactors costs) {
    Model model = new Model(facts, hint, environment, costs);
    return switch (facts.kind()) {
      case MEMORY -> model.plan(Route.MEMORY, "the bytes are in memory already");
      case SOURCE -> model.plan(Route.SOURCE, "the source knows how to read itself");
      case FILE -> model.cheapest();
    };
  }

  /// The plan for a route that the caller insists on.
  public static Plan forced(
      Route route, SourceFacts facts, AccessHint hint, Environment environment) {
    return new Model(facts, hint, environment, CostFactors.FIRST).plan(route, "forced");
  }

  /// The plan in the light of what was seen: windows that were in the page cache when they were
  /// asked for, and windows that were not.
  public static Plan revise(
      Plan plan,
      SourceFacts facts,
      AccessHint hint,
      Environment environment,
      int hits,
      int misses) {
    double share = (double) hits / Math.max(1, hits + misses);
    Plan next = choose(facts.withCachedShare(share), hint, environment);
    String seen = hits + " of " + (hits + misses) + " windows looked at were cached";
    String why = next.route() == plan.route() ? "still, as " + seen : "now, as " + seen;
    return new Plan(
        next.route(), next.window(), next.ahead(), next.behind(), why + ": " + next.why());
  }

  /// One question, and the arithmetic for it.
  private record Model(
      SourceFacts facts, AccessHint hint, Environment environment, CostFactors costs) {

    double cachedShare() {
      if (facts.fileSystem().isMemory()) {
        return 1;
      }
      return facts.cachedShare() < 0 ? costs.assumedCachedShare() : facts.cachedShare();
    }

    /// tmpfs refuses reads that must not wait, although its files are in memory (EOPNOTSUPP).
    private boolean readsNow() {
      return environment.tryNow() && !facts.fileSystem().isMemory();
    }

    boolean isCold() {
      return cachedShare() < 0.5;
    }

    Plan cheapest() {
      List<Candidate> candidates = new ArrayList<>();
      if (readsNow()) {
        candidates.add(pread());
      }
      candidates.add(ring());
      if (hint == AccessHint.ONCE && isLarge()) {
        if (facts.directAlign() > 0 && !facts.fileSystem().isMemory()) {
          candidates.add(direct());
        }
        if (environment.dontCache() && !facts.fileSystem().isMemory()) {
          candidates.add(uncached());
        }
      }
      if (environment.allowMapped()) {
        candidates.add(mapped());
      }
      Candidate best = candidates.getFirst();
      for (Candidate each : candidates) {
        if (each.nanosPerMib < best.nanosPerMib) {
          best = each;
        }
      }
      return plan(best.route, describe(where(), best, candidates));
    }

    private static String describe(String where, Candidate best, List<Candidate> all) {
      StringBuilder s = new StringBuilder(where).append(best.why);
      s.append(" (").append(micros(best)).append(" us a MiB");
      for (Candidate each : all) {
        if (each.route != best.route) {
          s.append(", ").append(each.route).append(' ').append(micros(each));
        }
      }
      return s.append(')').toString();
    }

    /// Plans are made for every file of a set, so this formats nothing.
    private static long micros(Candidate candidate) {
      return Math.round(candidate.nanosPerMib / 1000);
    }

    private String where() {
      return facts.fileSystem() == FileSystemKind.UNKNOWN
          ? ""
          : "on " + facts.fileSystem().words() + ", ";
    }

    /// Whether reading it through the page cache pushes much else out. Not known counts as no.
    boolean isLarge() {
      return environment.freeBytes() >= 0 && facts.size() > environment.freeBytes() / CACHE_SHARE;
    }

    // ---- What an MiB costs ---------------------------------------------------------------------

    /// What is read ahead, or beside, shares hand-overs and waiting.
    private double overlap(Route route) {
      return Math.max(
          1 + Math.max(ahead(route), behind(route)), Math.min(facts.files(), costs.batch()));
    }

    private double windowsPerMib(Route route) {
      return (double) MIB / window(route);
    }

    private long latency() {
      if (facts.latencyNanos() > 0) {
        return facts.latencyNanos();
      }
      return facts.fileSystem().isRemote() ? costs.remoteLatency() : costs.deviceLatency();
    }

    private double device() {
      return (double) MIB / costs.deviceRate() * 1000;
    }

    private Candidate pread() {
      double windows = windowsPerMib(Route.PREAD_NOWAIT);
      double cold = 1 - cachedShare();
      double nanos =
          windows * costs.syscall()
              + copy()
              + cold * (windows * (costs.miss() + costs.handOff() + latency()) + device());
      return new Candidate(Route.PREAD_NOWAIT, nanos, cachedWords());
    }

    private Candidate ring() {
      double windows = windowsPerMib(Route.RING);
      double overlap = overlap(Route.RING);
      double cold = 1 - cachedShare();
      double nanos =
          windows * costs.handOff() / overlap
              + copy()
              + cold * (windows * latency() / overlap + device());
      return new Candidate(Route.RING, nanos, ringWords());
    }

    private String ringWords() {
      if (facts.fileSystem().isMemory()) {
        return "which is in memory and takes no read that must not wait";
      }
      if (!environment.tryNow()) {
        return "this engine cannot read the page cache without waiting";
      }
      if (facts.files() > 1) {
        return facts.files() + " files side by side share each call into the kernel";
      }
      String overlaps = "reads ahead overlap";
      if (facts.fileSystem().isRemote()) {
        overlaps += ", and with them what each question costs there";
      }
      return facts.cachedShare() < 0
          ? overlaps
          : percent() + " % of it not in the page cache, and " + overlaps;
    }

    private long percent() {
      return Math.round(100 * (1 - facts.cachedShare()));
    }

    private Candidate direct() {
      double windows = windowsPerMib(Route.DIRECT);
      double overlap = overlap(Route.DIRECT);
      double nanos = windows * (costs.handOff() + latency()) / overlap + device();
      return new Candidate(
          Route.DIRECT, nanos, "read once, large beside free memory, and the device takes it");
    }

    private Candidate uncached() {
      double windows = windowsPerMib(Route.UNCACHED);
      double overlap = overlap(Route.UNCACHED);
      double cold = 1 - cachedShare();
      double nanos =
          windows * costs.handOff() / overlap
              + copy()
              + cold * (windows * latency() / overlap + device());
      return new Candidate(
          Route.UNCACHED, nanos, "read once, large beside free memory: the cache stays as it was");
    }

    /// Threads of its own fault it in, so each window is handed over.
    private Candidate mapped() {
      double windows = windowsPerMib(Route.MAPPED);
      double overlap = overlap(Route.MAPPED);
      double cold = 1 - cachedShare();
      double nanos =
          windows * costs.handOff() / overlap
              + (double) MIB / costs.touchRate() * 1000
              + cold * (windows * latency() / overlap + device());
      return new Candidate(Route.MAPPED, nanos, "maps are permitted, and save the copy");
    }

    private double copy() {
      return (double) MIB / costs.copyRate() * 1000;
    }

    private String cachedWords() {
      if (facts.cachedShare() < 0) {
        return "whether it is in the page cache the first reads will tell";
      }
      return Math.round(100 * facts.cachedShare()) + " % of it is in the page cache";
    }

    // ---- Windows -------------------------------------------------------------------------------

    Plan plan(Route route, String why) {
      return new Plan(route, window(route), ahead(route), behind(route), why);
    }

    private long window(Route route) {
      long wanted =
          switch (hint) {
            case WHOLE -> facts.size() > 0 ? facts.size() : costs.coldWindow();
            case RANDOM, REPEATED -> costs.randomWindow();
            default -> {
              long usual = isReadAsCached(route) ? costs.cachedWindow() : costs.coldWindow();
              yield facts.windowBytes() > 0 ? facts.windowBytes() : usual;
            }
          };
      long most = Math.min(environment.maxWindow(), environment.maxBytes());
      long granularity = facts.granularity();
      long up = (Math.min(wanted, most) + granularity - 1) / granularity * granularity;
      return Math.max(granularity, up > most ? up - granularity : up);
    }

    private boolean isReadAsCached(Route route) {
      return switch (route) {
        case PREAD_NOWAIT, MEMORY -> true;
        case RING, MAPPED -> !isCold();
        default -> false;
      };
    }

    private int ahead(Route route) {
      return hint == AccessHint.RANDOM || hint == AccessHint.BACKWARD ? 0 : depth(route);
    }

    private int behind(Route route) {
      return hint == AccessHint.BACKWARD || hint == AccessHint.AUTOMATIC ? depth(route) : 0;
    }

    /// Enough in flight to keep a device busy for as long as it takes to answer, in half of the
    /// reader's memory at the most.
    private int depth(Route route) {
      if (route == Route.PREAD_NOWAIT || route == Route.MEMORY || hint == AccessHint.WHOLE) {
        return 0;
      }
      long window = window(route);
      long covered = latency() * costs.deviceRate() / 1000;
      long deep =
          Math.clamp((covered + window - 1) / window + 1, costs.leastAhead(), costs.mostAhead());
      return (int) Math.max(0, Math.min(deep, environment.maxBytes() / 2 / window));
    }
  }
}
