package io.ringwell.file;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.FileInfo;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.LongConsumer;

/// Copies a file.
///
/// **All or nothing.** The bytes go to a temporary beside the target, `.name.ringwell-….tmp`, which
/// is renamed when it is complete and removed when it will not be: on an error and on an interrupt.
/// A process that is killed leaves the temporary, and never half of the target. A target that is a
/// device or a pipe is written to as it is.
///
/// **Routes.** Storage is shared where the file system can, else the kernel copies, else the bytes
/// go through the engine in parts of 1 MiB, eight in flight, without a copy in user memory.
///
/// **Holes** of the source are holes of the copy.
///
/// **Permissions.** A new file gets those of the source less the umask, one that is replaced keeps
/// its own, and with [CopyOptions#preserve] the copy has exactly those of the source. Hard links to
/// a replaced file keep the old contents.
///
/// **Blocking.** The methods park until the copy is complete. An interrupt ends them with
/// [java.io.InterruptedIOException].
public final class FileCopy {
  /// What one call of copy_file_range(2) moves at the most: a step of progress, and what an
  /// interrupt has to wait for, in bytes.
  private static final long RANGE_BYTES = 16L << 20;

  /// What a route answers that two files cannot take. EPERM comes from seccomp filters, EIO from
  /// file systems over the network that cannot copy by themselves.
  private static final Set<String> NOT_THIS_WAY =
      Set.of(
          "EOPNOTSUPP", "EXDEV", "EINVAL", "ENOTTY", "ENOSYS", "EPERM", "EBADF", "ETXTBSY", "EIO");

  private final Engine engine;
  private final FileHandle from;
  private final AtomicFile target;
  private final Path name;
  private final CopyOptions options;
  private final LongConsumer progress;
  private final FileInfo info;
  private long dataBytes;

  private FileCopy(
      Engine engine,
      FileHandle from,
      FileInfo info,
      AtomicFile target,
      Path name,
      CopyOptions options,
      LongConsumer progress) {
    this.engine = engine;
    this.from = from;
    this.info = info;
    this.target = target;
    this.name = name;
    this.options = options;
    this.progress = progress;
  }

  /// Copies `from` to `to`, which is replaced where it is there.
  ///
  /// @param progress is told, on the calling thread, how many bytes were done since it was told
  ///   last; holes and shared storage are not
  /// @throws FileSystemException where `from` is a directory, `to` is one, both are the same file,
  ///   `from` is cut short meanwhile, or the check finds a difference
  public static CopyResult copy(
      Engine engine, Path from, Path to, CopyOptions options, LongConsumer progress)
      throws IOException {
    int reading = OpenFlag.READ | (options.direct() ? OpenFlag.DIRECT : 0);
    FileHandle source = engine.open(from, reading, 0);
    try {
      FileInfo info = stat(engine, source);
      if (info.isDirectory()) {
        throw new FileSystemException(
            from.toString(), null, "is a directory; copy the files in it one by one");
      }
      if (Files.exists(to) && Files.isSameFile(from, to)) {
        throw new FileSystemException(
            to.toString(), from.toString(), "is the same file as " + from);
      }
      int mode = info.permissions();
      try (AtomicFile target = AtomicFile.create(engine, to, mode, options.direct())) {
        return new FileCopy(engine, source, info, target, to, options, progress).run();
      }
    } finally {
      engine.close(source);
    }
  }

  /// As [#copy(Engine, Path, Path, CopyOptions, LongConsumer)], telling nobody of progress.
  public static CopyResult copy(Engine engine, Path from, Path to, CopyOptions options)
      throws IOException {
    return copy(engine, from, to, options, bytes -> {});
  }

  /// Writes what `from` still has to `to`, which takes its name when the end has come.
  ///
  /// @param mode permissions of a new file, before the umask
  /// @throws IllegalArgumentException where the options ask for direct I/O, attributes or a check,
  ///   since a channel has none and cannot be read again
  public static CopyResult copy(
      Engine engine,
      ReadableByteChannel from,
      Path to,
      int mode,
      CopyOptions options,
      LongConsumer progress)
      throws IOException {
    if (options.direct() || options.preserve() || options.verify()) {
      throw new IllegalArgumentException(
          "a channel cannot be read past the page cache or again, and has no attributes");
    }
    try (AtomicFile target = AtomicFile.create(engine, to, mode, false);
        CopyStream stream = new CopyStream(engine, target.file(), progress)) {
      long size = stream.drain(from);
      target.commit(options.durability());
      return new CopyResult(size, size, CopyOptions.Route.RING, false);
    }
  }

