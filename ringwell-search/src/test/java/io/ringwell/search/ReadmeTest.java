package io.ringwell.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README shows of searching, as it stands there, which ringwell-checks looks at.
class ReadmeTest {
  @TempDir Path directory;

  @Test
  void theExampleDoesWhatItSays() throws IOException {
    Path docs = Files.createDirectories(directory.resolve("docs"));
    Files.writeString(docs.resolve("a.md"), "no\nwith O_DIRECT\npreadv\n");
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    WritableByteChannel out = Channels.newChannel(found);
    String path = docs.toString();
    // From here on as in the README.
    SearchOptions options = SearchOptions.of("O_DIRECT|preadv2?").withLineNumbers(true);
    SearchResult result = Search.of(options).run(List.of(path), out, System.err::println);
    System.err.println(result.stats().files() + " files, " + result.reasons());
    assertThat(found.toString(StandardCharsets.UTF_8))
        .isEqualTo(docs + "/a.md:2:with O_DIRECT\n" + docs + "/a.md:3:preadv\n");
    assertThat(result.matched()).isTrue();
  }
}
