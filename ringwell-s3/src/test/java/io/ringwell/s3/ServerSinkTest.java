package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.s3.rig.Fault;
import io.ringwell.s3.rig.Fault.Kind;
import io.ringwell.s3.rig.FaultProxy;
import io.ringwell.s3.rig.S3Request.Operation;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is sent to a sink is the object, on a server that the library was not made with.
@ParameterizedClass
@ValueSource(booleans = {false, true})
@Timeout(300)
final class ServerSinkTest extends ServerCase {
  private static final int PIECE = PART / 5;
  private static final S3SinkOptions PARTS = S3SinkOptions.defaults().withPartBytes(PART);

  /// Whether payloads go by the SDK's client, and not over connections of one's own.
  @Parameter boolean sdkClient;

  private FaultProxy proxy;
  private S3Store store;

  @BeforeEach
  void openStore() throws IOException {
    proxy = FaultProxy.http(endpoint().getPort(), request -> Fault.NONE);
    store = open(options());
  }

  @AfterEach
  void closeStore() {
    store.close();
    proxy.close();
  }

  private void writes(S3Store to, S3SinkOptions options, byte[] content, int pieceBytes)
      throws IOException {
    try (Sink sink = to.sink(target, options, way(to, sdkClient))) {
      sendAll(sink, content, pieceBytes);
      assertThat(sink.complete()).isEqualTo(content.length);
    }
    assertThat(content(target)).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PART - 1, PART, PART + 1, 3 * PART})
  void objectsOfEverySizeArriveWhole(int size) throws IOException {
    byte[] content = random(size, size);
    writes(store, PARTS, content, PIECE);
    writes(store, PARTS.withExpectedBytes(size), content, PIECE);
    assertThat(ServerSourceTest.drain(store, target, sdkClient)).isEqualTo(content);
  }

  @Test
  void manyMebibytesArriveWhole() throws IOException {
    byte[] content = random(1, 100 << 20);
    writes(store, S3SinkOptions.defaults(), content, 1 << 20);
    assertThat(ServerSourceTest.drain(store, target, sdkClient)).isEqualTo(content);
  }

  @ParameterizedTest
  @EnumSource(S3Checksum.class)
  void everyChecksumIsTaken(S3Checksum checksum) throws IOException {
    for (int size : new int[] {0, 10, 2 * PART + 1}) {
      writes(store, PARTS.withChecksum(checksum), random(size, size), PIECE);
    }
  }

  @Test
  void whatIsSaidOfTheObjectIsToldAgain() throws IOException {
    S3SinkOptions options =
        PARTS.withContentType("text/x-test").withMetadata(Map.of("colour", "dark blue"));
    for (int size : new int[] {10, PART + 1}) {
      writes(store, options, random(6, size), PIECE);
      S3Object found = store.head(target);
      assertThat(found.size()).isEqualTo(size);
      assertThat(found.contentType()).isEqualTo("text/x-test");
      assertThat(found.metadata()).containsEntry("colour", "dark blue");
      assertThat(store.list(target, "", null).objects()).hasSize(1);
    }
  }

  @Test
  void createOnlyLeavesAloneWhatIsThere() throws IOException {
    byte[] old = random(10, 5);
    writes(store, PARTS.withCreateOnly(), old, PART);
    for (int size : new int[] {5, PART + 5}) {
      try (Sink sink = store.sink(target, PARTS.withCreateOnly(), way(store, sdkClient))) {
        sendAll(sink, random(11, size), PART);
        assertThatThrownBy(sink::complete)
            .isInstanceOf(S3Exception.class)
            .hasMessageContaining("it is there already")
            .hasMessageNotContaining("\n");
      }
      assertThat(content(target)).isEqualTo(old);
    }
  }

  @Test
  void nothingIsToBeSeenOfAnUploadThatWasNotCompleted() throws IOException {
    try (Sink sink = store.sink(target, PARTS, way(store, sdkClient))) {
      sendAll(sink, random(8, 3 * PART), PIECE);
      sink.flush();
      assertThat(uploads()).hasSize(1);
    }
    assertThat(uploads()).isEmpty();
    assertThat(isThere(target)).isFalse();
    try (Sink sink = store.sink(target, PARTS, way(store, sdkClient))) {
      sendAll(sink, random(9, 3 * PART), PIECE);
      sink.fail(new IOException("enough"));
      assertThatThrownBy(sink::complete).hasMessageContaining("enough");
    }
    assertThat(isThere(target)).isFalse();
  }

  // ---- What breaks on the way ------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"CUT_REQUEST", "RESET_REQUEST", "CUT_ANSWER", "RESET_ANSWER", "LOSE_ANSWER"})
  void whatFailedIsSentAgain(Kind kind) throws IOException {
    try (S3Store harmed = open(options().withEndpoint(proxy.endpoint()))) {
      for (Operation operation :
          List.of(Operation.PUT_OBJECT, Operation.UPLOAD_PART, Operation.COMPLETE_UPLOAD)) {
        harm(operation, Fault.at(kind, 0.5));
        boolean whole = operation == Operation.PUT_OBJECT;
        writes(harmed, PARTS, random(1, whole ? PART / 2 : 2 * PART + 1), PIECE);
      }
    }
    assertThat(proxy.injected(kind)).isEqualTo(3);
  }

  @Test
  void aPartWithAWrongBitIsRefusedAndSentAgain() throws IOException {
    try (S3Store harmed = open(options().withEndpoint(proxy.endpoint()))) {
      for (Operation operation : List.of(Operation.PUT_OBJECT, Operation.UPLOAD_PART)) {
        harm(operation, Fault.at(Kind.CORRUPT_REQUEST, 0.7));
        boolean whole = operation == Operation.PUT_OBJECT;
        writes(
            harmed,
            // The one that every server knows.
            PARTS.withChecksum(S3Checksum.MD5),
            random(2, whole ? PART / 2 : 2 * PART),
            PIECE);
      }
    }
    assertThat(proxy.injected(Kind.CORRUPT_REQUEST)).isEqualTo(2);
  }

  /// Harms the first request of a kind.
  private void harm(Operation operation, Fault fault) {
    AtomicInteger left = new AtomicInteger(1);
    proxy.script(request ->
        request.operation() == operation && left.getAndDecrement() > 0 ? fault : Fault.NONE);
  }

  // ---- What cannot be --------------------------------------------------------------------------

  @Test
  void wrongKeysAndAMissingBucketAreOneClearLine() throws IOException {
    refuses(options().withKeys("who", "knows"), target, "does not know the access key");
    refuses(wrongSecret(), target, "secret key does not belong to the access key");
    refuses(options(), new S3Location("nowhere", "key"), "there is no bucket nowhere");
  }

  private void refuses(S3Options options, S3Location to, String why) throws IOException {
    for (int size : new int[] {10, PART + 1}) {
      try (S3Store other = open(options);
          Sink sink = other.sink(to, PARTS, way(other, sdkClient))) {
        assertThatThrownBy(
                () -> {
                  sendAll(sink, random(12, size), size);
                  sink.complete();
                })
            .isInstanceOf(S3Exception.class)
            .hasMessageContaining(why)
            .hasMessageContaining(to.toString())
            .hasMessageNotContaining("\n");
      }
    }
  }
}
