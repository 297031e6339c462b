package io.ringwell.search;

import io.ringwell.search.IgnoreFile.Verdict;
import org.jspecify.annotations.Nullable;

/// The ignore rules that hold in one directory: its own, and those of the directories above it, up
/// to the root of the file system. Immutable.
///
/// `.rgignore` goes before `.ignore`, that before `.gitignore`, that before `.git/info/exclude`,
/// and that before the user's own rules; of each, the directory nearest to a file goes first. Git's
/// hold inside a repository alone, and do not reach into one inside it.
final class IgnoreRules {
  private final @Nullable IgnoreRules above;

  /// Length of this directory's path with a slash behind it: from there on, paths are relative to
  /// it.
  private final int prefix;

  private final boolean repository;
  private final boolean inRepository;
  private final boolean any;
  private final IgnoreFile own;
  private final IgnoreFile ignore;
  private final IgnoreFile git;
  private final IgnoreFile exclude;
  private final IgnoreFile user;

  private IgnoreRules(
      @Nullable IgnoreRules above,
      int prefix,
      boolean repository,
      IgnoreFile own,
      IgnoreFile ignore,
      IgnoreFile git,
      IgnoreFile exclude,
      IgnoreFile user) {
    this.above = above;
    this.prefix = prefix;
    this.repository = repository;
    this.inRepository = repository || (above != null && above.inRepository);
    this.own = own;
    this.ignore = ignore;
    this.git = git;
    this.exclude = exclude;
    this.user = user;
    this.any =
        (above != null && above.any)
            || !(own.isEmpty()
                && ignore.isEmpty()
                && git.isEmpty()
                && exclude.isEmpty()
                && user.isEmpty());
  }

  /// Above every directory: the user's own rules.
  static IgnoreRules top(IgnoreFile user) {
    return new IgnoreRules(
        null,
        0,
        false,
        IgnoreFile.EMPTY,
        IgnoreFile.EMPTY,
        IgnoreFile.EMPTY,
        IgnoreFile.EMPTY,
        user);
  }

  /// Those of a directory below.
  ///
  /// @param prefix length of its absolute path, with a slash behind it
  IgnoreRules below(
      int prefix,
      boolean repository,
      IgnoreFile own,
      IgnoreFile ignore,
      IgnoreFile git,
      IgnoreFile exclude) {
    boolean nothing =
        !repository && own.isEmpty() && ignore.isEmpty() && git.isEmpty() && exclude.isEmpty();
    return nothing
        ? this
        : new IgnoreRules(this, prefix, repository, own, ignore, git, exclude, user);
  }

  /// What they say of an entry of the directory.
  ///
  /// @param path absolute
  Verdict verdict(String path, boolean directory) {
    if (!any) {
      return Verdict.NONE;
    }
    Verdict byOwn = Verdict.NONE;
    Verdict byIgnore = Verdict.NONE;
    Verdict byGit = Verdict.NONE;
    Verdict byExclude = Verdict.NONE;
    boolean outside = !inRepository;
    for (IgnoreRules rules = this; rules != null; rules = rules.above) {
      if (byOwn == Verdict.NONE) {
        byOwn = rules.own.verdict(path, rules.prefix, directory);
      }
      if (byIgnore == Verdict.NONE) {
        byIgnore = rules.ignore.verdict(path, rules.prefix, directory);
      }
      if (!outside && byGit == Verdict.NONE) {
        byGit = rules.git.verdict(path, rules.prefix, directory);
      }
      if (!outside && byExclude == Verdict.NONE) {
        byExclude = rules.exclude.verdict(path, rules.prefix, directory);
      }
      outside |= rules.repository;
    }
    Verdict byUser = inRepository ? user.verdict(path, 0, directory) : Verdict.NONE;
    return first(byOwn, byIgnore, byGit, byExclude, byUser);
  }

  private static Verdict first(Verdict... verdicts) {
    for (Verdict one : verdicts) {
      if (one != Verdict.NONE) {
        return one;
      }
    }
    return Verdict.NONE;
  }
}
