package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.engine.EngineOptions;
import io.ringwell.memory.Bytes;
import io.ringwell.window.WholeOptions.Order;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many small files, and some that are not.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WholeFilesTest {
  private Scratch scratch;

  @BeforeEach
  void open() throws IOException {
    scratch = new Scratch();
  }

  @AfterEach
  void close() throws IOException {
    scratch.close();
  }

  private Map<Path, byte[]> files(int count) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    Map<Path, byte[]> all = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      // Some larger than the first buffer, some of exactly its size, some empty.
      int size =
          switch (i % 10) {
            case 0 -> random.nextInt(32 << 10, 300 << 10);
            case 1 -> 32 << 10;
            case 2 -> 0;
            default -> random.nextInt(20_000);
          };
      byte[] content = Scratch.pattern(i, size);
      all.put(scratch.file("file" + i, content), content);
    }
    return all;
  }

  @Test
  void everyFileIsReadOnceInAnyOrder() throws IOException {
    Map<Path, byte[]> files = files(300);
    Map<Path, byte[]> read = new HashMap<>();
    long count =
        WholeFiles.read(
            scratch.engine,
            files.keySet(),
            WholeOptions.defaults(),
            (path, content) -> assertThat(read.put(path, content.toArray())).isNull());
    assertThat(count).isEqualTo(300);
    assertThat(read.keySet()).isEqualTo(files.keySet());
    files.forEach((path, content) -> assertThat(read.get(path)).isEqualTo(content));
  }

  @Test
  void orderOfInputIsKept() throws IOException {
    Map<Path, byte[]> files = files(200);
    for (int inFlight : new int[] {1, 3, 64, 500}) {
      List<Path> read = new ArrayList<>();
      WholeFiles.read(
          scratch.engine,
          files.keySet(),
          WholeOptions.defaults().withOrder(Order.INPUT).withInFlight(inFlight),
          (path, content) -> {
            assertThat(content.toArray()).isEqualTo(files.get(path));
            read.add(path);
          });
      assertThat(read).containsExactlyElementsOf(files.keySet());
    }
  }

  /// Collects, and goes on after failures.
  private static class Collecting implements WholeHandler {
    final Map<Path, Long> sizes = new HashMap<>();
    final Map<Path, IOException> failures = new HashMap<>();

    @Override
    public void content(Path path, Bytes content) {
      sizes.put(path, content.size());
    }

    @Override
    public void failed(Path path, IOException failure) {
      failures.put(path, failure);
    }
  }

  @Test
  void failuresAreToldAndTheOthersGoOn() throws IOException {
    Map<Path, byte[]> files = files(20);
    List<Path> paths = new ArrayList<>(files.keySet());
    Path missing = scratch.directory.resolve("missing");
    Path folder = Files.createDirectory(scratch.directory.resolve("folder"));
    Path large = scratch.file("large", new byte[500_000]);
    paths.add(3, missing);
    paths.add(7, folder);
    paths.add(11, large);
    for (Order order : Order.values()) {
      Collecting collecting = new Collecting();
      WholeOptions options =
          WholeOptions.defaults().withInFlight(4).withOrder(order).withMaxFileBytes(400_000);
      assertThat(WholeFiles.read(scratch.engine, paths, options, collecting)).isEqualTo(20);
      assertThat(collecting.sizes.keySet()).isEqualTo(files.keySet());
      assertThat(collecting.failures).containsOnlyKeys(missing, folder, large);
      assertThat(collecting.failures.get(missing)).hasMessageContaining("missing");
      assertThat(collecting.failures.get(folder)).hasMessageContaining("directory");
      assertThat(collecting.failures.get(large)).hasMessageContaining("500000");
    }
  }

  @Test
  void firstFailureEndsItUnlessHandled() throws IOException {
    List<Path> paths = new ArrayList<>(files(50).keySet());
    paths.add(20, scratch.directory.resolve("missing"));
    for (Order order : Order.values()) {
      WholeOptions options = WholeOptions.defaults().withOrder(order);
      assertThatThrownBy(
              () -> WholeFiles.read(scratch.engine, paths, options, (path, content) -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("missing");
      assertThatThrownBy(() ->
              WholeFiles.read(
                  scratch.engine,
                  paths.subList(0, 20),
                  options,
                  (path, content) -> {
                    throw new IllegalStateException("enough");
                  }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("enough");
    }
  }

  @Test
  void contentsCanBeKept() throws IOException {
    Map<Path, byte[]> files = files(30);
    Map<Path, Bytes> kept = new HashMap<>();
    WholeFiles.read(
        scratch.engine,
        files.keySet(),
        WholeOptions.defaults(),
        (path, content) -> kept.put(path, content.share()));
    kept.forEach((path, content) -> {
      try (content) {
        assertThat(content.toArray()).isEqualTo(files.get(path));
      }
    });
  }

  /// More files in flight than the pool has buffers for.
  @Test
  void memoryBoundsWhatIsInFlight() throws IOException {
    Map<Path, byte[]> files = files(200);
    try (Scratch small = new Scratch(EngineOptions.defaults().withPoolBytes(1 << 20))) {
      for (Order order : Order.values()) {
        Map<Path, Integer> sizes = new HashMap<>();
        WholeFiles.read(
            small.engine,
            files.keySet(),
            WholeOptions.defaults().withInFlight(20).withOrder(order),
            (path, content) -> sizes.put(path, content.toArray().length));
        assertThat(sizes).hasSize(200);
      }
      assertThat(small.engine.pool().stats().peakBytes()).isLessThanOrEqualTo(1 << 20);
    }
  }

  /// Such a file says that it is empty.
  @Test
  void fileThatTellsNoSizeIsReadToItsEnd() throws IOException {
    Path file = Path.of("/proc/kallsyms");
    assumeTrue(Files.isReadable(file), "no " + file);
    byte[] expected = Files.readAllBytes(file);
    assertThat(expected.length).isGreaterThan(1 << 20);
    Map<Path, byte[]> read = new HashMap<>();
    WholeFiles.read(
        scratch.engine,
        List.of(file),
        WholeOptions.defaults(),
        (path, content) -> read.put(path, content.toArray()));
    assertThat(read.get(file)).isEqualTo(expected);
    assertThatThrownBy(() ->
            WholeFiles.read(
                scratch.engine,
                List.of(file),
                WholeOptions.defaults().withMaxFileBytes(1 << 20),
                (path, content) -> {}))
        .hasMessageContaining("more than " + (1 << 20));
  }

  /// They have gone when their turn comes, or go meanwhile.
  @Test
  void filesThatAreRemovedMeanwhileAreWholeOrMissing() throws IOException {
    Map<Path, byte[]> files = files(400);
    List<Path> paths = new ArrayList<>(files.keySet());
    Collecting collecting =
        new Collecting() {
          @Override
          public void content(Path path, Bytes content) {
            assertThat(content.toArray()).isEqualTo(files.get(path));
            super.content(path, content);
            try {
              Files.deleteIfExists(paths.get((sizes.size() * 7) % paths.size()));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    WholeFiles.read(scratch.engine, paths, WholeOptions.defaults().withInFlight(16), collecting);
    assertThat(collecting.sizes.size() + collecting.failures.size()).isEqualTo(400);
    assertThat(collecting.failures).isNotEmpty();
    assertThat(collecting.failures.values())
        .allSatisfy(failure -> assertThat(failure).hasMessageContaining("ENOENT"));
  }

  @Test
  void interruptEndsItAndNothingStaysInFlight() throws IOException {
    Map<Path, byte[]> files = files(200);
    int[] read = new int[1];
    assertThatThrownBy(() ->
            WholeFiles.read(
                scratch.engine,
                files.keySet(),
                WholeOptions.defaults().withInFlight(16),
                (path, content) -> {
                  if (++read[0] == 50) {
                    Thread.currentThread().interrupt();
                  }
                }))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(scratch.engine.stats().inFlight()).isZero();
    assertThat(scratch.engine.pool().stats().inUseBytes()).isZero();
  }

  @Test
  void closeOfTheEngineEndsItAndGivesAllMemoryBack() throws Exception {
    Map<Path, byte[]> files = files(300);
    try (Scratch other = new Scratch()) {
      List<Thread> closers = new ArrayList<>();
      assertThatThrownBy(() ->
              WholeFiles.read(
                  other.engine,
                  files.keySet(),
                  WholeOptions.defaults().withInFlight(16),
                  (path, content) -> {
                    if (closers.isEmpty()) {
                      closers.add(Thread.ofPlatform().start(other.engine::close));
                    }
                  }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
      closers.getFirst().join();
      assertThat(other.engine.pool().stats().inUseBytes()).isZero();
    }
  }

  /// Each thread's files are spread over both rings.
  @Test
  void severalRingsShareTheFilesOfOneCall() throws IOException {
    Map<Path, byte[]> files = files(300);
    try (Scratch two = new Scratch(EngineOptions.defaults().withRings(2))) {
      for (Order order : Order.values()) {
        Map<Path, byte[]> read = new HashMap<>();
        WholeFiles.read(
            two.engine,
            files.keySet(),
            WholeOptions.defaults().withOrder(order).withInFlight(1000),
            (path, content) -> read.put(path, content.toArray()));
        files.forEach((path, content) -> assertThat(read.get(path)).isEqualTo(content));
      }
    }
  }

  @Test
  void nothingIsReadFromNoPaths() throws IOException {
    assertThat(
            WholeFiles.read(
                scratch.engine, List.of(), WholeOptions.defaults(), (path, content) -> {}))
        .isZero();
    assertThatThrownBy(() -> WholeOptions.defaults().withInFlight(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WholeOptions.defaults().withMaxFileBytes(0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
