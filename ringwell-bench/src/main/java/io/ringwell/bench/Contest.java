package io.ringwell.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Contenders that take turns, so that what else goes on meets all of them alike. The first one is
/// what the others are compared with.
final class Contest {
  private static final int WARM_UP = Integer.getInteger("warmup", 2);
  private static final int ROUNDS = Integer.getInteger("rounds", 7);

  private static final Pattern ONLY = Pattern.compile(System.getProperty("only", ""));

  /// One turn, and what came of it: the more the better.
  interface Turn {
    double run() throws Exception;
  }

  private record Contender(String name, Turn turn, List<Double> results, List<Double> ratios) {}

  private final String unit;
  private final int warmUp;
  private final List<Contender> contenders = new ArrayList<>();

  /// @param unit of the results
  Contest(String unit) {
    this(unit, WARM_UP);
  }

  /// @param warmUp turns of each that do not count
  Contest(String unit, int warmUp) {
    this.unit = unit;
    this.warmUp = warmUp;
  }

  /// Where `-Donly=REGEX` does not find itself in the name, it does not run: for profiles of one.
  void add(String name, Turn turn) {
    if (ONLY.matcher(name).find()) {
      contenders.add(new Contender(name, turn, new ArrayList<>(), new ArrayList<>()));
    }
  }

  /// Prints a line for each: median, least and greatest, and the median ratio of the turns of one
  /// round with its least and greatest. Every second round goes backwards.
  ///
  /// @return the median of each, in their order
  Map<String, Double> run() throws Exception {
    for (int round = 0; round < warmUp + ROUNDS; round++) {
      for (Contender one : round % 2 == 0 ? contenders : contenders.reversed()) {
        double result = one.turn.run();
        if (round >= warmUp) {
          one.results.add(result);
        }
      }
    }
    Contender first = contenders.getFirst();
    for (Contender one : contenders) {
      for (int i = 0; i < ROUNDS; i++) {
        one.ratios.add(one.results.get(i) / first.results.get(i));
      }
    }
    for (Contender one : contenders) {
      System.out.printf(
          Locale.ROOT,
          "%-36s %12s %s  %s x%n",
          one.name,
          spread(one.results, "%,.1f"),
          unit,
          spread(one.ratios, "%.2f"));
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    for (Contender one : contenders) {
      medians.put(one.name, one.results.stream().sorted().toList().get(ROUNDS / 2));
    }
    return medians;
  }

  private static String spread(List<Double> values, String format) {
    List<Double> sorted = values.stream().sorted().toList();
    return String.format(
        Locale.ROOT,
        format + " (" + format + "-" + format + ")",
        sorted.get(ROUNDS / 2),
        sorted.getFirst(),
        sorted.getLast());
  }
}
