package io.ringwell.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.engine.Engine;
import io.ringwell.engine.EngineOptions;
import io.ringwell.sys.AdviceCalls;
import io.ringwell.sys.FileCalls;
import io.ringwell.sys.OpenBits;
import io.ringwell.sys.PathCalls;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import io.ringwell.window.WindowSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SearchTest {
  private static final int LINES = 600_000;

  @TempDir Path directory;

  private final List<IOException> problems = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private SearchResult run(SearchOptions options, Path... paths) throws IOException {
    List<String> names = new ArrayList<>();
    for (Path path : paths) {
      names.add(path.toString());
    }
    return Search.of(options).run(names, Channels.newChannel(out), problems::add);
  }

  private String found() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /// More than is read in one part.
  private Path large() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= LINES; i++) {
      text.append("this is line ").append(i).append('\n');
    }
    return Files.writeString(directory.resolve("large"), text);
  }

  /// What a search is given that is no file.
  private record Text(String name, String text) implements SearchInput {
    @Override
    public ManagedReader open(Engine engine) throws IOException {
      if (text.isEmpty()) {
        throw new IOException(name + ": is not there");
      }
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      // On a small grid, so that windows end within lines.
      return ManagedReader.open(
          engine,
          WindowSource.of(MemorySegment.ofArray(bytes)),
          ReaderOptions.defaults().withBounds(512, 4096));
    }
  }

  @Test
  void whatIsNoFileIsSearchedLikeOne() throws IOException {
    Path file = large();
    String text = Files.readString(file);
    SearchOptions options = SearchOptions.of("9999[0-9]$").withLineNumbers(true);
    run(options, file);
    String expected = found();
    out.reset();
    List<SearchInput> inputs = List.of(new Text("object", text));
    SearchResult result =
        Search.of(options)
            .run(null, List.of(), inputs, false, Channels.newChannel(out), problems::add);
    assertThat(found()).isEqualTo(expected).isNotEmpty();
    assertThat(result.matched()).isTrue();
    assertThat(result.stats().files()).isEqualTo(1);
  }

  @Test
  void oneInputThatCannotBeOpenedIsToldAndTheOthersAreSearched() throws IOException {
    List<SearchInput> inputs = List.of(new Text("gone", ""), new Text("there", "yes\nno\n"));
    Path file = Files.writeString(directory.resolve("file"), "yes\n");
    SearchResult result =
        Search.of(SearchOptions.of("yes").withJobs(1))
            .run(
                null,
                List.of(file.toString()),
                inputs,
                false,
                Channels.newChannel(out),
                problems::add);
    assertThat(found()).isEqualTo(file + ":yes\nthere:yes\n");
    assertThat(result.failed()).isTrue();
    assertThat(problems).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("gone"));
  }

  @ParameterizedTest
  @EnumSource(SearchRoute.class)
  void linesOfALargeFileComeInOrderWithTheirNumbersByEveryRoute(SearchRoute route)
      throws IOException {
    SearchOptions options =
        SearchOptions.of("line \\d*7777$").withLineNumbers(true).withRoute(route).withJobs(4);
    SearchResult result = run(options, large());
    StringBuilder expected = new StringBuilder();
    for (int i = 7777; i <= LINES; i += 10_000) {
      expected.append(i).append(":this is line ").append(i).append('\n');
    }
    assertThat(found()).isEqualTo(expected.toString());
    assertThat(result.matched()).isTrue();
    assertThat(result.stats().files()).isEqualTo(1);
    assertThat(result.stats().routes())
        .containsOnlyKeys(route == SearchRoute.AUTO ? SearchRoute.PREAD : route);
    assertThat(result.stats().bytes()).isGreaterThanOrEqualTo(Files.size(large()));
    assertThat(result.reasons()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(SearchRoute.class)
  void aLargeFileThatIsNotCachedIsSearchedInOrderByEveryRoute(SearchRoute route)
      throws IOException {
    Path large = large();
    forget(large);
    SearchOptions options = SearchOptions.of("line 1?99999$").withRoute(route).withJobs(2);
    run(options, large);
    assertThat(found()).isEqualTo("this is line 99999\nthis is line 199999\n");
    assertThat(problems).isEmpty();
  }

  /// Has the page cache forget a file.
  private static void forget(Path file) throws IOException {
    int dontNeed = 4; // POSIX_FADV_DONTNEED
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      channel.force(true);
      int fd = PathCalls.open(arena.allocateFrom(file.toString()), OpenBits.RDONLY, 0);
      assertThat(fd).isNotNegative();
      try {
        assertThat(AdviceCalls.fadvise(fd, 0, 0, dontNeed)).isZero();
      } finally {
        FileCalls.close(fd);
      }
    }
  }

  @Test
  void plainReadsOfALargeFileOpenNoEngine() throws IOException {
    SearchOptions options = SearchOptions.of("line 599999").withRoute(SearchRoute.PREAD);
    SearchResult result = run(options, large());
    assertThat(found()).isEqualTo("this is line 599999\n");
    assertThat(result.stats().engine()).isEqualTo("none");
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineOptions.Choice.class,
      names = {"THREADS", "CHANNELS"})
  void enginesWithoutARingFindTheSame(EngineOptions.Choice choice) throws IOException {
    Path large = large();
    try (Engine engine = Engine.open(EngineOptions.defaults().withChoice(choice))) {
      SearchOptions options = SearchOptions.of("line 599999").withRoute(SearchRoute.RING);
      Search.of(options)
          .run(engine, List.of(large.toString()), Channels.newChannel(out), problems::add);
    }
    assertThat(found()).isEqualTo("this is line 599999\n");
    assertThat(problems).isEmpty();
  }

  @Test
  void aTreeOfSmallFilesOpensNoEngine() throws IOException {
    Files.writeString(directory.resolve("a"), "one\ntwo");
    SearchResult result = run(SearchOptions.of("two"), directory);
    assertThat(found()).isEqualTo(directory + "/a:two\n");
    assertThat(result.stats().engine()).isEqualTo("none");
    assertThat(result.stats().directories()).isEqualTo(1);
    // Directory: open, two lists, close; file: open, two reads, close.
    assertThat(result.stats().syscalls()).isEqualTo(8);
  }

  @ParameterizedTest
  @EnumSource(SearchRoute.class)
  void aTreeIsSearchedByEveryRouteWhateverItsFilesAre(SearchRoute route) throws IOException {
    large();
    Files.createFile(directory.resolve("empty"));
    List<String> expected = new ArrayList<>(List.of(directory + "/large:this is line 599999"));
    for (int i = 0; i < 100; i++) {
      Files.writeString(directory.resolve("small" + i), "no\nthis is line 599999\nno");
      expected.add(directory + "/small" + i + ":this is line 599999");
    }
    SearchOptions options = SearchOptions.of("line 599999").withRoute(route).withJobs(2);
    SearchResult result = run(options, directory);
    assertThat(found().lines()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(result.stats().files()).isEqualTo(102);
    assertThat(problems).isEmpty();
  }

  @Test
  void whatCannotBeSearchedIsToldAndTheRestSearched() throws IOException {
    Path there = Files.writeString(directory.resolve("there"), "x\n");
    Path missing = directory.resolve("missing");
    SearchResult result = run(SearchOptions.of("x"), missing, there);
    assertThat(found()).isEqualTo(there + ":x\n");
    assertThat(result.failed()).isTrue();
    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst()).hasMessageContaining(missing.toString());
  }

  @ParameterizedTest
  @EnumSource(SearchRoute.class)
  void anOutputThatFailsEndsTheSearchWithItsError(SearchRoute route) throws IOException {
    Path large = large();
    WritableByteChannel failing =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer bytes) throws IOException {
            throw new IOException("no room");
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    Search search = Search.of(SearchOptions.of("line").withRoute(route).withJobs(3));
    assertThatThrownBy(() -> search.run(List.of(large.toString()), failing, problems::add))
        .isInstanceOf(IOException.class)
        .hasMessage("no room");
  }

  @Test
  void aPipeIsReadAsItComes() throws IOException, InterruptedException {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Files.writeString(pipe, "a\nb\nab\n");
              } catch (IOException e) {
                problems.add(e);
              }
            });
    run(SearchOptions.of("a"), pipe);
    writer.join();
    assertThat(found()).isEqualTo("a\nab\n");
    assertThat(problems).isEmpty();
  }

  @Test
  void optionsOutOfBoundsAreRefused() {
    SearchOptions options = SearchOptions.of("x");
    assertThatThrownBy(() -> options.withJobs(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.withUnrestricted(4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SearchOptions.of()).isInstanceOf(IllegalArgumentException.class);
  }
}
