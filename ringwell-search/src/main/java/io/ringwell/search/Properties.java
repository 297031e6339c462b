package io.ringwell.search;

import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The properties that `\p{…}` names: general categories, scripts, and those that are there or not.
///
/// Names are read as Unicode's annex 44 says: case, blanks, hyphens, underscores and `is` in front
/// mean nothing. What the JDK does not know is unknown here: script extensions, ages, and how text
/// is broken.
final class Properties {
  private static final String LONG_NAMES =
      "letter L uppercaseletter Lu lowercaseletter Ll titlecaseletter Lt casedletter LC"
          + " modifierletter Lm otherletter Lo mark M combiningmark M nonspacingmark Mn"
          + " spacingmark Mc enclosingmark Me number N decimalnumber Nd digit Nd letternumber Nl"
          + " othernumber No punctuation P punct P connectorpunctuation Pc dashpunctuation Pd"
          + " openpunctuation Ps closepunctuation Pe initialpunctuation Pi finalpunctuation Pf"
          + " otherpunctuation Po symbol S mathsymbol Sm currencysymbol Sc modifiersymbol Sk"
          + " othersymbol So separator Z spaceseparator Zs lineseparator Zl"
          + " paragraphseparator Zp other C control Cc cntrl Cc format Cf surrogate Cs"
          + " privateuse Co unassigned Cn";

  /// Of general categories, by the number that the JDK gives each.
  private static final String TYPES =
      "Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf -- Co Cs Pd Ps Pe Pc Po Sm Sc Sk So"
          + " Pi Pf";

  private static final Map<String, String> CATEGORIES = categories();
  private static final Map<String, IntPredicate> BINARY = binary();

  private Properties() {}

  private static Map<String, String> categories() {
    Map<String, String> names = new HashMap<>();
    String[] words = LONG_NAMES.split(" ");
    for (int i = 0; i < words.length; i += 2) {
      names.put(words[i], words[i + 1]);
      names.put(words[i + 1].toLowerCase(Locale.ROOT), words[i + 1]);
    }
    return names;
  }

  private static Map<String, IntPredicate> binary() {
    Map<String, IntPredicate> tests = new HashMap<>();
    put(tests, "any", c -> true);
    put(tests, "ascii", c -> c < 0x80);
    put(tests, "assigned", Character::isDefined);
    put(tests, "alphabetic alpha", Character::isAlphabetic);
    put(tests, "lowercase lower", Character::isLowerCase);
    put(tests, "uppercase upper", Character::isUpperCase);
    put(tests, "whitespace wspace space", NamedSets::isSpace);
    put(tests, "ideographic ideo", Character::isIdeographic);
    put(tests, "joincontrol joinc", c -> c == 0x200c || c == 0x200d);
    put(tests, "emoji", Character::isEmoji);
    put(tests, "emojipresentation epres", Character::isEmojiPresentation);
    put(tests, "emojimodifier emod", Character::isEmojiModifier);
    put(tests, "emojimodifierbase ebase", Character::isEmojiModifierBase);
    put(tests, "emojicomponent ecomp", Character::isEmojiComponent);
    put(tests, "extendedpictographic extpict", Character::isExtendedPictographic);
    return tests;
  }

  private static void put(Map<String, IntPredicate> tests, String names, IntPredicate test) {
    for (String name : names.split(" ")) {
      tests.put(name, test);
    }
  }

  /// What `\p{name}` names, alone or as `name=value`, `name:value` or `name!=value`; null where
  /// that is nothing.
  static @Nullable CodePoints of(String name) {
    int not = name.indexOf("!=");
    int colon = not >= 0 ? -1 : name.indexOf(':');
    int between = not >= 0 ? not : colon >= 0 ? colon : name.indexOf('=');
    if (between < 0) {
      IntPredicate test = binaryCategoryOrScript(plain(name));
      return test == null ? null : CodePoints.all(test);
    }
    String value = plain(name.substring(between + (not >= 0 ? 2 : 1)));
    IntPredicate test =
        switch (plain(name.substring(0, between))) {
          case "gc", "generalcategory" -> category(value);
          case "sc", "script" -> script(value);
          default -> null;
        };
    return test == null ? null : CodePoints.all(not >= 0 ? test.negate() : test);
  }

  private static @Nullable IntPredicate binaryCategoryOrScript(String plain) {
    IntPredicate test = BINARY.get(plain);
    if (test == null) {
      test = category(plain);
    }
    return test == null ? script(plain) : test;
  }

  private static String plain(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[ _-]|[^\\x00-\\x7f]", "");
    return plain.startsWith("is") ? plain.substring(2) : plain;
  }

  private static @Nullable IntPredicate category(String plain) {
    String wanted = CATEGORIES.get(plain);
    if (wanted == null) {
      return switch (plain) {
        // Not of the table, whatever else they are.
        case "any", "ascii", "assigned" -> BINARY.get(plain);
        default -> null;
      };
    }
    String[] types = TYPES.split(" ");
    boolean[] meant = new boolean[types.length];
    for (int type = 0; type < types.length; type++) {
      meant[type] =
          wanted.equals("LC")
              ? type >= Character.UPPERCASE_LETTER && type <= Character.TITLECASE_LETTER
              : types[type].startsWith(wanted);
    }
    return c -> meant[Character.getType(c)];
  }

  private static @Nullable IntPredicate script(String plain) {
    for (UnicodeScript script : UnicodeScript.values()) {
      if (plain.equals(plain(script.name()))) {
        return c -> UnicodeScript.of(c) == script;
      }
    }
    if (plain.length() != 4) {
      return null;
    }
    try {
      // By its four letters.
      UnicodeScript script = UnicodeScript.forName(plain);
      return c -> UnicodeScript.of(c) == script;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
