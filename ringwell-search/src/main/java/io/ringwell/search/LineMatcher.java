package io.ringwell.search;

import com.google.re2j.Pattern;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells where the next line lies that matches. One thread's; made from a [Compiled], which is
/// everybody's.
///
/// Needles that every match contains are looked for first, and the pattern is run on those lines
/// alone where needles do not settle it: a needle is found some hundred times as fast as RE2/J goes
/// through a line.
final class LineMatcher {
  /// The patterns of a search, ready for any number of threads.
  ///
  /// @param pattern null where the needles settle it
  /// @param marked for texts as [WordMarks] writes them, which lines that are not ASCII then need;
  ///   else null
  record Compiled(
      @Nullable Required required,
      @Nullable Pattern pattern,
      @Nullable Pattern marked,
      boolean everything) {
    /// @throws BadPatternException where one is none
    static Compiled of(SearchOptions options) {
      Regex all = read(options, false);
      if (all.ends() == (Regex.ASCII_ENDS | Regex.UNICODE_ENDS)) {
        throw new BadPatternException(
            "the ends of words are ASCII's for one part of the search and Unicode's for another:"
                + " that is not supported");
      }
      boolean everything = options.patterns().contains("");
      Required required = everything ? null : all.required();
      if (everything || (required != null && required.exact())) {
        return new Compiled(required, null, null, everything);
      }
      boolean marks = all.ends() == Regex.UNICODE_ENDS;
      return new Compiled(
          required, all.compile(), marks ? read(options, true).compile() : null, false);
    }

    private static Regex read(SearchOptions options, boolean marked) {
      List<Regex> choices = new ArrayList<>();
      for (String pattern : options.patterns()) {
        if (options.fixed() && pattern.indexOf('\n') >= 0) {
          throw new BadPatternException(
              pattern,
              pattern.indexOf('\n'),
              "the line feed is not allowed in a pattern: lines are searched one by one");
        }
        choices.add(
            options.fixed()
                ? Regex.literal(pattern, options.ignoreCase())
                : PatternParser.parse(pattern, options.ignoreCase(), marked));
      }
      return Regex.either(choices);
    }
  }

  private final Compiled compiled;
  private final @Nullable LiteralFinder finder;
  private final @Nullable RegexLines lines;

  LineMatcher(Compiled compiled) {
    this.compiled = compiled;
    Required required = compiled.required();
    Pattern pattern = compiled.pattern();
    this.finder = required == null ? null : LiteralFinder.of(required.needles());
    this.lines = pattern == null ? null : new RegexLines(pattern, compiled.marked());
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
    RegexLines pattern = lines;
    if (needles == null) {
      return pattern == null ? -1 : pattern.find(in, from, to);
    }
    if (pattern == null) {
      return needles.find(in, from, to);
    }
    long at = from;
    while (at < to) {
      long candidate = needles.find(in, at, to);
      if (candidate < 0) {
        return -1;
      }
      long start = Math.max(at, ByteFinder.last(in, (byte) '\n', at, candidate) + 1);
      long feed = ByteFinder.near(in, (byte) '\n', candidate, to);
      long end = feed < 0 ? to : feed + 1;
      if (pattern.find(in, start, end) >= 0) {
        return start;
      }
      at = end;
    }
    return -1;
  }
}
