package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.Ringwell;
import io.ringwell.memory.BytesChain;
import io.ringwell.sink.Sink;
import io.ringwell.window.AccessHint;
import io.ringwell.window.ReaderOptions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read is the object, from a server that the library was not made with.
@ParameterizedClass
@ValueSource(booleans = {false, true})
@Timeout(300)
final class ServerSourceTest extends ServerCase {
  private static final int MIB = 1 << 20;
  private static final int BYTES = 3 * MIB + 4321;

  /// Whether it is the SDK's client that asks, and not connections of one's own.
  @Parameter boolean sdkClient;

  /// All of an object, by windows.
  static byte[] drain(S3Store store, S3Location location, boolean sdkClient) throws IOException {
    try (Ringwell io = Ringwell.open()) {
      S3Source source = store.source(location, S3ReadOptions.defaults().withSdkClient(sdkClient));
      return ReadRig.drain(
          io.reader(source, ReaderOptions.defaults().withHint(AccessHint.SEQUENTIAL)));
    }
  }

  private byte[] put() throws IOException {
    byte[] content = random(3, BYTES);
    try (Sink sink = observer.sink(target, S3SinkOptions.defaults())) {
      sendAll(sink, content, MIB);
      sink.complete();
    }
    return content;
  }

  @Test
  void rangesAreRightAtEveryEdge() throws IOException {
    byte[] content = put();
    List<S3Range> ranges =
        List.of(
            new S3Range(0, 0),
            new S3Range(0, 1),
            new S3Range(0, MIB),
            new S3Range(MIB - 1, 2),
            new S3Range(MIB, MIB),
            new S3Range(1, BYTES),
            new S3Range(BYTES - 1, 1),
            new S3Range(BYTES - 1, 2),
            new S3Range(BYTES, 1),
            new S3Range(BYTES + 10L, 100));
    S3ReadOptions small =
        S3ReadOptions.defaults()
            .withSdkClient(sdkClient)
            .withRangeBytes(MIB)
            .withGapBytes(64 << 10);
    try (S3Source source = observer.source(target, small)) {
      List<BytesChain> all = source.read(ranges, pool);
      for (int i = 0; i < ranges.size(); i++) {
        S3Range range = ranges.get(i);
        assertThat(ReadRig.bytes(all.get(i)))
            .as(range.toString())
            .isEqualTo(S3SourceCase.part(content, range.position(), range.length()));
      }
    }
  }

  @Test
  void anObjectThatIsReplacedUnderTheReaderIsNoMixture() throws IOException {
    var _ = put();
    try (S3Source source =
        observer.source(target, S3ReadOptions.defaults().withSdkClient(sdkClient))) {
      try (Sink sink = observer.sink(target, S3SinkOptions.defaults())) {
        sendAll(sink, random(4, BYTES), MIB);
        sink.complete();
      }
      assertThatThrownBy(() -> source.read(List.of(new S3Range(0, BYTES)), pool))
          .isInstanceOf(S3Exception.class)
          .hasMessageContaining("replaced");
    }
  }

  @Test
  void wrongKeysAndWhatIsNotThereAreOneClearLine() throws IOException {
    var _ = put();
    refuses(options(), target.withKey("nothing"), "there is no such object");
    refuses(options().withKeys("who", "knows"), target, "the store refuses these credentials");
    refuses(wrongSecret(), target, "the store refuses these credentials");
    // A HEAD has no words; ranges have.
    S3ReadOptions how = S3ReadOptions.defaults().withSdkClient(sdkClient);
    try (S3Store other = open(wrongSecret());
        S3Source theirs = observer.source(target, how, other.rangeTransport(target, how))) {
      assertThatThrownBy(() -> theirs.read(List.of(new S3Range(0, 1)), pool))
          .isInstanceOf(S3Exception.class)
          .hasMessageContaining("secret key does not belong to the access key")
          .hasMessageNotContaining("\n");
    }
  }

  private void refuses(S3Options options, S3Location from, String why) throws IOException {
    try (S3Store other = open(options)) {
      assertThatThrownBy(
              () -> other.source(from, S3ReadOptions.defaults().withSdkClient(sdkClient)))
          .isInstanceOf(S3Exception.class)
          .hasMessageContaining(why)
          .hasMessageContaining(from.toString())
          .hasMessageNotContaining("\n");
    }
  }
}
