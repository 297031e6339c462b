package io.ringwell.search;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Puts into words what was found in one file. Used by one thread at a time.
final class FileReport implements LineScanner.Taker {
  /// As much is kept before the file takes its turn at the output.
  private static final int KEPT_BYTES = 256 << 10;

  private final Output to;
  private final SearchOptions options;
  private final byte[] name;
  private final boolean named;

  private BinaryRule rule;

  /// Bytes of a mark of UTF-8, behind which ripgrep begins to count.
  private int mark;

  // Empty until there is something to tell: of most files of a tree there is nothing.
  private byte[] buffer = {};
  private int filled;
  private boolean writing;
  private long linesBefore;
  private long matched;
  private long zero = -1;
  private long floor = Long.MAX_VALUE;
  private boolean enough;

  // Lines at the buffer's end that a zero byte not far behind them could still make binary: where
  // each starts in the file, and in the buffer.
  private long[] heldStarts = {};
  private int[] heldAt = {};
  private int held;

  /// @param named whether lines and counts have the file's name before them
  FileReport(Output to, SearchOptions options, BinaryRule rule, FileName name, boolean named) {
    this.to = to;
    this.options = options;
    this.rule = rule;
    this.name = name.bytes();
    this.named = named;
  }

  BinaryRule rule() {
    return rule;
  }

  /// Bytes of a mark of UTF-8 that the file starts with.
  int mark() {
    return mark;
  }

  /// The file starts with a byte order mark, whereupon ripgrep does not map it.
  ///
  /// @param bytes of it that are counted in positions
  void marked(int bytes) {
    mark = bytes;
    rule = rule == BinaryRule.WHOLE ? BinaryRule.CONVERT : rule;
  }

  /// Lines that match, as far as they are told of.
  long matched() {
    return rule == BinaryRule.QUIT && zero >= 0 && options.output() == SearchOptions.Output.COUNT
        ? 0
        : matched;
  }

  @Override
  public boolean take(Hits hits) {
    if (enough) {
      return false;
    }
    if (zero < 0 && hits.zero >= 0) {
      zero = hits.zero;
      floor = hits.floor;
      withdraw();
    }
    settle(hits.settled);
    if (options.output() == SearchOptions.Output.COUNT) {
      matched += hits.matched;
    } else {
      for (int line = 0; line < hits.count() && !enough; line++) {
        line(hits, line);
      }
      enough |= options.output() == SearchOptions.Output.FILES && matched > held;
    }
    linesBefore += hits.feeds;
    enough |= rule == BinaryRule.QUIT && zero >= 0;
    return !enough;
  }

  /// Takes back what ripgrep saw together with the zero byte.
  private void withdraw() {
    int kept = 0;
    while (kept < held && heldStarts[kept] < floor) {
      kept++;
    }
    if (kept < held) {
      matched -= held - kept;
      filled = heldAt[kept];
      if (rule == BinaryRule.CONVERT) {
        matched++;
        enough = true;
      }
    }
    held = 0;
  }

  /// Lines that start before `position` are told of for good.
  private void settle(long position) {
    int settled = 0;
    while (settled < held && heldStarts[settled] < position) {
      settled++;
    }
    held -= settled;
    System.arraycopy(heldStarts, settled, heldStarts, 0, held);
    System.arraycopy(heldAt, settled, heldAt, 0, held);
    if (settled > 0 && filled > KEPT_BYTES) {
      write();
    }
  }

  private void hold(long start) {
    if (held == heldStarts.length) {
      heldStarts = Arrays.copyOf(heldStarts, Math.max(16, 2 * held));
      heldAt = Arrays.copyOf(heldAt, heldStarts.length);
    }
    heldStarts[held] = start;
    heldAt[held++] = filled;
  }

  private void line(Hits hits, int line) {
    boolean binary = zero >= 0 && hits.start(line) >= floor;
    if (binary && rule == BinaryRule.QUIT) {
      enough = true;
      return;
    }
    matched++;
    if (options.output() == SearchOptions.Output.FILES) {
      if (rule == BinaryRule.QUIT && zero < 0 && hits.start(line) >= hits.settled) {
        hold(hits.start(line));
      }
      return;
    }
    if (rule == BinaryRule.WHOLE && hits.lineWithZero == line && zero < 0) {
      zero = hits.zeroInLine;
      binary = true;
    }
    if (binary) {
      enough = true;
      return;
    }
    if (rule != BinaryRule.WHOLE && zero < 0 && hits.start(line) >= hits.settled) {
      hold(hits.start(line));
    }
    prefix();
    if (options.lineNumbers()) {
      put(Long.toString(linesBefore + hits.number(line) + 1));
      put((byte) ':');
    }
    int from = hits.from(line);
    int to = hits.to(line);
    put(hits.bytes(), from, to - from);
    if (to == from || hits.bytes()[to - 1] != '\n') {
      put((byte) '\n');
    }
    if (filled > KEPT_BYTES && held == 0) {
      write();
    }
  }

  private void prefix() {
    if (named) {
      put(name, 0, name.length);
      put((byte) ':');
    }
  }

  /// Says what is left to say, and lets others write.
  void finish() {
    settle(Long.MAX_VALUE);
    if (matched() > 0) {
      switch (options.output()) {
        case LINES -> binaryNote();
        case COUNT -> {
          prefix();
          put(Long.toString(matched));
          put((byte) '\n');
        }
        case FILES -> {
          put(name, 0, name.length);
          put((byte) '\n');
        }
      }
    }
    if (filled > 0) {
      write();
    }
  }

  private void binaryNote() {
    if (zero >= 0) {
      prefix();
      if (named) {
        put((byte) ' ');
      }
      put(
          rule == BinaryRule.QUIT
              ? "WARNING: stopped searching binary file after match"
              : "binary file matches");
      put(" (found \"\\0\" byte around offset " + (zero - mark) + ")\n");
    }
  }

  /// After [#finish], or instead of it.
  void close() {
    if (writing) {
      writing = false;
      to.end();
    }
  }

  private void write() {
    if (!writing) {
      to.begin();
      writing = true;
    }
    int length = held == 0 ? filled : heldAt[0];
    to.write(buffer, length);
    System.arraycopy(buffer, length, buffer, 0, filled - length);
    filled -= length;
    for (int i = 0; i < held; i++) {
      heldAt[i] -= length;
    }
  }

  private void put(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    put(bytes, 0, bytes.length);
  }

  private void put(byte one) {
    room(1);
    buffer[filled++] = one;
  }

  private void put(byte[] bytes, int from, int length) {
    room(length);
    System.arraycopy(bytes, from, buffer, filled, length);
    filled += length;
  }

  private void room(int more) {
    if (more > buffer.length - filled) {
      long larger = Math.max(Math.max(1024, 2L * buffer.length), (long) filled + more);
      buffer = Arrays.copyOf(buffer, (int) Math.min(larger, Integer.MAX_VALUE - 8));
    }
  }
}
