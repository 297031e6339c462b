package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import io.ringwell.window.WholeOptions.Order;
import java.io.IOException;
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
  private static final class Collecting implements WholeHandler {
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
    try (Scratch small =
        new Scratch(io.ringwell.engine.EngineOptions.defaults().withPoolBytes(1 << 20))) {
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
