package io.ringwell.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LiteralFinderTest {
  private static final int ROUNDS = 20_000;

  private static MemorySegment memory(Arena arena, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment memory = arena.allocate(Math.max(1, bytes.length));
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return memory.asSlice(0, bytes.length);
  }

  private static String letters(Random random, int length, int kinds) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      char c = (char) ('a' + random.nextInt(kinds));
      text.append(random.nextInt(4) == 0 ? Character.toUpperCase(c) : c);
    }
    return text.toString();
  }

  private static Needle needle(String text, boolean ignoreCase) {
    String needle = ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
    byte[] bytes = needle.getBytes(StandardCharsets.ISO_8859_1);
    byte[] fold = new byte[bytes.length];
    if (ignoreCase) {
      Arrays.fill(fold, Needle.CASE_BIT);
    }
    return new Needle(bytes, fold);
  }

  @Test
  void findsWhatASimpleSearchFindsOneAfterAnother() {
    Random random = Seed.random(LiteralFinderTest.class);
    for (int round = 0; round < ROUNDS; round++) {
      boolean ignoreCase = random.nextBoolean();
      int kinds = 1 + random.nextInt(4);
      String text = letters(random, random.nextInt(200), kinds);
      List<String> needles = new ArrayList<>();
      List<Needle> made = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(3); i++) {
        String one = letters(random, 1 + random.nextInt(5), kinds);
        needles.add(one);
        made.add(needle(one, ignoreCase));
      }
      String folded = ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment memory = memory(arena, text);
        LiteralFinder finder = LiteralFinder.of(made);
        finder.restart();
        int at = 0;
        while (true) {
          int expected = -1;
          for (String one : needles) {
            int found = folded.indexOf(ignoreCase ? one.toLowerCase(Locale.ROOT) : one, at);
            expected = expected < 0 || (found >= 0 && found < expected) ? found : expected;
          }
          long found = finder.find(memory, at, text.length());
          assertThat(found).as("%s in %s from %d", needles, text, at).isEqualTo(expected);
          if (found < 0) {
            break;
          }
          at = (int) found + 1;
        }
      }
    }
  }

  @Test
  void pairsTakeOverWhereTheRarestByteIsCommon() {
    String text = "zqz ".repeat(10_000) + "zq!" + "zqz ".repeat(100);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = memory(arena, text);
      LiteralFinder finder = LiteralFinder.of(List.of(needle("zq!", false)));
      assertThat(finder.find(memory, 0, text.length())).isEqualTo(40_000);
      assertThat(finder.find(memory, 40_001, text.length())).isEqualTo(-1);
    }
  }

  /// 'k' is rare elsewhere, and 'W' here: the finder asks the text, and goes on behind what it has
  /// looked at.
  @Test
  void aNeedleWhoseRarestByteIsCommonHereIsFoundByAnotherOfItsBytes() {
    Random random = Seed.random(LiteralFinderTest.class);
    for (int round = 0; round < ROUNDS / 100; round++) {
      boolean ignoreCase = random.nextBoolean();
      String needle = "Walker";
      StringBuilder made = new StringBuilder();
      while (made.length() < 40_000) {
        made.append(random.nextInt(200) == 0 ? needle : "kalker".substring(random.nextInt(6)));
      }
      String text = made.toString();
      String folded = ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
      String wanted = ignoreCase ? needle.toLowerCase(Locale.ROOT) : needle;
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment memory = memory(arena, text);
        LiteralFinder finder = LiteralFinder.of(List.of(needle(needle, ignoreCase)));
        int at = 0;
        while (at >= 0) {
          int expected = folded.indexOf(wanted, at);
          assertThat(finder.find(memory, at, text.length())).isEqualTo(expected);
          at = expected < 0 ? -1 : expected + 1;
        }
      }
    }
  }

  @Test
  void libcAndJavaFindTheSameBytes() {
    Random random = Seed.random(LiteralFinderTest.class);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(1000);
      for (int round = 0; round < ROUNDS / 10; round++) {
        for (int i = 0; i < 1000; i++) {
          memory.set(
              ValueLayout.JAVA_BYTE,
              i,
              (byte) (random.nextInt(300) == 0 ? 7 : 6 + 2 * random.nextInt(2)));
        }
        long from = random.nextInt(1000);
        long to = from + random.nextInt(1001 - (int) from);
        long first = -1;
        long last = -1;
        long count = 0;
        for (long i = from; i < to; i++) {
          if (memory.get(ValueLayout.JAVA_BYTE, i) == 7) {
            first = first < 0 ? i : first;
            last = i;
            count++;
          }
        }
        assertThat(ByteFinder.firstBySwar(memory, (byte) 7, from, to)).isEqualTo(first);
        assertThat(ByteFinder.first(memory, (byte) 7, from, to)).isEqualTo(first);
        assertThat(ByteFinder.near(memory, (byte) 7, from, to)).isEqualTo(first);
        assertThat(ByteFinder.last(memory, (byte) 7, from, to)).isEqualTo(last);
        assertThat(ByteFinder.count(memory, (byte) 7, from, to)).isEqualTo(count);
      }
    }
  }

  @Test
  void bytesAreFoundBeyondOnePieceOfLibcs() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate((3 << 18) + 5);
      memory.set(ValueLayout.JAVA_BYTE, (3 << 18) + 2, (byte) 1);
      assertThat(ByteFinder.first(memory, (byte) 1, 3, memory.byteSize())).isEqualTo((3 << 18) + 2);
      memory.set(ValueLayout.JAVA_BYTE, 4, (byte) 2);
      assertThat(ByteFinder.last(memory, (byte) 2, 3, memory.byteSize())).isEqualTo(4);
      assertThat(ByteFinder.last(memory, (byte) 2, 5, memory.byteSize())).isEqualTo(-1);
      assertThat(ByteFinder.count(memory, (byte) 0, 0, memory.byteSize())).isEqualTo((3 << 18) + 3);
    }
  }
}
