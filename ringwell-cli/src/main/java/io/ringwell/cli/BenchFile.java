package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.Durability;
import io.ringwell.file.OpenOptions;
import io.ringwell.memory.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// The file that a bench works on: made where it is missing, made longer where it is one of ours,
/// and left alone where it is anybody else's.
final class BenchFile {
  private static final int SAMPLES = 16;
  private static final int SAMPLE_BYTES = 4096;

  private final Engine engine;
  private final Standard standard;

  BenchFile(Engine engine, Standard standard) {
    this.engine = engine;
    this.standard = standard;
  }

  /// Sees to it that the first `size` bytes can be used as `plan` says.
  ///
  /// @param force whether contents that are not ours may be lost
  void prepare(BenchPlan plan, boolean force) throws IOException {
    Path path = plan.file();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      create(path, plan.size());
      return;
    }
    if (Files.isDirectory(path)) {
      throw new UsageException(path + ": is a directory; name a file");
    }
    if (!Files.isRegularFile(path)) {
      throw new UsageException(path + ": is not a regular file; a bench takes no other");
    }
    long size = Files.size(path);
    boolean ours = isOurs(path, Math.min(size, plan.size()));
    if (ours && size < plan.size()) {
      fill(path, size - size % SAMPLE_BYTES, plan.size());
    } else if (!ours && force && (plan.mode().writes || plan.verify() || size < plan.size())) {
      fill(path, 0, plan.size());
    } else if (!ours) {
      refuseWhereHarmful(plan, size);
    }
  }

  private static void refuseWhereHarmful(BenchPlan plan, long size) {
    String file = plan.file().toString();
    if (plan.mode().writes) {
      throw new UsageException(
          file + ": was not made by this command; name another file, or --force to overwrite it");
    }
    if (plan.verify()) {
      throw new UsageException(
          file
              + ": does not hold what --verify compares with; leave --verify out, name another"
              + " file, or --force to overwrite it");
    }
    if (size < plan.size()) {
      throw new UsageException(
          file
              + ": has "
              + size
              + " bytes; give --size "
              + size
              + " or less, name another file, or --force to overwrite it");
    }
  }

  /// Looks at some blocks all over the first `size` bytes.
  private boolean isOurs(Path path, long size) throws IOException {
    try (AsyncFile file = AsyncFile.open(engine, path, OpenOptions.read())) {
      for (int i = 0; i < SAMPLES; i++) {
        long block = size / SAMPLE_BYTES * i / SAMPLES;
        long offset = block * SAMPLE_BYTES;
        try (Bytes bytes = file.read(offset, Math.min(SAMPLE_BYTES, size - offset))) {
          int words = (int) bytes.size() / Pattern.WORD_BYTES * Pattern.WORD_BYTES;
          if (Pattern.firstWrong(bytes.segment(), 0, offset, words) >= 0) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /// What is unfinished when something fails, or the user interrupts, is removed.
  private void create(Path path, long size) throws IOException {
    boolean complete = false;
    try {
      fill(path, 0, size);
      complete = true;
    } finally {
      if (!complete) {
        Files.deleteIfExists(path);
      }
    }
  }

  private void fill(Path path, long from, long to) throws IOException {
    OpenOptions options = OpenOptions.write().create();
    try (AsyncFile file = AsyncFile.open(engine, path, options);
        Progress progress = Progress.show(standard, "making " + path.getFileName(), to - from);
        PatternPass pass = new PatternPass(file, progress)) {
      pass.write(from, to);
      file.sync(Durability.DATA);
    }
  }
}
