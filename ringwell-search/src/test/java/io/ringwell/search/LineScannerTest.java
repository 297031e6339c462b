package io.ringwell.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineScannerTest {
  private static final int ROUNDS = 5000;

  /// A text in memory, in blocks of random sizes.
  private static final class RandomBlocks implements Blocks {
    private final MemorySegment text;
    private final Random random;
    private long position;
    private long next;

    RandomBlocks(MemorySegment text, long from, Random random) {
      this.text = text;
      this.next = from;
      this.random = random;
    }

    @Override
    public @Nullable MemorySegment next() {
      position = next;
      long size = Math.min(1 + random.nextInt(12), text.byteSize() - position);
      next = position + size;
      return size == 0 ? null : text.asSlice(position, size);
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public boolean writable() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void partsTogetherHaveEveryLineOnceWhereverBlocksAndPartsEnd() throws IOException {
    Random random = Seed.random(LineScannerTest.class);
    SearchOptions options = SearchOptions.of("b").withLineNumbers(true);
    LineMatcher matcher = new LineMatcher(LineMatcher.Compiled.of(options));
    try (LineScanner scanner = new LineScanner(matcher, options, new Tally())) {
      for (int round = 0; round < ROUNDS; round++) {
        StringBuilder made = new StringBuilder();
        int size = random.nextInt(80);
        for (int i = 0; i < size; i++) {
          made.append(new char[] {'a', 'a', 'b', '\n'}[random.nextInt(4)]);
        }
        String text = made.toString();
        List<String> expected = new ArrayList<>();
        String[] lines = text.split("(?<=\n)");
        for (int i = 0; i < lines.length; i++) {
          if (lines[i].contains("b")) {
            expected.add(i + ":" + lines[i]);
          }
        }
        assertThat(scan(scanner, text, 1 + random.nextInt(40), random))
            .as("lines of %s", text)
            .isEqualTo(expected);
      }
    }
  }

  private static List<String> scan(LineScanner scanner, String text, int part, Random random)
      throws IOException {
    List<String> found = new ArrayList<>();
    long before = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory =
          arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(StandardCharsets.US_ASCII));
      Hits hits = new Hits();
      for (int from = 0; from < text.length(); from += part) {
        Blocks blocks = new RandomBlocks(memory, Math.max(0, from - 1), random);
        hits.clear();
        scanner.scan(blocks, from, from + part, BinaryRule.CONVERT, hits, null);
        for (int i = 0; i < hits.count(); i++) {
          String line =
              new String(
                  hits.bytes(), hits.from(i), hits.to(i) - hits.from(i), StandardCharsets.US_ASCII);
          found.add(before + hits.number(i) + ":" + line);
        }
        before += hits.feeds;
      }
    }
    return found;
  }
}
