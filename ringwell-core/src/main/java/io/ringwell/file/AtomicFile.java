package io.ringwell.file;

import io.ringwell.engine.Engine;
import io.ringwell.engine.FileHandle;
import io.ringwell.engine.FileInfo;
import io.ringwell.engine.OpCode;
import io.ringwell.engine.OpenFlag;
import io.ringwell.engine.Operation;
import io.ringwell.engine.OperationException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A file that is written whole or not at all: a temporary beside the target,
/// `.name.ringwell-….tmp`, which takes the target's name when it is complete and is removed when it
/// will not be. Nobody ever sees half of it under that name; a process that is killed leaves the
/// temporary.
///
/// A file that is replaced gives its permissions; hard links to it keep the old contents. What is
/// no regular file (a device, a pipe) cannot be replaced and is written to as it is: [#isAtomic]
/// tells.
///
/// **Ownership.** Its owner writes to [#file] with operations of the engine, awaits them, and calls
/// [#commit]; then, or instead, [#close]. **Threads.** One at a time. **Blocking.** All methods
/// park but those that ask.
public final class AtomicFile implements AutoCloseable {
  private static final int TRIES = 16;

  /// The longest name has 255 bytes; a character may have four.
  private static final int NAME_CHARACTERS = 50;

  private static final int PERMISSIONS = 0777;
  private static final int SET_ID_BITS = 06000;

  private final Engine engine;
  private final Path target;
  private final @Nullable Path temporary;
  private final FileHandle file;
  private boolean open = true;
  private boolean unfinished;

  private AtomicFile(Engine engine, Path target, @Nullable Path temporary, FileHandle file) {
    this.engine = engine;
    this.target = target;
    this.temporary = temporary;
    this.file = file;
    this.unfinished = temporary != null;
  }

