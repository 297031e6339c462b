package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.sink.Sink;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two doors to the same server have clocks that are an hour off: what is signed goes in by both.
@Timeout(300)
final class ServerClockTest extends ServerCase {
  private static final S3SinkOptions PARTS = S3SinkOptions.defaults().withPartBytes(PART);

  @ParameterizedTest
  @CsvSource({
    "RGW_URL_AHEAD, false",
    "RGW_URL_AHEAD, true",
    "RGW_URL_BEHIND, false",
    "RGW_URL_BEHIND, true"
  })
  void payloadsAreSignedByTheStoresClock(String variable, boolean sdkClient) throws IOException {
    URI endpoint = URI.create(environment(variable));
    S3ReadOptions reading = S3ReadOptions.defaults().withSdkClient(sdkClient);
    for (int size : new int[] {10, 3 * PART + 1}) {
      byte[] content = random(size, size);
      // Each kind of call is the first that the store hears of.
      try (S3Store store = open(options().withEndpoint(endpoint));
          Sink sink = store.sink(target, PARTS, way(store, sdkClient))) {
        sendAll(sink, content, PART);
        sink.complete();
      }
      assertThat(content(target)).isEqualTo(content);
      try (S3Store store = open(options().withEndpoint(endpoint));
          S3Source source = store.source(target, reading)) {
        assertThat(ReadRig.bytes(source.read(List.of(new S3Range(0, size)), pool).getFirst()))
            .isEqualTo(content);
        assertThat(store.list(target, "", null).objects()).hasSize(1);
        store.delete(target);
      }
      assertThat(isThere(target)).isFalse();
    }
  }
}
