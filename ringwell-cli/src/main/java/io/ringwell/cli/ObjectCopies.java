package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.s3.S3Location;
import io.ringwell.s3.S3Store;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// `ringwell cp` where S3 is on a side: which file goes to which key, and which key to which file.
/// What fails is told, and the rest goes on.
///
/// A key that ends with a slash, and a bucket, are what a directory is elsewhere: what is copied
/// there keeps its name.
final class ObjectCopies {
  static final String STREAM = "-";

  /// What all copies together may take, in bytes; the rest of the pool is for what a single one
  /// takes beyond its estimate.
  private static final long MEMORY_BYTES = 256L << 20;

  private final Standard standard;
  private final ObjectCopyOptions options;
  private final CopyReport report = new CopyReport();
  private final Set<String> named = new HashSet<>();

  ObjectCopies(Standard standard, ObjectCopyOptions options) {
    this.standard = standard;
    this.options = options;
  }

  int run(S3Access access, List<String> sources, String target) throws IOException {
    boolean up = S3Access.names(target);
    if (!up && !sources.stream().allMatch(S3Access::names)) {
      throw new UsageException(
          "files and objects do not go to one directory together; copy them one after the other");
    }
    if (up && options.sync()) {
      throw new UsageException("--sync is for files: S3 keeps an object for good, or says so");
    }
    long most = options.sinkBytes() + options.readerBytes();
    EngineOptions room = EngineOptions.defaults().withPoolBytes(2 * Math.max(MEMORY_BYTES, most));
    try (Engine engine = Engine.open(room);
        Progress progress = Progress.show(standard, "copying", 0);
        S3Store store = Stores.open(access);
        Jobs jobs = new Jobs(standard, options.atOnce(), MEMORY_BYTES)) {
      ObjectCopy copy = new ObjectCopy(engine, store, options, progress);
      CopyRun run = new CopyRun(standard, options, report, copy, store, jobs, progress);
      if (up) {
        up(run, jobs, sources, Stores.location(target));
      } else {
        down(run, jobs, sources, Path.of(target), target.endsWith("/"));
      }
      report.addFailures(jobs.finish());
    }
    if (options.json()) {
      standard.out().println(report.json(options.verify()));
    }
    return report.anyFailed() ? Main.ERROR : Main.OK;
  }

  private void up(CopyRun run, Jobs jobs, List<String> sources, S3Location to)
      throws InterruptedIOException {
    boolean into = to.isBucket() || to.key().endsWith("/");
    if (!into && sources.size() > 1) {
      throw new UsageException(to + ": end it with a slash, so that several go below it");
    }
    for (String source : sources) {
      jobs.run(() -> {
        if (source.equals(STREAM)) {
          fromInput(run, to, into);
        } else if (S3Access.names(source)) {
          across(run, Stores.location(source), to, into);
        } else {
          fromFile(run, Path.of(source), to, into);
        }
      });
    }
  }

  private void fromInput(CopyRun run, S3Location to, boolean into) throws IOException {
    if (into) {
      throw new UsageException(to + ": name the key that standard input goes to");
    }
    if (options.verify() || options.direct()) {
      throw new UsageException("standard input cannot be read again; give - alone");
    }
    requireNew(to.toString());
    run.input(to);
  }

  private void fromFile(CopyRun run, Path from, S3Location to, boolean into) throws IOException {
    if (!Files.exists(from)) {
      throw new java.nio.file.NoSuchFileException(from.toString());
    }
    boolean directory = Files.isDirectory(from);
    if (directory && !options.recursive()) {
      throw new FileSystemException(from.toString(), null, "is a directory; copy it with -r");
    }
    S3Location target = into ? to.withKey(to.key() + CpCommand.name(from)) : to;
    requireNew(target.toString());
    if (directory) {
      ObjectTrees.up(run, from, Stores.asFolder(target));
    } else {
      run.up(from, target);
    }
  }

  private void across(CopyRun run, S3Location from, S3Location to, boolean into)
      throws IOException {
    S3Location target = into ? to.withKey(to.key() + name(from)) : to;
    requireNew(target.toString());
    if (options.recursive()) {
      ObjectTrees.across(run, from, target);
    } else {
      requireObject(from);
      run.across(from, target, -1);
    }
  }

  private void down(CopyRun run, Jobs jobs, List<String> sources, Path to, boolean asDirectory)
      throws InterruptedIOException {
    boolean into = Files.isDirectory(to);
    if (!into && sources.size() > 1) {
      throw new UsageException(to + ": is not a directory; several sources need one");
    }
    if (!into && asDirectory && !(options.recursive() && !Files.exists(to))) {
      throw new UsageException(to + "/: no such directory; make it first");
    }
    for (String source : sources) {
      jobs.run(() -> {
        S3Location from = Stores.location(source);
        Path target = into ? to.resolve(ObjectTrees.fileName(name(from))) : to;
        requireNew(target.toAbsolutePath().normalize().toString());
        if (options.recursive()) {
          ObjectTrees.down(run, from, target);
        } else {
          requireObject(from);
          run.down(from, target, -1);
        }
      });
    }
  }

  private static void requireObject(S3Location from) throws FileSystemException {
    if (from.isBucket() || from.key().endsWith("/")) {
      throw new FileSystemException(
          from.toString(), null, "is no object; -r copies all that is below it");
    }
  }

  /// The last part of the key, or the bucket's name.
  private static String name(S3Location location) {
    String key = location.key();
    int end = key.endsWith("/") ? key.length() - 1 : key.length();
    String name = key.substring(key.lastIndexOf('/', end - 1) + 1, end);
    return name.isEmpty() ? location.bucket() : name;
  }

  private void requireNew(String target) throws FileSystemException {
    if (!named.add(target)) {
      throw new FileSystemException(
          target, null, "was just made from another source; copy them one by one");
    }
  }
}
