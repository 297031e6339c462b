package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.file.CopyOptions;
import io.ringwell.file.CopyResult;
import io.ringwell.file.FileCopy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Copies files and, where asked, directories with all in them. What fails is told, and the rest
/// goes on.
final class CopyTree {
  private final Engine engine;
  private final Standard standard;
  private final CopyOptions options;
  private final boolean verbose;
  private final LongConsumer progress;
  private final CopyReport report;

  /// What this command has made, so that a second source does not silently replace it.
  private final Set<Path> made = new HashSet<>();

  CopyTree(
      Engine engine,
      Standard standard,
      CopyOptions options,
      boolean verbose,
      LongConsumer progress,
      CopyReport report) {
    this.engine = engine;
    this.standard = standard;
    this.options = options;
    this.verbose = verbose;
    this.progress = progress;
    this.report = report;
  }

  /// @throws InterruptedIOException where the user ended it; all else is told and counted
  void copy(Path source, Path target, boolean recursive) throws InterruptedIOException {
    try {
      if (!made.add(target.toAbsolutePath().normalize())) {
        throw new FileSystemException(
            target.toString(), null, "was just made from another source; copy them one by one");
      }
      if (Files.isDirectory(source)) {
        if (!recursive) {
          throw new FileSystemException(source.toString(), null, "is a directory; copy it with -r");
        }
        directory(source, target);
      } else if (recursive && Files.isSymbolicLink(source)) {
        link(source, target);
      } else {
        file(source, target);
      }
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      failed(e, target);
    }
  }

  private void failed(Exception e, Path target) {
    standard.fail(Failure.describe(e, target));
    report.addFailure();
  }

  private void file(Path source, Path target) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new FileSystemException(
          target.toString(), null, "its directory is not there; make it first");
    }
    CopyResult result = FileCopy.copy(engine, source, target, options, progress);
    report.add(result);
    if (verbose) {
      standard
          .out()
          .println(
              source
                  + " -> "
                  + target
                  + ": "
                  + ByteSize.format(result.size())
                  + " by the route "
                  + CopyReport.label(result.route())
                  + (result.verified() ? ", verified" : ""));
    }
  }

  private static void link(Path source, Path target) throws IOException {
    if (Files.isSymbolicLink(target)) {
      Files.delete(target);
    }
    Files.createSymbolicLink(target, Files.readSymbolicLink(source));
  }

  private void directory(Path source, Path target) throws IOException {
    Path real = source.toRealPath();
    Path into = target.toAbsolutePath().getParent();
    if (into != null && Files.isDirectory(into) && into.toRealPath().startsWith(real)) {
      throw new FileSystemException(
          source.toString(), null, "cannot be copied into itself, to " + target);
    }
    Files.walkFileTree(source, new Visitor(source, target));
  }

  /// Goes down the source and makes the same below the target.
  private final class Visitor extends SimpleFileVisitor<Path> {
    private final Path source;
    private final Path target;

    /// Directories that this command made, from the outside in.
    private final Deque<Path> entered = new ArrayDeque<>();

    Visitor(Path source, Path target) {
      this.source = source;
      this.target = target;
    }

    private Path targetOf(Path file) {
      return target.resolve(source.relativize(file).toString());
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      Path made = targetOf(directory);
      try {
        if (!Files.isDirectory(made)) {
          makeWritable(made, permissions(directory));
          entered.push(made);
        }
        return FileVisitResult.CONTINUE;
      } catch (IOException e) {
        failed(e, made);
        return FileVisitResult.SKIP_SUBTREE;
      }
    }

    /// With the source's permissions less the umask, and the owner's all until it is filled.
    private void makeWritable(Path made, @Nullable Set<PosixFilePermission> permissions)
        throws IOException {
      if (permissions == null) {
        Files.createDirectory(made);
        return;
      }
      Set<PosixFilePermission> more = EnumSet.copyOf(PosixFilePermissions.fromString("rwx------"));
      more.addAll(permissions);
      Files.createDirectory(made, PosixFilePermissions.asFileAttribute(more));
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
        throws InterruptedIOException {
      Path to = targetOf(file);
      try {
        if (attributes.isSymbolicLink()) {
          link(file, to);
        } else if (attributes.isRegularFile()) {
          CopyTree.this.file(file, to);
        } else {
          throw new FileSystemException(
              file.toString(), null, "is a device, pipe or socket, which -r leaves out");
        }
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        failed(e, to);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      failed(e, file);
      return FileVisitResult.CONTINUE;
    }

    /// Times and permissions of a directory come last: filling it changes them.
    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
      Path made = targetOf(directory);
      boolean mine = made.equals(entered.peek());
      if (mine) {
        entered.pop();
      }
      if (e != null) {
        failed(e, directory);
      }
      try {
        if (options.preserve()) {
          preserve(directory, made);
        } else if (mine) {
          withdrawExtra(directory, made);
        }
      } catch (IOException failure) {
        failed(failure, made);
      }
      return FileVisitResult.CONTINUE;
    }

    private void preserve(Path directory, Path made) throws IOException {
      Set<PosixFilePermission> permissions = permissions(directory);
      if (permissions != null) {
        Files.setPosixFilePermissions(made, permissions);
      }
      BasicFileAttributes from = Files.readAttributes(directory, BasicFileAttributes.class);
      Files.getFileAttributeView(made, BasicFileAttributeView.class)
          .setTimes(from.lastModifiedTime(), from.lastAccessTime(), null);
    }

    private void withdrawExtra(Path directory, Path made) throws IOException {
      Set<PosixFilePermission> permissions = permissions(directory);
      Set<PosixFilePermission> now = permissions(made);
      if (permissions != null && now != null && !permissions.containsAll(now)) {
        now.retainAll(permissions);
        Files.setPosixFilePermissions(made, now);
      }
    }
  }

  /// Null where the file system has none.
  private static @Nullable Set<PosixFilePermission> permissions(Path path) throws IOException {
    try {
      return Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
    } catch (UnsupportedOperationException e) {
      return null;
    }
  }
}
