package io.ringwell.cli;

import io.ringwell.s3.S3Location;
import io.ringwell.s3.S3Object;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;

/// Directories as keys with a common start, and the other way round.
///
/// S3 has neither links nor directories: links are followed, and empty directories have nothing to
/// be copied.
final class ObjectTrees {
  private ObjectTrees() {}

  /// All files below `from` to keys below `to`, which ends with a slash or is a bucket.
  static void up(CopyRun run, Path from, S3Location to) throws IOException {
    Files.walkFileTree(
        from,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String rest = from.relativize(file).toString();
            try {
              run.up(file, to.withKey(to.key() + rest));
            } catch (InterruptedIOException e) {
              throw e;
            } catch (IOException | RuntimeException e) {
              run.failed(e);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            run.failed(e);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /// All objects below `from` to the same keys below `to`; where `from` is an object itself, that.
  static void across(CopyRun run, S3Location from, S3Location to) throws IOException {
    S3Location folder = Stores.asFolder(from);
    S3Location target = Stores.asFolder(to);
    if (folder.bucket().equals(target.bucket()) && target.key().startsWith(folder.key())) {
      throw new FileSystemException(
          from.toString(), null, "cannot be copied into itself, to " + to);
    }
    long count =
        ObjectWalk.each(
            run.store(),
            folder,
            object ->
                run.across(
                    object.location(),
                    target.withKey(target.key() + rest(folder, object)),
                    object.size()));
    if (count == 0) {
      requireObject(from);
      run.across(from, to, -1);
    }
  }

  /// All objects below `from` to files below `to`; where `from` is an object itself, that.
  static void down(CopyRun run, S3Location from, Path to) throws IOException {
    S3Location folder = Stores.asFolder(from);
    long count =
        ObjectWalk.each(
            run.store(),
            folder,
            object -> {
              try {
                down(run, object, to, rest(folder, object));
              } catch (InterruptedIOException e) {
                throw e;
              } catch (IOException | RuntimeException e) {
                run.failed(e);
              }
            });
    if (count == 0) {
      requireObject(from);
      run.down(from, to, -1);
    }
  }

  private static void down(CopyRun run, S3Object object, Path to, String rest) throws IOException {
    if (rest.isEmpty() || (rest.endsWith("/") && object.size() == 0)) {
      // Consoles make such an object for an empty folder.
      Files.createDirectories(rest.isEmpty() ? to : resolve(object, to, rest));
      return;
    }
    Path file = resolve(object, to, rest);
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    run.down(object.location(), file, object.size());
  }

  private static String rest(S3Location folder, S3Object object) {
    return object.location().key().substring(folder.key().length());
  }

  /// Below `to`, whatever the key says: whoever writes keys is not to choose where files are made.
  private static Path resolve(S3Object object, Path to, String rest) throws FileSystemException {
    String path =
        rest.endsWith("/") && object.size() == 0 ? rest.substring(0, rest.length() - 1) : rest;
    Path file = to;
    for (String name : path.split("/", -1)) {
      file = file.resolve(fileName(name));
    }
    return file;
  }

  /// A part of a key as a file's name.
  ///
  /// @throws FileSystemException where it would be none, or another directory's
  static String fileName(String name) throws FileSystemException {
    boolean none = name.isEmpty() || name.equals(".") || name.equals("..");
    if (none || name.indexOf('\0') >= 0 || name.indexOf(File.separatorChar) >= 0) {
      throw new FileSystemException(
          "'" + name + "'", null, "is a part of a key that cannot be a file's name");
    }
    return name;
  }

  private static void requireObject(S3Location from) throws FileSystemException {
    if (from.isBucket() || from.key().endsWith("/")) {
      throw new FileSystemException(from.toString(), null, "there is nothing below it");
    }
  }
}
