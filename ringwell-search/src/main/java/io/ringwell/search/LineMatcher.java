package io.ringwell.search;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells where the next line lies that matches. One thread's; made from a [Compiled], which is
/// everybody's.
///
/// Needles that every match contains are looked for first, and the pattern is run on those lines
/// alone where needles do not settle it. Where too many lines have one and do not match, the
/// pattern is run on everything.
final class LineMatcher {
  /// The patterns of a search, ready for any number of threads.
  ///
  /// @param nfa null where the needles settle it
  record Compiled(@Nullable Required required, @Nullable Nfa nfa, boolean everything) {
    /// @throws BadPatternException where one is none
    static Compiled of(SearchOptions options) {
      List<Node> nodes = new ArrayList<>();
      for (String pattern : options.patterns()) {
        if (options.fixed() && pattern.indexOf('\n') >= 0) {
          throw new BadPatternException(
              pattern,
              pattern.indexOf('\n'),
              "the line feed is not allowed in a pattern: lines are searched one by one");
        }
        nodes.add(
            options.fixed()
                ? Node.literal(pattern, options.ignoreCase())
                : PatternParser.parse(pattern, options.ignoreCase()));
      }
      Node all = nodes.size() == 1 ? nodes.getFirst() : new Node.Either(nodes);
      boolean everything = options.patterns().contains("");
      Required required = everything ? null : Required.of(all);
      boolean settled = everything || (required != null && required.exact());
      return new Compiled(required, settled ? null : new Nfa(all), everything);
    }

    /// Without the first look at needles.
    Compiled withoutNeedles() {
      return nfa == null ? this : new Compiled(null, nfa, everything);
    }
  }

  /// Lines with a needle and without a match, before their share is looked at.
  private static final int ENOUGH_IN_VAIN = 64;

  /// Fewer bytes than this for each of them, and the needles are no help.
  private static final int VAIN_BYTES = 512;

  private final Compiled compiled;
  private final @Nullable LiteralFinder finder;
  private final @Nullable LazyDfa dfa;
  private boolean needlesHelp;
  private long vain;
  private long looked;

  LineMatcher(Compiled compiled) {
    this.compiled = compiled;
    Required required = compiled.required();
    Nfa nfa = compiled.nfa();
    this.finder = required == null ? null : LiteralFinder.of(required.needles());
    this.dfa = nfa == null ? null : new LazyDfa(nfa);
    this.needlesHelp = finder != null;
  }

  /// To be called before other memory is searched, or the same with other content.
  void restart() {
    if (finder != null) {
      finder.restart();
    }
  }

  /// A position in the first line that matches, or at its line feed; -1 where none does. `from` is
  /// the start of a line, `to` the end of one, and there is something between.
  long find(MemorySegment in, long from, long to) {
    if (compiled.everything()) {
      return from;
    }
    LiteralFinder needles = finder;
    LazyDfa pattern = dfa;
    if (needles == null || !needlesHelp) {
      return pattern == null ? -1 : pattern.find(in, from, to);
    }
    if (pattern == null) {
      return needles.find(in, from, to);
    }
    long at = from;
    while (at < to) {
      long candidate = needles.find(in, at, to);
      if (candidate < 0) {
        looked += to - at;
        return -1;
      }
      long start = Math.max(at, ByteFinder.last(in, (byte) '\n', at, candidate) + 1);
      long feed = ByteFinder.near(in, (byte) '\n', candidate, to);
      long end = feed < 0 ? to : feed + 1;
      if (pattern.find(in, start, end) >= 0) {
        return start;
      }
      looked += end - at;
      at = end;
      if (++vain >= ENOUGH_IN_VAIN) {
        if (looked < vain * VAIN_BYTES) {
          needlesHelp = false;
          return at < to ? pattern.find(in, at, to) : -1;
        }
        vain = 0;
        looked = 0;
      }
    }
    return -1;
  }
}
