package io.ringwell.search;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.eclipse.jgit.ignore.IgnoreNode;

/// The rules of one ignore file, as JGit reads and applies them. Immutable.
///
/// Paths and rules are strings for JGit, of UTF-8; bytes that are none become U+FFFD in both, so
/// that a name which is no UTF-8 is matched by `*` and `?`, and by a rule that has such bytes in
/// the same place, whichever they are.
final class IgnoreFile {
  /// What rules say of a path.
  enum Verdict {
    NONE,
    IGNORE,
    KEEP
  }

  private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  static final IgnoreFile EMPTY = new IgnoreFile(new IgnoreNode());

  private final IgnoreNode rules;

  private IgnoreFile(IgnoreNode rules) {
    this.rules = rules;
  }

  /// A malformed line is left out, as git does.
  static IgnoreFile parse(byte[] content) {
    boolean marked = content.length >= 3 && Arrays.equals(content, 0, 3, BOM, 0, 3);
    int from = marked ? 3 : 0;
    IgnoreNode rules = new IgnoreNode();
    try {
      rules.parse(new ByteArrayInputStream(content, from, content.length - from));
    } catch (IOException e) {
      // Memory is read.
      throw new UncheckedIOException(e);
    }
    return rules.getRules().isEmpty() ? EMPTY : new IgnoreFile(rules);
  }

  boolean isEmpty() {
    return rules.getRules().isEmpty();
  }

  /// What the last rule says that speaks of `path`, from `from` on, which is relative to this
  /// file's directory.
  Verdict verdict(String path, int from, boolean directory) {
    if (isEmpty()) {
      return Verdict.NONE;
    }
    Boolean ignored = rules.checkIgnored(path.substring(from), directory);
    return ignored == null ? Verdict.NONE : ignored ? Verdict.IGNORE : Verdict.KEEP;
  }
}
