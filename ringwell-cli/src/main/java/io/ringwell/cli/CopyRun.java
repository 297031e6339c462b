package io.ringwell.cli;

import io.ringwell.s3.S3Location;
import io.ringwell.s3.S3Store;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The copies of one `ringwell cp`: starts them as there is room, and tells of each.
final class CopyRun {
  private final Standard standard;
  private final ObjectCopyOptions options;
  private final CopyReport report;
  private final ObjectCopy copy;
  private final S3Store store;
  private final Jobs jobs;
  private final Progress progress;

  CopyRun(
      Standard standard,
      ObjectCopyOptions options,
      CopyReport report,
      ObjectCopy copy,
      S3Store store,
      Jobs jobs,
      Progress progress) {
    this.standard = standard;
    this.options = options;
    this.report = report;
    this.copy = copy;
    this.store = store;
    this.jobs = jobs;
    this.progress = progress;
  }

  S3Store store() {
    return store;
  }

  private interface Bytes {
    long copy() throws IOException;
  }

  private void start(String from, String to, String route, long size, Bytes bytes)
      throws InterruptedIOException {
    progress.expect(Math.max(0, size));
    jobs.start(copy.memory(size), () -> done(from, to, route, bytes.copy()), Failure::describe);
  }

  private void done(String from, String to, String route, long bytes) {
    report.add(route, bytes, bytes);
    if (options.verbose() && !options.json()) {
      standard.say(
          from
              + " -> "
              + to
              + ": "
              + ByteSize.format(bytes)
              + ", "
              + route
              + (options.verify() ? ", verified" : ""));
    }
  }

  void input(S3Location to) throws InterruptedIOException {
    start("-", to.toString(), "upload", -1, () -> copy.up(standard.input(), to));
  }

  void up(Path from, S3Location to) throws IOException {
    long size = Files.isRegularFile(from) ? Files.size(from) : -1;
    if (size < 0) {
      throw new FileSystemException(
          from.toString(), null, "is no regular file; send what it has by a pipe to -");
    }
    start(from.toString(), to.toString(), "upload", size, () -> copy.up(from, to, size));
  }

  /// @param size -1 where it is not known yet
  void across(S3Location from, S3Location to, long size) throws IOException {
    if (from.equals(to)) {
      throw new FileSystemException(from.toString(), null, "is the same object as " + to);
    }
    start(from.toString(), to.toString(), "transfer", size, () -> copy.across(from, to));
  }

  /// @param size -1 where it is not known yet
  void down(S3Location from, Path to, long size) throws IOException {
    Path parent = to.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new FileSystemException(
          to.toString(), null, "its directory is not there; make it first");
    }
    progress.expect(Math.max(0, size));
    jobs.start(
        copy.memory(size),
        () -> done(from.toString(), to.toString(), "download", copy.down(from, to)),
        failure -> Failure.describe(failure, to));
  }

  /// One that could not even be started: told, counted, and the rest goes on.
  void failed(Exception failure) {
    standard.fail(Failure.describe(failure));
    report.addFailure();
  }
}
