package io.ringwell.search;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/// The rules of one ignore file. Immutable.
final class IgnoreFile {
  /// What rules say of a path.
  enum Verdict {
    NONE,
    IGNORE,
    KEEP
  }

  static final IgnoreFile EMPTY = new IgnoreFile(List.of());

  private record Rule(Glob glob, boolean keeps, boolean directoriesOnly) {}

  private final Rule[] rules;

  private IgnoreFile(List<Rule> rules) {
    this.rules = rules.toArray(Rule[]::new);
  }

  /// A malformed line is left out, as git does.
  ///
  /// @param malformed told of each, from 1
  static IgnoreFile parse(byte[] content, IntConsumer malformed) {
    int bom =
        content.length >= 3
                && Arrays.equals(
                    content, 0, 3, new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, 0, 3)
            ? 3
            : 0;
    List<Rule> rules = new ArrayList<>();
    String text = new String(content, bom, wellFormed(content) - bom, StandardCharsets.UTF_8);
    String[] lines = text.split("\n");
    for (int i = 0; i < lines.length; i++) {
      if (!add(lines[i], rules)) {
        malformed.accept(i + 1);
      }
    }
    return rules.isEmpty() ? EMPTY : new IgnoreFile(rules);
  }

  /// @return whether the line is none, or well-formed
  private static boolean add(String original, List<Rule> rules) {
    if (original.startsWith("#")) {
      return true;
    }
    String line = original.endsWith("\r") ? original.substring(0, original.length() - 1) : original;
    if (!line.endsWith("\\ ")) {
      line = line.stripTrailing();
    }
    if (line.isEmpty()) {
      return true;
    }
    boolean keeps = false;
    boolean anchored = false;
    if (line.startsWith("\\!") || line.startsWith("\\#")) {
      line = line.substring(1);
    } else {
      if (line.startsWith("!")) {
        keeps = true;
        line = line.substring(1);
      }
      if (line.startsWith("/")) {
        anchored = true;
        line = line.substring(1);
      }
    }
    boolean directoriesOnly = line.endsWith("/");
    if (directoriesOnly) {
      line = line.substring(0, line.length() - 1);
    }
    if (!anchored && line.indexOf('/') < 0 && !line.equals("**")) {
      line = "**/" + line;
    }
    if (line.endsWith("/**")) {
      // What is below, and not the directory itself.
      line += "/*";
    }
    List<Glob> globs = GlobParser.parse(line);
    if (globs == null) {
      return false;
    }
    for (Glob glob : globs) {
      rules.add(new Rule(glob, keeps, directoriesOnly));
    }
    return true;
  }

  /// Where the first line begins that is not UTF-8: there ripgrep ends.
  private static int wellFormed(byte[] content) {
    ByteBuffer rest = ByteBuffer.wrap(content);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer chars = CharBuffer.allocate(content.length);
    if (!decoder.decode(rest, chars, true).isError()) {
      return content.length;
    }
    int end = rest.position();
    while (end > 0 && content[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  boolean isEmpty() {
    return rules.length == 0;
  }

  /// What the last rule says that speaks of the path from `from` on, which is relative to this
  /// file's directory.
  Verdict verdict(byte[] path, int from, int length, boolean directory) {
    for (int i = rules.length - 1; i >= 0; i--) {
      Rule rule = rules[i];
      if ((directory || !rule.directoriesOnly) && rule.glob.matches(path, from, length)) {
        return rule.keeps ? Verdict.KEEP : Verdict.IGNORE;
      }
    }
    return Verdict.NONE;
  }
}
