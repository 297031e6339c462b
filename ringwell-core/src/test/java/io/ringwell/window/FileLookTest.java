package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.file.AsyncFile;
import io.ringwell.file.OpenOptions;
import io.ringwell.sys.Errno;
import io.ringwell.sys.PageCacheCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the kernel is asked when a reader opens.
@EnabledOnOs(OS.LINUX)
class FileLookTest {
  private Scratch scratch;

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch();
  }

  @AfterEach
  void close() throws IOException {
    scratch.close();
  }

  private AsyncFile file(Path path) throws IOException {
    return AsyncFile.open(scratch.engine, path, OpenOptions.read());
  }

  private static void requireCachestat(AsyncFile file) {
    long answer = PageCacheCalls.cachedPages(file.handle().descriptor(), 0, 1);
    assumeTrue(answer >= 0, () -> "no cachestat(2) here: " + Errno.name((int) -answer));
  }

  @Test
  void whatWasJustWrittenIsCached() throws IOException {
    for (int size : new int[] {1, 4096, 100_000, 5_000_000}) {
      Path path = scratch.file("cached" + size, Scratch.pattern(size, size));
      try (AsyncFile file = file(path)) {
        requireCachestat(file);
        assertThat(FileLook.cachedShare(file.handle(), size)).isEqualTo(1);
        try (ManagedReader reader =
            ManagedReader.open(scratch.engine, path, ReaderOptions.defaults())) {
          assertThat(reader.plan().why()).contains("on ").contains("100 % of it is in the page");
        }
      }
    }
  }

  /// A hole that nobody has read has no pages.
  @Test
  void whatNobodyHasReadIsNotCached() throws IOException {
    Path path = scratch.directory.resolve("sparse");
    try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(6L << 30);
    }
    try (AsyncFile file = file(path)) {
      requireCachestat(file);
      assertThat(FileLook.cachedShare(file.handle(), 6L << 30)).isZero();
      // Reading the first of the ranges that are looked at.
      try (ManagedReader reader =
          ManagedReader.open(
              scratch.engine, path, ReaderOptions.defaults().withWindowSize(64 << 10))) {
        assertThat(reader.plan().why()).contains("100 % of it not in the page cache");
        assertThat(reader.await(0)).isEqualTo(Readiness.READY);
      }
      assertThat(FileLook.cachedShare(file.handle(), 6L << 30))
          .isBetween(1.0 / FileLook.SAMPLES, 0.5);
    }
  }

  /// The kernel reads ahead of who reads in order, whose next windows are in the page cache then.
  @ParameterizedTest
  @EnumSource(names = {"SEQUENTIAL", "AUTOMATIC"})
  void planForAColdFileStaysAlthoughTheKernelReadsAhead(AccessHint hint) throws IOException {
    Path path = scratch.directory.resolve("cold");
    try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(2L << 30);
    }
    try (AsyncFile file = file(path);
        ManagedReader reader =
            ManagedReader.open(scratch.engine, path, ReaderOptions.defaults().withHint(hint))) {
      requireCachestat(file);
      while (reader.stats().hits() < 4) {
        assertThat(reader.await(at(reader))).isEqualTo(Readiness.READY);
        assertThat(reader.plan().route()).as(reader.plan().toString()).isEqualTo(Route.RING);
        assertThat(reader.window().end()).as("no hits").isLessThan(1L << 30);
      }
    }
  }

  /// But where what is to come is there, the plan follows.
  @Test
  void planFollowsWhenTheRestIsCached() throws IOException {
    Path path = scratch.directory.resolve("cold");
    long size = 64 << 20;
    try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(size);
    }
    ReaderOptions options = ReaderOptions.defaults().withHint(AccessHint.SEQUENTIAL);
    try (AsyncFile file = file(path);
        ManagedReader reader = ManagedReader.open(scratch.engine, path, options)) {
      requireCachestat(file);
      assertThat(reader.plan().route()).isEqualTo(Route.RING);
      readAll(path);
      while (reader.plan().route() == Route.RING) {
        assertThat(reader.await(at(reader)))
            .as(reader.plan().toString())
            .isEqualTo(Readiness.READY);
      }
      assertThat(reader.plan().why()).startsWith("now, as 2 of 2 windows");
    }
  }

  private static void readAll(Path path) throws IOException {
    byte[] part = new byte[1 << 20];
    try (var all = Files.newInputStream(path)) {
      int read;
      do {
        read = all.read(part);
      } while (read > 0);
    }
  }

  /// Where the reader goes on.
  private static long at(ManagedReader reader) {
    return reader.stats().windows() == 0 ? 0 : reader.window().end();
  }

  @Test
  void fileSystemsHaveTheirNames() throws IOException {
    Path shared = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(shared), "no tmpfs here");
    assumeTrue(Files.getFileStore(shared).type().equals("tmpfs"), "no tmpfs here");
    Path path = Files.createTempFile(shared, "look", ".dat");
    try {
      Files.write(path, new byte[10_000]);
      try (AsyncFile file = file(path)) {
        assertThat(FileLook.fileSystem(file.handle())).isEqualTo(FileSystemKind.TMPFS);
      }
      try (ManagedReader reader =
          ManagedReader.open(scratch.engine, path, ReaderOptions.defaults())) {
        assertThat(reader.plan().route()).isEqualTo(Route.RING);
        assertThat(reader.plan().why()).contains("tmpfs");
        assertThat(reader.await(0)).isEqualTo(Readiness.READY);
      }
    } finally {
      Files.delete(path);
    }
  }

  @Test
  void engineWithoutDescriptorsKnowsNothing() throws IOException {
    Path path = scratch.file("channel", new byte[10_000]);
    try (Engine channels = Engine.channels(EngineOptions.defaults(), "tested");
        AsyncFile file = AsyncFile.open(channels, path, OpenOptions.read())) {
      assertThat(FileLook.fileSystem(file.handle())).isEqualTo(FileSystemKind.UNKNOWN);
      assertThat(FileLook.cachedShare(file.handle(), 10_000)).isEqualTo(-1);
    }
  }
}
