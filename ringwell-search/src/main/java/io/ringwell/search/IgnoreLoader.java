package io.ringwell.search;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads ignore files. What cannot be read has no rules.
final class IgnoreLoader {
  private static final Pattern EXCLUDES_FILE =
      Pattern.compile("(?im)^\\s*excludesfile\\s*=\\s*\"?\\s*(\\S+?)\\s*\"?\\s*$");

  private IgnoreLoader() {}

  /// The rules above `directory`, which is absolute and without symbolic links.
  static IgnoreRules above(Path directory) {
    Path parent = directory.getParent();
    if (parent == null) {
      return IgnoreRules.top(user());
    }
    return in(
        above(parent),
        FileName.of(parent.toString()),
        name -> Files.exists(parent.resolve(name)),
        file -> Files.readAllBytes(file.path()));
  }

  /// Whether a directory has an entry.
  interface Entries {
    boolean has(String name);
  }

  /// Reads small files.
  interface Reader {
    byte[] read(FileName file) throws IOException;
  }

  /// The rules that hold in `directory`, which is absolute.
  static IgnoreRules in(IgnoreRules above, FileName directory, Entries entries, Reader reader) {
    String path = directory.text();
    int length = path.length();
    boolean slash = path.endsWith("/");
    boolean repository = entries.has(".git");
    return above.below(
        slash ? length : length + 1,
        repository,
        entries.has(".rgignore") ? read(directory.child(".rgignore"), reader) : IgnoreFile.EMPTY,
        entries.has(".ignore") ? read(directory.child(".ignore"), reader) : IgnoreFile.EMPTY,
        entries.has(".gitignore") ? read(directory.child(".gitignore"), reader) : IgnoreFile.EMPTY,
        repository ? read(directory.child(".git/info/exclude"), reader) : IgnoreFile.EMPTY);
  }

  private static IgnoreFile read(FileName file, Reader reader) {
    try {
      return IgnoreFile.parse(reader.read(file));
    } catch (IOException e) {
      return IgnoreFile.EMPTY;
    }
  }

  /// What git's configuration names as `core.excludesFile`, or its usual place.
  private static IgnoreFile user() {
    String home = System.getenv("HOME");
    String set = System.getenv("XDG_CONFIG_HOME");
    if (home == null) {
      return IgnoreFile.EMPTY;
    }
    Path config = set == null || set.isEmpty() ? Path.of(home, ".config") : Path.of(set);
    Path named = excludesFile(Path.of(home, ".gitconfig"), home);
    if (named == null) {
      named = excludesFile(config.resolve("git/config"), home);
    }
    Path rules = named == null ? config.resolve("git/ignore") : named;
    return read(FileName.of(rules.toString()), file -> Files.readAllBytes(rules));
  }

  private static @Nullable Path excludesFile(Path config, String home) {
    try {
      Matcher line =
          EXCLUDES_FILE.matcher(new String(Files.readAllBytes(config), StandardCharsets.UTF_8));
      return line.find()
          ? Path.of(line.group(1).replaceFirst("^~", Matcher.quoteReplacement(home)))
          : null;
    } catch (IOException e) {
      return null;
    }
  }
}
