package io.ringwell.cli;

import io.ringwell.engine.OperationException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Turns an exception into the one line that a user reads: the thing, what is wrong with it, and
/// what helps.
final class Failure {
  private static final java.util.regex.Pattern TEMPORARY =
      java.util.regex.Pattern.compile("\\.ringwell-[0-9a-f]+\\.tmp$");
  private static final Set<String> FULL = Set.of("ENOSPC", "EDQUOT", "EFBIG");

  private Failure() {}

  static String describe(Throwable failure) {
    String message =
        switch (failure) {
          case OperationException e -> operation(e);
          case FileSystemException e -> file(e);
          case UsageException e -> text(e);
          case EOFException e -> text(e);
          case InterruptedIOException e -> "interrupted";
          case ClosedByInterruptException e -> "interrupted";
          case IOException e -> text(e);
          case IllegalArgumentException e -> text(e);
          case IllegalStateException e -> text(e);
          case OutOfMemoryError e -> "out of memory: " + text(e);
          default -> "unexpected " + failure + "; --debug shows where";
        };
    return message.replaceAll("\\s*\\R\\s*", " ").strip();
  }

  /// The same for a copy to `target`: of its temporary, and of a full file system when the kernel
  /// copied, the user hears under the target's name.
  static String describe(Throwable failure, Path target) {
    String message = describe(failure);
    if (failure instanceof FileSystemException e && e.getFile() != null) {
      String file = e.getFile();
      boolean full = e.getReason() != null && FULL.contains(e.getReason());
      if (full || TEMPORARY.matcher(file).find()) {
        return message.replace(file, target.toString());
      }
    }
    return message;
  }

  private static String operation(OperationException e) {
    String file = e.getFile() == null ? "" : e.getFile() + ": ";
    return switch (e.errnoName()) {
      case "ENOENT" -> file + "no such file or directory";
      case "EACCES", "EPERM" ->
          file + "permission denied (" + e.operation().label() + "); run as a user who may";
      case "EISDIR" -> file + "is a directory; name a file";
      case "ENOTDIR" -> file + "a part of the path is not a directory";
      case "EROFS" -> file + "the file system is mounted read-only; write elsewhere";
      case "ENOSPC" -> file + "no space left on the device; free some, or write elsewhere";
      case "EDQUOT" -> file + "the disk quota is used up; free some, or write elsewhere";
      case "ELOOP" -> file + "too many symbolic links";
      default -> text(e);
    };
  }

  private static String file(FileSystemException e) {
    String file = e.getFile() == null ? "" : e.getFile() + ": ";
    return switch (e) {
      case NoSuchFileException n -> file + "no such file or directory";
      case AccessDeniedException a -> file + "permission denied; run as a user who may";
      case FileAlreadyExistsException f -> file + "exists already";
      case NotDirectoryException n -> file + "is not a directory";
      case DirectoryNotEmptyException d -> file + "the directory is not empty";
      default -> e.getReason() == null ? text(e) : file + e.getReason();
    };
  }

  private static String text(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isEmpty() ? e.toString() : message;
  }

  /// What is wrong with the arguments, and where to read more.
  static String usage(ParameterException failure) {
    CommandLine line = failure.getCommandLine();
    String name = line.getCommandSpec().qualifiedName();
    String text = text(failure).lines().findFirst().orElse("wrong arguments");
    return text + "; see '" + name + " --help'";
  }
}
