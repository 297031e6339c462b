package io.ringwell.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineMatcherTest {
  private static final int ROUNDS = 1000;

  private static long find(String pattern, byte[] text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
      LineMatcher matcher = new LineMatcher(LineMatcher.Compiled.of(SearchOptions.of(pattern)));
      return matcher.find(memory, 0, text.length);
    }
  }

  private static boolean matches(String pattern, String text) {
    return find(pattern, text.getBytes(StandardCharsets.UTF_8)) >= 0;
  }

  /// A pattern that means the same to the JDK.
  private static String pattern(Random random, int depth) {
    return switch (random.nextInt(depth > 3 ? 6 : 11)) {
      case 0 -> "a";
      case 1 -> "b";
      case 2 -> "ä";
      case 3 -> ".";
      case 4 ->
          new String[] {"[ab]", "[^a]", "\\w", "\\W", "\\s", "\\d", "[ä-ü]", "_", "[^_]"}
              [random.nextInt(9)];
      case 5 -> new String[] {"^", "$", "\\b", "\\B"}[random.nextInt(4)];
      case 6, 7 -> pattern(random, depth + 1) + pattern(random, depth + 1);
      case 8 -> "(" + pattern(random, depth + 1) + "|" + pattern(random, depth + 1) + ")";
      case 9 ->
          "("
              + pattern(random, depth + 1)
              + ")"
              + new String[] {"*", "+", "?", "{2}", "{1,3}", "*?"}[random.nextInt(6)];
      default -> "(?:" + pattern(random, depth + 1) + ")";
    };
  }

  private static String line(Random random) {
    StringBuilder line = new StringBuilder();
    int length = random.nextInt(9);
    for (int i = 0; i < length; i++) {
      line.append(new String[] {"a", "b", "ä", " ", "1", "-", "日", "€", "_"}[random.nextInt(9)]);
    }
    return line.toString();
  }

  @Test
  void aLineMatchesWhereTheJdkFindsAMatch() {
    Random random = Seed.random(LineMatcherTest.class);
    for (int round = 0; round < ROUNDS; round++) {
      String text = pattern(random, 0);
      Pattern jdk = Pattern.compile(text, Pattern.UNICODE_CHARACTER_CLASS);
      LineMatcher matcher = new LineMatcher(LineMatcher.Compiled.of(SearchOptions.of(text)));
      StringBuilder lines = new StringBuilder();
      int expected = -1;
      for (int i = 0; i < 6; i++) {
        String line = line(random);
        if (expected < 0 && jdk.matcher(line).find()) {
          expected = i;
        }
        lines.append(line).append('\n');
      }
      if (random.nextBoolean()) {
        lines.setLength(lines.length() - 1);
      }
      byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
      if (bytes.length == 0
          || (expected == 5
              && bytes[bytes.length - 1] == '\n'
              && lines.toString().split("\n", -1).length == 6)) {
        continue;
      }
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
        long found = matcher.find(memory, 0, bytes.length);
        int line = -1;
        if (found >= 0) {
          line = 0;
          for (int i = 0; i < found; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
          }
        }
        assertThat(line).as("/%s/ in %s", text, lines).isEqualTo(expected);
      }
    }
  }

  @Test
  void aLoopMatchesWhateverTheSizeOfThePatternAroundIt() {
    // The loop lies where an array of states grows, for one of them.
    for (int size = 30; size < 80; size++) {
      String pattern = "^[^f]*\\d" + ".".repeat(size % 7) + "z{" + size + "}";
      String text = "xyz7" + "-".repeat(size % 7) + "z".repeat(size);
      assertThat(matches(pattern, text)).as(pattern).isTrue();
      assertThat(matches(pattern, "f" + text)).as(pattern).isFalse();
    }
  }

  @Test
  void invalidBytesAreNoCharacters() {
    assertThat(find(".", new byte[] {(byte) 0xff, '\n'})).isEqualTo(-1);
    assertThat(find("^[^a]$", new byte[] {(byte) 0x80, '\n'})).isEqualTo(-1);
    assertThat(find("b", new byte[] {(byte) 0xc3, 'b', '\n'})).isEqualTo(1);
    // Surrogates and longer forms than need be are none either.
    assertThat(find(".", new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80})).isEqualTo(-1);
    assertThat(find(".", new byte[] {(byte) 0xc0, (byte) 0x80})).isEqualTo(-1);
  }

  @Test
  void caseIsFoldedAsUnicodeDoes() {
    assertThat(matches("(?i)ΣΊΣΥΦΟΣ", "σίσυφος")).isTrue();
    assertThat(matches("(?i)k", "\u212a")).isTrue();
    assertThat(matches("(?i)ß", "ẞ")).isTrue();
    assertThat(matches("(?i)i", "İ")).isFalse();
    assertThat(matches("(?i)[^a]", "A")).isFalse();
  }

  @Test
  void caseOfAsciiIsFoldedAsTheJdkFoldsIt() {
    for (int c = 0; c < 0x80; c++) {
      BitSet same = new BitSet();
      CaseFolding.addSame(c, same);
      for (int other = 0; other < 0x3000; other++) {
        boolean equal =
            other != c
                && other != 0x130
                && other != 0x131
                && Character.toLowerCase(Character.toUpperCase(other))
                    == Character.toLowerCase(Character.toUpperCase(c));
        if (other != c && same.get(other) != equal) {
          fail("%x and %x".formatted(other, c));
        }
      }
    }
  }

  @Test
  void withoutUnicodeWhatIsAsciiIsTaken() {
    assertThat(matches("(?-u:\\w)", "ä")).isFalse();
    assertThat(matches("(?-u:\\d)", "\u0663")).isFalse();
    assertThat(matches("(?i-u)k", "\u212a")).isFalse();
    assertThat(matches("(?-u:\\w)ä", "aä")).isTrue();
    for (String pattern : List.of("(?-u).", "(?-u)[^a]", "(?-u:\\W)", "(?-u)ä")) {
      assertThatThrownBy(() -> Search.of(SearchOptions.of(pattern)))
          .isInstanceOf(BadPatternException.class)
          .hasMessageContaining("(?-u)");
    }
  }

  @Test
  void theEndsOfWordsAreThoseOfUnicode() {
    assertThat(matches("\\bfoo\\b", "a foo.")).isTrue();
    assertThat(matches("\\bfoo", "äfoo")).isFalse();
    assertThat(matches("\\bä", " ä")).isTrue();
    assertThat(matches("_\\b", "_ä_")).isTrue();
    assertThat(matches("\\b_ä", "ä_ä")).isFalse();
    assertThat(matches("\\B", "ä")).isFalse();
    assertThat(matches("(?-u:\\b)foo", "äfoo")).isTrue();
    assertThatThrownBy(() -> Search.of(SearchOptions.of("\\ba(?-u:\\b)")))
        .isInstanceOf(BadPatternException.class)
        .hasMessageContaining("ASCII");
  }

  @Test
  void setsAreJoinedAndCut() {
    assertThat(matches("^[\\w--\\d]$", "5")).isFalse();
    assertThat(matches("^[\\w--\\d]$", "ä")).isTrue();
    assertThat(matches("^[a-m&&f-z]$", "e")).isFalse();
    assertThat(matches("^[a-m&&f-z]$", "f")).isTrue();
    assertThat(matches("^[a-m~~f-z]$", "f")).isFalse();
    assertThat(matches("^[a-m~~f-z]$", "z")).isTrue();
    assertThat(matches("^[^\\W\\d_]$", "_")).isFalse();
    assertThat(matches("^[^\\W\\d_]$", "é")).isTrue();
    assertThat(matches("(?i)^[^[:lower:]]$", "A")).isFalse();
  }

  @Test
  void setsAreReadAsRipgrepReadsThem() {
    assertThat(matches("^[]a-]{3}$", "]-a")).isTrue();
    assertThat(matches("^[--a]$", "-")).isTrue();
    assertThat(matches("^[^--a]$", "b")).isTrue();
    assertThat(matches("^[a--]$", "a")).isTrue();
    assertThat(matches("^[[:none:]]$", "o")).isTrue();
    assertThat(matches("^[:alpha:]$", "b")).isFalse();
    assertThat(matches("^[\\w-]$", "-")).isTrue();
    assertThat(matches("^[^\\n]$", "a")).isTrue();
    assertThat(matches("(?x)^[ a # none\n b ]$", "b")).isTrue();
    assertThat(matches("(?x)^[ a # none\n b ]$", " ")).isFalse();
    // Case is seen to before a property is turned round, and before sets are joined.
    assertThat(matches("(?i)^\\P{Lu}$", "a")).isFalse();
    assertThat(matches("(?i)^[[:^lower:]]$", "A")).isFalse();
    assertThat(matches("(?i)^[a-c--B]$", "b")).isFalse();
  }

  @Test
  void propertiesAreFoundByAnyOfTheirNames() {
    for (String name : List.of("Lu", "Uppercase_Letter", "gc=lu", "is_upper", "uppercase")) {
      assertThat(matches("^\\p{" + name + "}$", "Ä")).as(name).isTrue();
      assertThat(matches("^\\P{" + name + "}$", "ä")).as(name).isTrue();
    }
    for (String name : List.of("Greek", "grek", "sc=Greek", "Script: GREEK", "L")) {
      assertThat(matches("^\\p{" + name + "}$", "λ")).as(name).isTrue();
      assertThat(matches("^\\p{" + name + "}$", "1")).as(name).isFalse();
    }
    assertThat(matches("^\\pN\\pL\\PN$", "1ab")).isTrue();
    assertThat(matches("^\\p{sc!=Greek}\\P{gc != Lu}$", "1A")).isTrue();
    assertThat(matches("\\p{White_Space}\\p{Emoji}", " \ud83d\ude00")).isTrue();
  }

  @Test
  void aRepetitionMayBeCountedBeyondAThousand() {
    assertThat(matches("^a{2500}$", "a".repeat(2500))).isTrue();
    assertThat(matches("^a{2500}$", "a".repeat(2499))).isFalse();
    assertThat(matches("^a{1500,}$", "a".repeat(1499))).isFalse();
    assertThat(matches("^a{1500,}$", "a".repeat(4000))).isTrue();
    assertThat(matches("^a{1, 1200}$", "a".repeat(1201))).isFalse();
    assertThat(matches("^a{0}b$", "b")).isTrue();
  }

  @Test
  void aRepetitionMayBeRepeated() {
    assertThat(matches("^a{2}{2}$", "aaaa")).isTrue();
    assertThat(matches("^a{2}{2}$", "aaa")).isFalse();
    assertThat(matches("^(?:a*)*+?b$", "aab")).isTrue();
  }

  @Test
  void eachByteOfACutCharacterStandsForItself() {
    byte[] cut = {(byte) 0xc3, (byte) 0xa4, (byte) 0xe2, (byte) 0x84, (byte) 0xc7, (byte) 0x86};
    assertThat(find("\\B", cut)).isZero();
    assertThat(find("\\B\\w", cut)).isNegative();
  }

  @Test
  void linesBehindInvalidOnesAreFound() {
    byte[] text = "\u00e4x\n\u00e4b\nxy\n".getBytes(StandardCharsets.UTF_8);
    text[0] = (byte) 0xff;
    assertThat(find("^.x", text)).isEqualTo(-1);
    assertThat(find("^x?y$|^\\wb$", text)).isEqualTo(4);
    assertThat(find("^[xy]{2}$", text)).isEqualTo(8);
    assertThat(find("\ufffd", text)).isEqualTo(-1);
  }

  @Test
  void needlesAreTakenFromPatterns() {
    assertThat(LineMatcher.Compiled.of(SearchOptions.of("foo")).pattern()).isNull();
    assertThat(LineMatcher.Compiled.of(SearchOptions.of("foo|barbar")).pattern()).isNull();
    assertThat(needle("^\\s*foobar\\(\\w+x")).isEqualTo("foobar(");
    assertThat(needle("a(xyzzy)+b?")).isEqualTo("xyzzy");
    assertThat(LineMatcher.Compiled.of(SearchOptions.of("a*|b")).required()).isNull();
    assertThat(LineMatcher.Compiled.of(SearchOptions.of("(?:foo)?")).required()).isNull();
  }

  private static String needle(String pattern) {
    Required required = LineMatcher.Compiled.of(SearchOptions.of(pattern)).required();
    assertThat(required).isNotNull();
    return new String(required.needles().getFirst().bytes(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        ")",
        "a)",
        "[a",
        "*",
        "a{2",
        "a{3,2}",
        "\\",
        "\\q",
        "[b-a]",
        "(?z)",
        "\\p{Nonsense}",
        "a\nb",
        "\\n",
        "\\x{110000}",
        "(?P<n",
        "x{1000}{1000}",
        "[a-\\d]",
        "[\\d-a]",
        "[\\b]",
        "[a&&b]",
        "[^\\s\\S]",
        "\\P{any}",
        "[\\n]",
        "\\/",
        "\\ ",
        "\\1",
        "(?)",
        "(?ii)a",
        "(?i-)a",
        "(?i)*",
        "(?=a)",
        "(?<n>a)",
        "(?P<1>a)",
        "(?P<n>a)(?P<n>b)",
        "\\x{}",
        "\\u12",
        "\\p{scx=Greek}",
        "\\p{:Alphabetic}",
        "\\p{=L}",
        "\\p{!=L}",
        "\\p{L!=}"
      })
  void whatIsNoPatternIsRefusedWithTheReason(String pattern) {
    assertThatThrownBy(() -> Search.of(SearchOptions.of(pattern)))
        .isInstanceOf(BadPatternException.class);
  }
}
