package io.ringwell.search;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What every match of a pattern contains: one of a few needles.
///
/// @param needles one of which is in each match
/// @param exact whether, in turn, each of them is a match
record Required(List<Needle> needles, boolean exact) {
  /// More than these are not faster to look for than the pattern itself.
  private static final int MAX_NEEDLES = 4;

  /// Of a pattern that nothing is known about; null.
  static @Nullable Required of(Node pattern) {
    if (pattern instanceof Node.Either either) {
      return any(either);
    }
    Runs runs = new Runs();
    runs.add(pattern);
    runs.flush();
    if (runs.best == null) {
      return null;
    }
    return new Required(runs.best.needles(), runs.whole && runs.best.exact());
  }

  private static @Nullable Required any(Node.Either either) {
    List<Needle> all = new ArrayList<>();
    boolean exact = true;
    for (Node choice : either.choices()) {
      Required one = of(choice);
      if (one == null) {
        return null;
      }
      for (Needle needle : one.needles()) {
        if (!all.contains(needle)) {
          all.add(needle);
        }
      }
      exact &= one.exact();
    }
    return all.size() > MAX_NEEDLES ? null : new Required(all, exact);
  }

  private int worth() {
    int worth = Integer.MAX_VALUE;
    for (Needle needle : needles) {
      worth = Math.min(worth, needle.worth());
    }
    // A further needle costs about as much as a byte that is met twice as often.
    return worth - 24 * (needles.size() - 1);
  }

  /// Goes through a sequence and gathers runs of bytes that follow each other.
  private static final class Runs {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ByteArrayOutputStream fold = new ByteArrayOutputStream();
    @Nullable Required best;

    /// Whether all so far is one run.
    boolean whole = true;

    void add(Node node) {
      switch (node) {
        case Node.Empty() -> {}
        // Takes nothing, so that the run goes on; but it is not all there is to a match.
        case Node.Look look -> whole = false;
        case Node.Concat(var parts) -> parts.forEach(this::add);
        case Node.Set(var points) -> addSet(points);
        case Node.Either either -> interrupt(any(either));
        case Node.Repeat repeat -> interrupt(repeat.min() > 0 ? of(repeat.body()) : null);
      }
    }

    private void interrupt(@Nullable Required inside) {
      flush();
      whole = false;
      if (inside != null) {
        offer(inside);
      }
    }

    private void addSet(CodePoints points) {
      int single = points.single();
      int lower = letter(points);
      if (single >= 0) {
        byte[] utf8 = Character.toString(single).getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes(utf8);
        fold.writeBytes(new byte[utf8.length]);
      } else if (lower >= 0) {
        bytes.write(lower);
        fold.write(Needle.CASE_BIT);
      } else {
        flush();
        whole = false;
      }
    }

    /// The lower-case letter of ASCII whose two cases are all of `points`, or -1.
    private static int letter(CodePoints points) {
      if (points.ranges() != 2 || points.low(0) != points.high(0)) {
        return -1;
      }
      int upper = points.low(0);
      int lower = upper + Needle.CASE_BIT;
      boolean both =
          upper >= 'A' && upper <= 'Z' && points.low(1) == lower && points.high(1) == lower;
      return both ? lower : -1;
    }

    void flush() {
      if (bytes.size() > 0) {
        offer(new Required(List.of(new Needle(bytes.toByteArray(), fold.toByteArray())), true));
        bytes.reset();
        fold.reset();
      }
    }

    private void offer(Required found) {
      if (best != null) {
        whole = false;
      }
      if (best == null || found.worth() > best.worth()) {
        best = found;
      }
    }
  }
}
