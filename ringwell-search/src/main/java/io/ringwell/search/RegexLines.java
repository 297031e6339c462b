package io.ringwell.search;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
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
  private static final char INVALID = '\ud800';

  private final Pattern pattern;
  private final @Nullable Pattern marked;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
  private CharBuffer characters = CharBuffer.allocate(0);

  /// @param marked for texts as [WordMarks] writes them; null where `pattern` does for all
  RegexLines(Pattern pattern, @Nullable Pattern marked) {
    this.pattern = pattern;
    this.marked = marked;
  }

  /// Here, so that RE2/J is not loaded where no pattern needs it.
  ///
  /// @throws BadPatternException where RE2/J does not take it
  static Pattern compile(Regex regex) {
    try {
      return Pattern.compile(regex.text(), Pattern.MULTILINE);
    } catch (PatternSyntaxException e) {
      throw new BadPatternException("the pattern is not supported: " + e.getDescription());
    } catch (StackOverflowError e) {
      throw new BadPatternException("the pattern is nested too deeply");
    }
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
    decode(ByteBuffer.wrap(lines));
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

  /// Into `characters`, of which there are never more than bytes.
  private void decode(ByteBuffer lines) {
    if (characters.capacity() < lines.remaining()) {
      characters = CharBuffer.allocate(Math.max(lines.remaining(), CHUNK_BYTES));
    }
    characters.clear();
    decoder.reset();
    for (CoderResult result = decoder.decode(lines, characters, true);
        result.isMalformed();
        result = decoder.decode(lines, characters, true)) {
      // The decoder takes the beginning of a character for one piece, ripgrep each byte of it.
      for (int i = result.length(); i > 0; i--) {
        characters.put(INVALID);
      }
      lines.position(lines.position() + result.length());
    }
    decoder.flush(characters);
    characters.flip();
  }
}
