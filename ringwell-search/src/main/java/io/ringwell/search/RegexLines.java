package io.ringwell.search;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Runs a pattern over lines by RE2/J, some at a time. One thread's.
///
/// RE2/J takes arrays of just the length that it is to look at, and does not notice invalid UTF-8.
/// So lines are copied; and what is not all ASCII becomes characters, each invalid byte a
/// surrogate, which is in no set of a [Regex].
final class RegexLines {
  /// What is given to RE2/J at once, unless one line is longer. It begins with little, since the
  /// next search begins behind a match, and grows as there is none.
  private static final int FIRST_BYTES = 256;

  private static final int CHUNK_BYTES = 32 << 10;

  private static final byte FEED = '\n';

  private final Pattern pattern;
  private final @Nullable Pattern marked;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .replaceWith("\ud800");
  private CharBuffer characters = CharBuffer.allocate(0);

  /// @param marked for texts as [WordMarks] writes them; null where `pattern` does for all
  RegexLines(Pattern pattern, @Nullable Pattern marked) {
    this.pattern = pattern;
    this.marked = marked;
  }

  /// A position in the first line that matches, or at its line feed; -1 where none does. `from` is
  /// the start of a line, and `to` the end of one.
  long find(MemorySegment in, long from, long to) {
    long at = from;
    int wanted = FIRST_BYTES;
    while (at < to) {
      long end = chunk(in, at, to, wanted);
      // Behind the last line feed RE2/J would see one more line.
      long last = in.get(ValueLayout.JAVA_BYTE, end - 1) == FEED ? end - 1 : end;
      byte[] lines = in.asSlice(at, last - at).toArray(ValueLayout.JAVA_BYTE);
      int found = isAscii(lines) ? find(lines) : findDecoded(lines);
      if (found >= 0) {
        return at + found;
      }
      at = end;
      wanted = Math.min(CHUNK_BYTES, 2 * wanted);
    }
    return -1;
  }

  /// The end of the lines that are looked at together.
  private static long chunk(MemorySegment in, long from, long to, int wanted) {
    if (to - from <= wanted) {
      return to;
    }
    long feed = ByteFinder.last(in, FEED, from, from + wanted);
    if (feed < 0) {
      feed = ByteFinder.first(in, FEED, from + wanted, to);
    }
    return feed < 0 ? to : feed + 1;
  }

  private static boolean isAscii(byte[] lines) {
    int all = 0;
    for (byte one : lines) {
      all |= one;
    }
    return all >= 0;
  }

  private int find(byte[] lines) {
    Matcher matcher = pattern.matcher(lines);
    return matcher.find() ? matcher.start() : -1;
  }

  /// The start of the line that matches.
  private int findDecoded(byte[] lines) {
    if (characters.capacity() < lines.length) {
      characters = CharBuffer.allocate(Math.max(lines.length, CHUNK_BYTES));
    }
    characters.clear();
    decoder.reset().decode(ByteBuffer.wrap(lines), characters, true);
    decoder.flush(characters);
    characters.flip();
    Pattern words = marked;
    String text = words == null ? characters.toString() : WordMarks.mark(characters);
    Matcher matcher = (words == null ? pattern : words).matcher(text);
    if (!matcher.find()) {
      return -1;
    }
    int feeds = 0;
    for (int i = 0; i < matcher.start(); i++) {
      feeds += text.charAt(i) == FEED ? 1 : 0;
    }
    int start = 0;
    for (; feeds > 0; start++) {
      feeds -= lines[start] == FEED ? 1 : 0;
    }
    return start;
  }
}
