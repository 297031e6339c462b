package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.file.CopyOptions;
import io.ringwell.file.Durability;
import io.ringwell.file.FileCopy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringwell cp`: copies that are there in whole or not at all.
@Command(
    name = "cp",
    sortOptions = false,
    description = {
      "Copy files, or one file to another name. A copy takes its name when it is complete:",
      "until then it is a hidden temporary beside the target. Holes stay holes."
    },
    footer = {
      "",
      "Storage is shared where the file system can (reflink), else the kernel copies",
      "(range), else the bytes go through the engine (ring).",
      "",
      "To and from S3, a key that ends with / and a bucket are what a directory is",
      "elsewhere. Keys and what else S3 has to know are found as by the AWS CLI."
    })
final class CpCommand implements Callable<Integer> {
  private static final String STREAM = "-";

  /// As touch(1) and cp(1) make new files.
  private static final int NEW_FILE_MODE = 0666;

  private final Standard standard;

  @Option(
      names = {"-r", "-R", "--recursive"},
      description = "Copy directories with all in them.")
  private boolean recursive;

  @Option(
      names = {"-p", "--preserve"},
      description = "Keep mode and times.")
  private boolean preserve;

  @Option(names = "--direct", description = "Past the page cache (O_DIRECT).")
  private boolean direct;

  @Option(
      names = "--verify",
      description = "Read the copy again and compare before it takes its name.")
  private boolean verify;

  @Option(names = "--sync", description = "Bring the copy and its name to the device.")
  private boolean sync;

  @Option(
      names = "--route",
      defaultValue = "auto",
      description = "auto, reflink, range or ring (${DEFAULT-VALUE}).")
  private CopyOptions.Route route = CopyOptions.Route.AUTO;

  @Option(
      names = {"-v", "--verbose"},
      description = "Tell of each file.")
  private boolean verbose;

  @Option(names = "--json", description = "Print one JSON object on one line at the end.")
  private boolean json;

  @Option(
      names = "--part-size",
      converter = ByteSize.Converter.class,
      paramLabel = "SIZE",
      description = "Size of an upload's parts (8m, or what it takes).")
  private ByteSize partSize = new ByteSize(0);

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "Parts or ranges of one object on their way at once (4).")
  private int inFlight;

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      defaultValue = "16",
      description = "Files that go to or from S3 at once (${DEFAULT-VALUE}).")
  private int jobs;

  @Mixin private UploadOptions upload = new UploadOptions();

  @Mixin private S3Access access = new S3Access();

  @Parameters(
      arity = "2..*",
      paramLabel = "SRC... DST",
      description = {
        "Files, s3://BUCKET/KEY, or - for standard input; then a file, a directory,",
        "s3://BUCKET/KEY, or - for standard output."
      })
  private List<String> paths = List.of();

  CpCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    List<String> sources = paths.subList(0, paths.size() - 1);
    String target = paths.getLast();
    if (direct && route != CopyOptions.Route.AUTO && route != CopyOptions.Route.RING) {
      throw new UsageException("--direct goes by the route ring; leave --route out");
    }
    upload.require(S3Access.names(target));
    if (target.equals(STREAM)) {
      return toOutput(sources);
    }
    if (S3Access.anyNames(paths)) {
      return new ObjectCopies(standard, objectOptions()).run(access, sources, target);
    }
    access.requireUnused();
    Path to = Path.of(target);
    boolean into = Files.isDirectory(to);
    if (!into && sources.size() > 1) {
      throw new UsageException(target + ": is not a directory; several sources need one");
    }
    if (!into && target.endsWith("/") && !(recursive && !Files.exists(to))) {
      throw new UsageException(target + ": no such directory; make it first");
    }
    CopyReport report = new CopyReport();
    try (Engine engine = Engine.open();
        Progress progress = progress(sources)) {
      CopyTree tree = new CopyTree(engine, standard, options(), verbose && !json, progress, report);
      for (String source : sources) {
        if (source.equals(STREAM)) {
          fromInput(engine, to, into, report, progress);
        } else {
          Path from = Path.of(source);
          tree.copy(from, into ? to.resolve(name(from)) : to, recursive);
        }
      }
    }
    if (json) {
      standard.out().println(report.json(verify));
    }
    return report.anyFailed() ? Main.ERROR : Main.OK;
  }

  private ObjectCopyOptions objectOptions() {
    if (preserve || route != CopyOptions.Route.AUTO) {
      throw new UsageException("S3 keeps no modes and has no routes; leave -p and --route out");
    }
    if (inFlight < 0 || jobs < 1) {
      throw new UsageException("--in-flight and --jobs are at least 1");
    }
    return new ObjectCopyOptions(
        recursive, direct, verify, sync, verbose, json, partSize.bytes(), inFlight, jobs, upload);
  }

  private CopyOptions options() {
    return new CopyOptions(
        route, direct, preserve, verify, sync ? Durability.FULL : Durability.NONE);
  }

  /// The name that a source gets in a directory; that of `.` and `a/..` has to be looked up.
  static Path name(Path from) throws IOException {
    Path name = from.getFileName();
    String text = name == null ? "" : name.toString();
    if (text.isEmpty() || text.equals(".") || text.equals("..")) {
      name = from.toRealPath().getFileName();
    }
    return name == null ? Path.of("") : name;
  }

  private Integer toOutput(List<String> sources) throws IOException {
    if (preserve || verify || sync || direct || json || verbose || recursive) {
      throw new UsageException(
          "to standard output there is nothing to preserve, verify or sync; give SRC... - alone");
    }
    return new CatCommand(standard).write(access, sources, ByteRange.ALL);
  }

  private void fromInput(Engine engine, Path to, boolean into, CopyReport report, Progress progress)
      throws IOException {
    if (into) {
      throw new UsageException(to + ": is a directory; name the file that standard input goes to");
    }
    if (preserve || verify || direct || route != CopyOptions.Route.AUTO) {
      throw new UsageException(
          "standard input has no attributes and cannot be read again; give - DST, and --sync only");
    }
    try {
      report.add(FileCopy.copy(engine, standard.input(), to, NEW_FILE_MODE, options(), progress));
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      standard.fail(Failure.describe(e, to));
      report.addFailure();
    }
  }

  /// The sum of all sizes is only looked for where somebody looks at the bar.
  private Progress progress(List<String> sources) {
    long bytes = standard.errorIsTerminal() ? total(sources) : 0;
    return Progress.show(standard, "copying", bytes);
  }

  private static long total(List<String> sources) {
    AtomicLong sum = new AtomicLong();
    for (String source : sources) {
      if (source.equals(STREAM)) {
        continue;
      }
      try {
        Files.walkFileTree(
            Path.of(source),
            new SimpleFileVisitor<Path>() {
              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum.addAndGet(attributes.size());
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
              }
            });
      } catch (IOException e) {
        // Told when it is copied.
      }
    }
    return sum.get();
  }
}
