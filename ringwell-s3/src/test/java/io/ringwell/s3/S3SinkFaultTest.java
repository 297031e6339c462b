package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.s3.rig.Fault;
import io.ringwell.s3.rig.Fault.Kind;
import io.ringwell.s3.rig.FaultProxy;
import io.ringwell.s3.rig.S3Request.Operation;
import io.ringwell.s3.rig.SeededFaults;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever breaks between a sink and the store: the object is there as it was sent, or it is not
/// there, and nothing is left behind.
@Timeout(120)
final class S3SinkFaultTest extends SinkCase {
  private static final int ROUNDS = 8;
  private static final int SOAK_ROUNDS = 300;
  private static final S3SinkOptions PARTS = S3SinkOptions.defaults().withPartBytes(PART);

  private FaultProxy proxy;
  private S3Store store;

  @BeforeEach
  void openStore() throws IOException {
    proxy = FaultProxy.http(server, request -> Fault.NONE);
    store = open(options().withEndpoint(proxy.endpoint()));
  }

  @AfterEach
  void closeStore() {
    store.close();
    proxy.close();
  }

  /// Harms the first `times` requests of a kind.
  private void harm(Operation operation, int times, Fault fault) {
    AtomicInteger left = new AtomicInteger(times);
    proxy.script(request ->
        request.operation() == operation && left.getAndDecrement() > 0 ? fault : Fault.NONE);
  }

  private void writes(byte[] content, S3SinkOptions options) throws IOException {
    try (Sink sink = store.sink(target, options)) {
      sendAll(sink, content, PART / 5);
      sink.complete();
    }
    assertThat(content(target)).isEqualTo(content);
  }

