package io.ringwell.search;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pattern, or a part of one: as RE2/J is told it, and what every match contains.
///
/// RE2/J is told of sets by their ranges, and never of the line feed nor of a surrogate: a match
/// stays within a line, and what stands for invalid bytes is in no set.
///
/// @param text in RE2/J's syntax, for whole lines, with [Pattern#MULTILINE]
/// @param required null where nothing is known
/// @param size how many steps RE2/J's program has, about
/// @param ends whose words' ends it asks for: [#ASCII_ENDS], [#UNICODE_ENDS], both or 0
record Regex(String text, @Nullable Required required, long size, int ends) {
  static final int ASCII_ENDS = 1;
  static final int UNICODE_ENDS = 2;

  /// Stands for flags, which are not a part of a pattern and not repeated.
  static final Regex FLAGS = new Regex("", null, 0, 0);

  /// A program of some megabytes. More is hardly meant, and RE2/J has no bound of its own.
  private static final long MAX_SIZE = 100_000;

  /// A text as it stands.
  static Regex literal(String text, boolean ignoreCase) {
    List<Regex> parts = new ArrayList<>();
    text.codePoints()
        .forEach(c -> {
          CodePoints one = CodePoints.of(c);
          parts.add(set(ignoreCase ? one.folded(false) : one));
        });
    return sequence(parts);
  }

  /// One code point of a set.
  static Regex set(CodePoints points) {
    CodePoints inLine = points.inLine();
    return new Regex(inLine.toString(), Required.of(inLine), 1, 0);
  }

  /// A condition on a position.
  static Regex look(String text, int ends) {
    return new Regex(text, Required.NOTHING, 1, ends);
  }

  static Regex sequence(List<Regex> parts) {
    StringBuilder text = new StringBuilder();
    Required.Runs runs = new Required.Runs();
    long size = 0;
    int ends = 0;
    for (Regex part : parts) {
      if (!part.text.isEmpty()) {
        text.append(part.text);
        runs.add(part.required);
        size += part.size;
        ends |= part.ends;
      }
    }
    return new Regex(text.toString(), runs.end(), bounded(size), ends);
  }

  static Regex either(List<Regex> choices) {
    if (choices.size() == 1) {
      return choices.getFirst();
    }
    List<String> texts = choices.stream().map(Regex::text).toList();
    List<@Nullable Required> needs = new ArrayList<>();
    choices.forEach(choice -> needs.add(choice.required));
    long size = choices.stream().mapToLong(choice -> choice.size + 1).sum();
    int ends = choices.stream().mapToInt(Regex::ends).reduce(0, (one, other) -> one | other);
    return new Regex(String.join("|", texts), Required.any(needs), bounded(size), ends);
  }

  /// The same as one thing.
  Regex grouped() {
    return new Regex("(?:" + text + ")", required, size, ends);
  }

  /// @param times as RE2/J has it: `*`, `{2,3}`
  /// @param min how often it is there at the least
  /// @param copies how often RE2/J writes it out
  Regex repeated(String times, int min, int copies) {
    long all = bounded((size + 1) * copies);
    Required one = required;
    if (min == 0 || one == null || one == Required.NOTHING) {
      return new Regex(text + times, null, all, ends);
    }
    return new Regex(text + times, new Required(one.needles(), false), all, ends);
  }

  private static long bounded(long size) {
    if (size > MAX_SIZE) {
      throw new BadPatternException("the pattern is too large: counted repetitions multiply");
    }
    return size;
  }

  /// @throws BadPatternException where RE2/J does not take it
  Pattern compile() {
    try {
      return Pattern.compile(text, Pattern.MULTILINE);
    } catch (PatternSyntaxException e) {
      throw new BadPatternException("the pattern is not supported: " + e.getDescription());
    } catch (StackOverflowError e) {
      throw new BadPatternException("the pattern is nested too deeply");
    }
  }
}
