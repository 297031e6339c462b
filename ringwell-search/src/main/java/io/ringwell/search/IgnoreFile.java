package io.ringwell.search;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

  /// A malformed line is left out, as git does; ripgrep adds a warning.
  static IgnoreFile parse(byte[] content) {
    int bom =
        content.length >= 3
                && Arrays.equals(
                    content, 0, 3, new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, 0, 3)
            ? 3
            : 0;
    List<Rule> rules = new ArrayList<>();
    String text = new String(content, bom, content.length - bom, StandardCharsets.UTF_8);
    for (String line : text.split("\n")) {
      add(line, rules);
    }
    return rules.isEmpty() ? EMPTY : new IgnoreFile(rules);
  }

  private static void add(String original, List<Rule> rules) {
    if (original.startsWith("#")) {
      return;
    }
    String line = original.endsWith("\r") ? original.substring(0, original.length() - 1) : original;
    if (!line.endsWith("\\ ")) {
      line = line.stripTrailing();
    }
    if (line.isEmpty()) {
      return;
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
      line = line.substring(0, line.length() - (line.endsWith("\\/") ? 2 : 1));
    }
    if (!anchored && line.indexOf('/') < 0 && !line.equals("**")) {
      line = "**/" + line;
    }
    if (line.endsWith("/**")) {
      // What is below, and not the directory itself.
      line += "/*";
    }
    List<Glob> globs = Glob.parse(line);
    if (globs != null) {
      for (Glob glob : globs) {
        rules.add(new Rule(glob, keeps, directoriesOnly));
      }
    }
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