  // ---- One fault
  // ---------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"CUT_REQUEST", "RESET_REQUEST", "CUT_ANSWER", "RESET_ANSWER", "LOSE_ANSWER"})
  void aPartThatFailedIsSentAgainFromTheSameMemory(Kind kind) throws IOException {
    harm(Operation.UPLOAD_PART, 2, Fault.at(kind, 0.5));
    writes(random(1, 2 * PART + 1), PARTS);
    assertThat(proxy.injected(kind)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(S3Checksum.class)
  void aPartWithAWrongBitIsSentAgain(S3Checksum checksum) throws IOException {
    harm(Operation.UPLOAD_PART, 1, Fault.at(Kind.CORRUPT_REQUEST, 0.7));
    writes(random(2, 2 * PART), PARTS.withChecksum(checksum));
    harm(Operation.PUT_OBJECT, 1, Fault.at(Kind.CORRUPT_REQUEST, 0.7));
    writes(random(3, 1000), PARTS.withChecksum(checksum));
    assertThat(proxy.injected(Kind.CORRUPT_REQUEST)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(S3Checksum.class)
  void aPartWithAWrongBitEachTimeIsRefused(S3Checksum checksum) throws IOException {
    harm(Operation.UPLOAD_PART, 99, Fault.at(Kind.CORRUPT_REQUEST, 0.7));
    try (Sink sink = store.sink(target, PARTS.withChecksum(checksum))) {
      sendAll(sink, random(2, 2 * PART), PART / 5);
      assertThatThrownBy(sink::complete)
          .isInstanceOf(S3Exception.class)
          .hasMessageContaining("what arrived is not what was sent");
    }
    assertThat(isThere(target)).isFalse();
  }

  @Test
  void aStoreThatStandsStillIsLeftAfterAWhile() throws IOException {
    harm(Operation.UPLOAD_PART, 1, Fault.at(Kind.STALL_ANSWER, 0));
    try (S3Store impatient =
            open(options().withEndpoint(proxy.endpoint()).withPatience(Duration.ofMillis(500)));
        Sink sink = impatient.sink(target, PARTS)) {
      byte[] content = random(3, PART + 1);
      sendAll(sink, content, PART);
      sink.complete();
      assertThat(content(target)).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAnswerToCompleteThatIsLostIsFoundOut(boolean createOnly) throws IOException {
    harm(Operation.COMPLETE_UPLOAD, 1, Fault.at(Kind.LOSE_ANSWER, 0));
    writes(random(4, 2 * PART + 1), createOnly ? PARTS.withCreateOnly() : PARTS);
    assertThat(proxy.injected(Kind.LOSE_ANSWER)).isEqualTo(1);
  }

  @Test
  void anAnswerToPutThatIsLostIsFoundOutWhereOnlyNewOnesAreMade() throws IOException {
    harm(Operation.PUT_OBJECT, 1, Fault.at(Kind.LOSE_ANSWER, 0));
    writes(random(5, 1000), PARTS.withCreateOnly());
    assertThat(proxy.injected(Kind.LOSE_ANSWER)).isEqualTo(1);
  }

  @Test
  void anUploadWhoseBeginningWasNotToldIsNotLeftBehind() throws IOException {
    harm(Operation.CREATE_UPLOAD, 1, Fault.at(Kind.LOSE_ANSWER, 0));
    writes(random(6, PART + 1), PARTS);
    assertThat(proxy.seen(Operation.CREATE_UPLOAD)).isEqualTo(2);
  }

  @Test
  void completeThatBeginsWellAndEndsInAnErrorFails() throws IOException {
    harm(Operation.COMPLETE_UPLOAD, 99, Fault.answer(200, "InternalError"));
    try (Sink sink = store.sink(target, PARTS)) {
      sendAll(sink, random(7, PART + 1), PART);
      assertThatThrownBy(sink::complete)
          .isInstanceOf(S3Exception.class)
          .hasMessageContaining("CompleteMultipartUpload of " + target);
    }
    assertThat(isThere(target)).isFalse();
  }

  @Test
  void aFailedSinkCutsShortWhatIsUnderWay() throws IOException {
    CompletableFuture<Void> never = new CompletableFuture<>();
    harm(Operation.UPLOAD_PART, 99, Fault.hold(never));
    try (Sink sink = store.sink(target, PARTS)) {
      sendAll(sink, random(8, 3 * PART), PART / 5);
      sink.fail(new IOException("enough"));
    } finally {
      never.completeExceptionally(new IOException("over"));
    }
    assertThat(isThere(target)).isFalse();
  }

  @Test
  void aPartThatArrivesBehindTheAbortIsRemovedToo() throws IOException {
    CompletableFuture<Void> later = new CompletableFuture<>();
    harm(Operation.UPLOAD_PART, 1, Fault.hold(later));
    try (Sink sink = store.sink(target, PARTS)) {
      sendAll(sink, random(9, 2 * PART), PART / 5);
      sink.fail(new IOException("enough"));
      later.complete(null);
    }
    assertThat(isThere(target)).isFalse();
  }

  // ---- What cannot be mended
  // ---------------------------------------------------------------------

  @Test
  void moreThanFitsIntoAllPartsIsRefusedBeforeTheFirstThatDoesNot() throws IOException {
    try (Sink sink = store.sink(target, PARTS.withMaxParts(2))) {
      sendAll(sink, random(10, 2 * PART), PART);
      sink.flush();
      assertThatThrownBy(
              () -> {
                sendAll(sink, random(11, PART), PART);
                sink.complete();
              })
          .isInstanceOf(S3Exception.class)
          .hasMessageContaining("does not fit into 2 parts of " + PART + " bytes")
          .hasMessageNotContaining("\n");
    }
    assertThat(proxy.seen(Operation.UPLOAD_PART)).isEqualTo(2);
    assertThatThrownBy(() -> PARTS.withMaxParts(2).withExpectedBytes(2L * PART + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("take parts of");
  }

  @Test
  void wrongKeysAMissingBucketAndASkewedClockAreOneClearLine() throws IOException {
    refuses(options().withKeys("who", "knows"), target, "does not know the access key");
    refuses(
        options().withKeys(server.accessKey(), "wrong"),
        target,
        "secret key does not belong to the access key");
    refuses(options(), new S3Location("nowhere", "key"), "there is no bucket nowhere");
    proxy.script(request -> Fault.answer(403, "RequestTimeTooSkewed"));
    refuses(options(), target, "clock differs from the store's");
  }

  private void refuses(S3Options options, S3Location to, String why) throws IOException {
    for (int size : new int[] {10, PART + 1}) {
      try (S3Store other = open(options.withEndpoint(proxy.endpoint()));
          Sink sink = other.sink(to, PARTS)) {
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

  /// More than once: a refused connection that the SDK's pool lost sight of would hang.
  @RepeatedTest(5)
  void nobodyAtTheEndpointIsOneClearLine() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    S3Options options =
        options()
            .withEndpoint(URI.create("http://127.0.0.1:" + port))
            .withPatience(Duration.ofSeconds(2));
    try (S3Store other = open(options);
        Sink sink = other.sink(target, PARTS)) {
      sendAll(sink, random(13, 10), 10);
      assertThatThrownBy(sink::complete)
          .isInstanceOf(S3Exception.class)
          .hasMessageContaining("nobody answers there");
    }
  }

  // ---- Many
  // --------------------------------------------------------------------------------------

  @Test
  void underRandomFaultsTheObjectIsThereWholeOrNotAtAll() throws IOException {
    rounds(ROUNDS);
  }

  @Test
  @Tag("soak")
  @Timeout(3600)
  void underManyRandomFaultsTheObjectIsThereWholeOrNotAtAll() throws IOException {
    rounds(SOAK_ROUNDS);
  }

  private void rounds(int count) throws IOException {
    long seed = Long.getLong("ringwell.seed", 1);
    System.out.println("S3SinkFaultTest: -Dringwell.seed=" + seed);
    int whole = 0;
    for (int round = 0; round < count; round++) {
      whole += round(seed + round) ? 1 : 0;
    }
    System.out.println("S3SinkFaultTest: " + whole + " of " + count + " objects arrived");
    assertThat(whole).isPositive();
  }

  private boolean round(long seed) throws IOException {
    Random random = new Random(seed);
    // Up to more faults in a row than there are attempts: some rounds are to fail.
    SeededFaults faults = new SeededFaults(seed, 10 + random.nextInt(50), 1 + random.nextInt(6));
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    proxy.script(request -> {
      Fault fault = faults.on(request);
      log.add(request.operation() + " " + fault);
      return fault;
    });
    int size = random.nextInt(4) == 0 ? random.nextInt(1000) : random.nextInt(4 * PART);
    byte[] content = random(seed, size);
    S3SinkOptions options = random.nextBoolean() ? PARTS.withExpectedBytes(size) : PARTS;
    S3Location to = target.withKey(target.key() + "/" + seed);
    boolean arrived = false;
    // By one's own connections, and by the SDK's client.
    PayloadTransport way = (seed & 1) == 0 ? store.transport() : store.sdkTransport();
    try (Sink sink = store.sink(to, options, way)) {
      sendAll(sink, content, 1 + random.nextInt(2 * PART));
      if (random.nextInt(10) == 0) {
        sink.fail(new IOException("the test's own wish"));
      }
      sink.complete();
      arrived = true;
    } catch (IOException e) {
      assertThat(e).as("seed " + seed).hasMessageNotContaining("\n");
      log.add(e.toString());
    }
    proxy.script(request -> Fault.NONE);
    assertThat(uploads()).as("seed " + seed + ": " + String.join("; ", log)).isEmpty();
    if (arrived || isThere(to)) {
      assertThat(content(to)).as("seed " + seed).isEqualTo(content);
    }
    return arrived;
  }
}