  /// How large the parts of a copy are, so that the pool has room for `parts` of them in one piece.
  static int partBytes(Engine engine, int parts) {
    return (int)
        Math.min(SplitTransfer.PART_BYTES, Long.highestOneBit(engine.pool().maxBytes() / parts));
  }

  private static FileInfo stat(Engine engine, FileHandle file) throws IOException {
    Operation op = new Operation().statx(file);
    engine.submit(op);
    op.await();
    return op.fileInfo();
  }

  private CopyResult run() throws IOException {
    boolean regular = info.isRegularFile() && target.isAtomic();
    if (options.verify() && !regular) {
      throw new FileSystemException(
          name.toString(),
          from.path().toString(),
          "a device or pipe cannot be read again to verify");
    }
    if (options.direct() && !regular) {
      throw new FileSystemException(
          name.toString(), from.path().toString(), "direct copies are between regular files");
    }
    long size = info.size();
    CopyOptions.Route route = CopyOptions.Route.RING;
    if (!regular || size == 0) {
      // The kernel's own files say 0 of themselves, and have something to read.
      size = options.direct() ? 0 : stream();
    } else {
      route = copyData(size);
    }
    if (options.verify()) {
      try (CopyVerifier verifier = new CopyVerifier(engine, from, target, name, size)) {
        verifier.run();
      }
    }
    if (options.preserve() && target.isAtomic()) {
      target.preserve(info);
    }
    target.commit(options.durability());
    return new CopyResult(size, dataBytes, route, options.verify());
  }

  private long stream() throws IOException {
    try (CopyStream stream = new CopyStream(engine, target.file(), progress)) {
      dataBytes = stream.drain(from);
      return dataBytes;
    }
  }

  /// By the first route that goes.
  private CopyOptions.Route copyData(long size) throws IOException {
    CopyOptions.Route asked = options.route();
    boolean any = asked == CopyOptions.Route.AUTO && !options.direct();
    boolean shares = asked == CopyOptions.Route.REFLINK || (any && engine.supports(OpCode.CLONE));
    if (shares && share(any)) {
      return CopyOptions.Route.REFLINK;
    }
    CopyOptions.Route route = CopyOptions.Route.RING;
    if (asked == CopyOptions.Route.RANGE || (any && engine.supports(OpCode.COPY_RANGE))) {
      route = copyRanges(size, any);
    } else {
      dataBytes = pipeline(0, size);
    }
    // Where the last part is a hole, or direct I/O wrote its block whole.
    target.truncate(size);
    requireWhole(size);
    return route;
  }

  /// @param any whether there is another way
  private boolean share(boolean any) throws IOException {
    try {
      run(new Operation().cloneTo(from, target.file()));
      return true;
    } catch (OperationException e) {
      if (any && NOT_THIS_WAY.contains(e.errnoName())) {
        return false;
      }
      throw e;
    }
  }

  private CopyOptions.Route copyRanges(long size, boolean any) throws IOException {
    CopyExtents extents = new CopyExtents(engine, from, size, 1);
    Operation op = new Operation();
    while (extents.advance()) {
      long at = extents.start();
      while (at < extents.end()) {
        long moved = copyRange(op, at, Math.min(RANGE_BYTES, extents.end() - at), any);
        if (moved == 0) {
          if (!any) {
            throw nothingCopied(size, at);
          }
          dataBytes += pipeline(at, size);
          return CopyOptions.Route.RING;
        }
        at += moved;
        dataBytes += moved;
        progress.accept(moved);
      }
    }
    return CopyOptions.Route.RANGE;
  }

  /// @return bytes copied; 0 also where the kernel cannot and there is another way
  private long copyRange(Operation op, long at, long length, boolean any) throws IOException {
    try {
      engine.submit(op.copyRange(from, at, target.file(), at, length));
      return op.await();
    } catch (OperationException e) {
      if (any && NOT_THIS_WAY.contains(e.errnoName())) {
        return 0;
      }
      throw e;
    }
  }

  private FileSystemException nothingCopied(long size, long at) throws IOException {
    requireWhole(size);
    return new FileSystemException(
        from.path().toString(),
        name.toString(),
        "the kernel copied nothing at offset " + at + "; take another route");
  }

  private long pipeline(long start, long size) throws IOException {
    return new CopyPipeline(engine, from, target.file(), start, size, progress).run();
  }

  /// What was cut off meanwhile looks like a hole to some routes.
  private void requireWhole(long size) throws IOException {
    long now = stat(engine, from).size();
    if (now < size) {
      throw CopyPipeline.shrunk(from, size, now);
    }
  }

  private void run(Operation op) throws IOException {
    engine.submit(op);
    op.await();
  }
}