  /// Begins to write a file.
  ///
  /// @param to its name; a symbolic link stays one, and the file that it names is replaced
  /// @param mode permissions for a file that is new, before the umask; one that is replaced keeps
  ///   its own
  /// @param direct whether [#file] is written past the page cache
  /// @throws IOException where the target is a directory, may not be written, or nothing can be
  ///   made beside it
  public static AtomicFile create(Engine engine, Path to, int mode, boolean direct)
      throws IOException {
    Path target = followed(to);
    int flags = OpenFlag.READ | OpenFlag.WRITE | (direct ? OpenFlag.DIRECT : 0);
    if (!Files.exists(target)) {
      return beside(engine, target, mode & PERMISSIONS, flags);
    }
    if (Files.isDirectory(target)) {
      throw new FileSystemException(
          to.toString(), null, "is a directory; name the file to be written");
    }
    if (!Files.isRegularFile(target)) {
      int writing = OpenFlag.WRITE | (direct ? OpenFlag.DIRECT : 0);
      return new AtomicFile(engine, target, null, engine.open(target, writing, 0));
    }
    if (!Files.isWritable(target)) {
      // Its directory may allow to replace it; its permissions say not to.
      throw new AccessDeniedException(to.toString());
    }
    Operation stat = new Operation().statx(target, true);
    engine.submit(stat);
    stat.await();
    FileInfo replaced = stat.fileInfo();
    AtomicFile made = beside(engine, target, mode & PERMISSIONS, flags);
    try {
      if (engine.supports(OpCode.SET_ATTRIBUTES)) {
        Instant now = Instant.now();
        made.setAttributes(attributes(replaced, replaced.permissions() & PERMISSIONS, now, now));
      }
      return made;
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  /// A symbolic link stays one: the file that it names is replaced.
  private static Path followed(Path to) throws IOException {
    if (!Files.isSymbolicLink(to)) {
      return to;
    }
    if (!Files.exists(to)) {
      throw new FileSystemException(
          to.toString(), null, "is a symbolic link to nothing; remove it, or name another target");
    }
    return to.toRealPath();
  }

  private static AtomicFile beside(Engine engine, Path target, int mode, int flags)
      throws IOException {
    Path name = target.getFileName();
    String text = name == null ? "" : name.toString();
    String start = text.substring(0, Math.min(text.length(), NAME_CHARACTERS));
    for (int i = 1; ; i++) {
      String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
      Path temporary = target.resolveSibling("." + start + ".ringwell-" + random + ".tmp");
      try {
        int create = flags | OpenFlag.CREATE | OpenFlag.EXCLUSIVE;
        return new AtomicFile(engine, target, temporary, create(engine, temporary, create, mode));
      } catch (OperationException e) {
        if (e.errnoName().equals("EINVAL")) {
          // A file system without direct I/O refuses when it has made the file already.
          Files.deleteIfExists(temporary);
        }
        if (i == TRIES || !e.errnoName().equals("EEXIST")) {
          throw e;
        }
      }
    }
  }

  /// An interrupt has to wait for this one: the file would be made, and nobody left to remove it.
  private static FileHandle create(Engine engine, Path path, int flags, int mode)
      throws IOException {
    Operation op = new Operation().open(path, flags, mode);
    CompletableFuture<Operation> made = op.stage().toCompletableFuture();
    engine.submit(op);
    try {
      return made.join().openedFile();
    } catch (CompletionException e) {
      if (e.getCause() instanceof OperationException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /// Where to write to, and to read from; closed by [#commit] or [#close].
  public FileHandle file() {
    return file;
  }

  /// Whether the target takes its name only when it is complete.
  public boolean isAtomic() {
    return temporary != null;
  }

  /// Where the bytes are now.
  public Path path() {
    return temporary == null ? target : temporary;
  }

  /// Sets its size.
  public void truncate(long size) throws IOException {
    run(new Operation().truncate(file, size));
  }

  /// Gives the copy what the source has. Set-user and set-group bits stay only where the owner is
  /// the same: nobody else's rights are given away.
  void preserve(FileInfo source) throws IOException {
    Operation stat = new Operation().statx(file);
    run(stat);
    FileInfo own = stat.fileInfo();
    boolean sameOwner = own.uid() == source.uid() && own.gid() == source.gid();
    int mode = source.permissions() & (sameOwner ? -1 : ~SET_ID_BITS);
    setAttributes(attributes(source, mode, source.accessed(), source.modified()));
  }

  private void setAttributes(FileInfo like) throws IOException {
    run(new Operation().setAttributes(file, like));
  }

  private static FileInfo attributes(FileInfo of, int mode, Instant accessed, Instant modified) {
    return new FileInfo(
        of.size(),
        of.allocatedBytes(),
        mode,
        of.uid(),
        of.gid(),
        of.inode(),
        of.device(),
        of.blockSize(),
        accessed,
        modified,
        of.changed(),
        of.birth(),
        of.directMemoryAlign(),
        of.directOffsetAlign());
  }

  /// It is complete: it takes the target's name.
  ///
  /// @param durability what is on the device before it has that name; with `FULL`, the name too
  public void commit(Durability durability) throws IOException {
    switch (durability) {
      case NONE -> {}
      case DATA -> run(new Operation().fdatasync(file));
      case FULL -> run(new Operation().fsync(file));
    }
    open = false;
    engine.close(file);
    if (temporary == null) {
      return;
    }
    run(new Operation().rename(temporary, target, false));
    unfinished = false;
    if (durability == Durability.FULL) {
      syncDirectory();
    }
  }

  /// A name is durable when its directory is.
  private void syncDirectory() throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    FileHandle directory = engine.open(parent, OpenFlag.READ | OpenFlag.DIRECTORY, 0);
    try {
      run(new Operation().fsync(directory));
    } finally {
      engine.close(directory);
    }
  }

  private void run(Operation op) throws IOException {
    engine.submit(op);
    op.await();
  }

  /// Removes what is unfinished, at once: closing may have to wait for the kernel.
  @Override
  public void close() throws IOException {
    try {
      if (unfinished && temporary != null) {
        unfinished = false;
        Files.deleteIfExists(temporary);
      }
    } finally {
      if (open) {
        open = false;
        engine.close(file);
      }
    }
  }
}
