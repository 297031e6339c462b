package io.ringwell.s3.rig;

import io.ringwell.s3.rig.Fault.Kind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Random faults that a client is to survive: which ones come is a matter of the seed and of what
/// was asked for how often, not of the order in which requests of several threads arrive.
///
/// The same request fails at most so many times, and then passes, so that retries come to an end.
public final class SeededFaults implements FaultScript {
  /// Faults after which a client knows, or may suspect, that it has to try again.
  private static final List<Kind> RETRIED =
      List.of(
          Kind.ANSWER,
          Kind.CUT_REQUEST,
          Kind.RESET_REQUEST,
          Kind.CUT_ANSWER,
          Kind.RESET_ANSWER,
          Kind.LOSE_ANSWER);

  private final long seed;
  private final int percent;
  private final int inARow;
  private final Predicate<S3Request> victims;
  private final List<Kind> kinds;
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();
  private final Map<String, Integer> failed = new ConcurrentHashMap<>();

  /// @param percent how many of a hundred requests fail
  /// @param inARow how often the same request fails at the most
  /// @param victims which requests may fail
  /// @param kinds the faults to choose from
  public SeededFaults(
      long seed, int percent, int inARow, Predicate<S3Request> victims, List<Kind> kinds) {
    this.seed = seed;
    this.percent = percent;
    this.inARow = inARow;
    this.victims = victims;
    this.kinds = List.copyOf(kinds);
  }

  /// Every request may fail, in every way that a client hears of at once. Stalls are left out: how
  /// long they last is the client's patience.
  public SeededFaults(long seed, int percent, int inARow) {
    this(seed, percent, inARow, request -> true, RETRIED);
  }

  @Override
  public Fault on(S3Request request) {
    if (!victims.test(request)) {
      return Fault.NONE;
    }
    // Ids of uploads, dates and signatures differ from run to run.
    String name =
        request.method()
            + " "
            + request.target().replaceAll("(uploadId|X-Amz-[A-Za-z-]+)=[^&]*", "$1")
            + " "
            + request.range();
    int time = asked.merge(name, 1, Integer::sum);
    long random = mix(mix(seed ^ name.hashCode()) + time);
    if (Math.floorMod(random, 100) >= percent || failed.merge(name, 1, Integer::sum) > inARow) {
      return Fault.NONE;
    }
    random = mix(random);
    double where = (random >>> 11) * 0x1p-53;
    random = mix(random);
    Kind kind = kinds.get((int) Math.floorMod(random, (long) kinds.size()));
    return kind == Kind.ANSWER ? answer(mix(random)) : Fault.at(kind, where);
  }

  private static Fault answer(long random) {
    return switch ((int) Math.floorMod(random, 3L)) {
      case 0 -> Fault.answer(500, "InternalError");
      case 1 -> Fault.answer(503, "SlowDown");
      default -> Fault.answer(503, "ServiceUnavailable");
    };
  }

  /// SplitMix64.
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
