package io.ringwell.search;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// The sets of code points that patterns name: `\w`, `[:alpha:]`, `\p{Greek}`.
///
/// Unicode's tables are the JDK's, one set by one, made when it is first named.
final class NamedSets {
  private static final String LONG_NAMES =
      "letter L uppercaseletter Lu lowercaseletter Ll titlecaseletter Lt casedletter LC"
          + " modifierletter Lm otherletter Lo mark M nonspacingmark Mn spacingmark Mc"
          + " enclosingmark Me number N decimalnumber Nd digit Nd letternumber Nl othernumber No"
          + " punctuation P punct P connectorpunctuation Pc dashpunctuation Pd"
          + " openpunctuation Ps closepunctuation Pe initialpunctuation Pi finalpunctuation Pf"
          + " otherpunctuation Po symbol S mathsymbol Sm currencysymbol Sc modifiersymbol Sk"
          + " othersymbol So separator Z spaceseparator Zs lineseparator Zl"
          + " paragraphseparator Zp other C control Cc format Cf surrogate Cs privateuse Co"
          + " unassigned Cn";

  private static final Map<String, String> CATEGORIES = categories();

  private NamedSets() {}

  private static Map<String, String> categories() {
    Map<String, String> names = new HashMap<>();
    String[] words = LONG_NAMES.split(" ");
    for (int i = 0; i < words.length; i += 2) {
      names.put(words[i], words[i + 1]);
      names.put(words[i + 1].toLowerCase(Locale.ROOT), words[i + 1]);
    }
    return names;
  }

  private static final class Digit {
    static final CodePoints SET =
        CodePoints.all(c -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER);
  }

  private static final class Word {
    static final CodePoints SET = CodePoints.all(NamedSets::isWord);
  }

  private static final class Space {
    static final CodePoints SET =
        CodePoints.all(c -> Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == 0x85);
  }

  static CodePoints digit() {
    return Digit.SET;
  }

  static CodePoints word() {
    return Word.SET;
  }

  static CodePoints space() {
    return Space.SET;
  }

  /// As Unicode's technical standard 18, annex C, has `\w`.
  static boolean isWord(int c) {
    if (c < 0x80) {
      return isAsciiWord(c);
    }
    return Character.isAlphabetic(c)
        || switch (Character.getType(c)) {
          case Character.NON_SPACING_MARK,
              Character.ENCLOSING_MARK,
              Character.COMBINING_SPACING_MARK,
              Character.DECIMAL_DIGIT_NUMBER,
              Character.CONNECTOR_PUNCTUATION ->
              true;
          default -> c == 0x200c || c == 0x200d;
        };
  }

  static boolean isAsciiWord(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  /// A class of POSIX, in ASCII; null where there is none of that name.
  static @Nullable CodePoints posix(String name) {
    CodePoints lower = CodePoints.range('a', 'z');
    CodePoints upper = CodePoints.range('A', 'Z');
    CodePoints digits = CodePoints.range('0', '9');
    CodePoints alnum = lower.or(upper).or(digits);
    return switch (name) {
      case "alnum" -> alnum;
      case "alpha" -> lower.or(upper);
      case "ascii" -> CodePoints.range(0, 0x7f);
      case "blank" -> CodePoints.of(' ').or(CodePoints.of('\t'));
      case "cntrl" -> CodePoints.range(0, 0x1f).or(CodePoints.of(0x7f));
      case "digit" -> digits;
      case "graph" -> CodePoints.range('!', '~');
      case "lower" -> lower;
      case "print" -> CodePoints.range(' ', '~');
      case "punct" -> CodePoints.range('!', '~').minus(alnum);
      case "space" -> CodePoints.range('\t', '\r').or(CodePoints.of(' '));
      case "upper" -> upper;
      case "word" -> alnum.or(CodePoints.of('_'));
      case "xdigit" -> digits.or(CodePoints.range('a', 'f')).or(CodePoints.range('A', 'F'));
      default -> null;
    };
  }

  /// What `\p{name}` names; null where that is nothing.
  static @Nullable CodePoints property(String name) {
    String value = name;
    int equals = Math.max(name.indexOf('='), name.indexOf(':'));
    if (equals >= 0) {
      value = name.substring(equals + 1);
    }
    String plain = value.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
    if (plain.equals("any")) {
      return CodePoints.NONE.not();
    }
    if (plain.equals("ascii")) {
      return CodePoints.range(0, 0x7f);
    }
    String category = CATEGORIES.get(plain);
    // Of names that the JDK knows in one spelling alone, such as IsWhite_Space.
    String[] spellings =
        category != null
            ? new String[] {category}
            : new String[] {"Is" + value, "Is" + value.replace(' ', '_'), "Is" + plain};
    for (String spelling : spellings) {
      Pattern pattern = compiled("\\p{" + spelling + "}");
      if (pattern != null) {
        return CodePoints.all(c -> pattern.matcher(Character.toString(c)).matches());
      }
    }
    return null;
  }

  private static @Nullable Pattern compiled(String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      // The JDK has no set of this name.
      return null;
    }
  }
}
