package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.Ringwell;
import io.ringwell.memory.Bytes;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Source;
import io.ringwell.sink.Sources;
import io.ringwell.window.ManagedReader;
import io.ringwell.window.ReaderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The examples of S3 that documents show: each stands here as it stands there, but for comments,
/// which ringwell-checks looks at, and does what it says.
@Timeout(60)
final class S3ExamplesTest extends SinkCase {
  private static final S3Location KEY = S3Location.parse("s3://bucket/key");

  @TempDir Path dir;

  private static S3Options local() {
    return options().withEndpoint(server.http());
  }

  @Test
  void readmeSendsBytesToS3() throws IOException {
    S3Options options = local();
    byte[] content = random(1, 100_000);
    Bytes bytes = bytes(content);
    try (S3Store store = S3Store.open(options);
        Sink sink = store.sink(S3Location.parse("s3://bucket/key"), S3SinkOptions.defaults())) {
      sink.send(bytes);
      sink.complete();
    }
    assertThat(content(KEY)).isEqualTo(content);
  }

  @Test
  @SuppressWarnings("UnusedVariable") // The example has a name for it.
  void windowsOfAFileGoToS3() throws IOException {
    S3Options options = local();
    byte[] content = random(2, 9 << 20);
    Path path = Files.write(dir.resolve("file"), content);
    try (Ringwell io = Ringwell.open()) {
      try (S3Store store = S3Store.open(options);
          Source source = Sources.windows(io.reader(path, ReaderOptions.defaults()), 0);
          Sink sink = store.sink(S3Location.parse("s3://bucket/key"), S3SinkOptions.defaults())) {
        long bytes = Sources.drain(source, sink);
      }
    }
    assertThat(content(KEY)).isEqualTo(content);
  }

  @Test
  void anObjectIsReadByWindows() throws IOException {
    S3Options options = local();
    S3Location location = KEY;
    try (S3Store store = S3Store.open(options);
        Sink sink = store.sink(location, S3SinkOptions.defaults())) {
      sink.send(bytes(random(3, 100_000)));
      sink.complete();
    }
    try (Ringwell io = Ringwell.open()) {
      try (S3Store store = S3Store.open(options);
          ManagedReader reader =
              io.reader(
                  store.source(location, S3ReadOptions.defaults()), ReaderOptions.defaults())) {
        reader.await(1L << 30);
      }
    }
  }
}
