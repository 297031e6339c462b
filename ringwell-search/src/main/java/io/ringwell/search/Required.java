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

  /// Of what takes nothing.
  static final Required NOTHING = new Required(List.of(), false);

  /// Of one code point of a set; null where there are too many.
  static @Nullable Required of(CodePoints points) {
    int single = points.single();
    int lower = points.letter();
    if (single >= 0) {
      byte[] utf8 = Character.toString(single).getBytes(StandardCharsets.UTF_8);
      return new Required(List.of(new Needle(utf8, new byte[utf8.length])), true);
    }
    return lower < 0
        ? null
        : new Required(
            List.of(new Needle(new byte[] {(byte) lower}, new byte[] {Needle.CASE_BIT})), true);
  }

  /// Of one of several.
  static @Nullable Required any(List<@Nullable Required> choices) {
    List<Needle> all = new ArrayList<>();
    boolean exact = true;
    for (Required one : choices) {
      if (one == null || one.needles.isEmpty()) {
        return null;
      }
      for (Needle needle : one.needles) {
        if (!all.contains(needle)) {
          all.add(needle);
        }
      }
      exact &= one.exact;
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
  static final class Runs {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ByteArrayOutputStream fold = new ByteArrayOutputStream();
    private @Nullable Required best;

    /// Whether all so far is one run.
    private boolean whole = true;

    /// @param next what the next part requires
    void add(@Nullable Required next) {
      if (next == NOTHING) {
        // The run goes on; but it is not all there is to a match.
        whole = false;
      } else if (next != null && next.exact && next.needles.size() == 1) {
        Needle needle = next.needles.getFirst();
        bytes.writeBytes(needle.bytes());
        fold.writeBytes(needle.fold());
      } else {
        flush();
        if (best != null || next == null || !next.exact) {
          whole = false;
        }
        if (next != null) {
          offer(next);
        }
      }
    }

    /// What the whole sequence requires.
    @Nullable Required end() {
      flush();
      return best == null ? null : new Required(best.needles, whole && best.exact);
    }

    private void flush() {
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
