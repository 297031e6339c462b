package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.s3.rig.Fault;
import io.ringwell.s3.rig.FaultProxy;
import io.ringwell.s3.rig.S3Request.Operation;
import io.ringwell.s3.rig.WrongClock;
import io.ringwell.sink.Sink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;

/// A machine whose clock is wrong signs by the store's, after one refusal.
@Timeout(120)
final class S3ClockTest extends SinkCase {
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

  /// @param minutes that the store's clock is ahead
  @ParameterizedTest
  @CsvSource({"10, false", "-10, false", "10, true", "-10, true"})
  void payloadsAreSignedByTheStoresClock(int minutes, boolean sdkClient) throws IOException {
    WrongClock clock = new WrongClock(Duration.ofMinutes(minutes));
    proxy.script(clock);
    S3ReadOptions reading = S3ReadOptions.defaults().withSdkClient(sdkClient);
    for (int size : new int[] {10, 2 * PART + 1}) {
      byte[] content = random(size, size);
      try (Sink sink = store.sink(target, PARTS, way(sdkClient))) {
        sendAll(sink, content, PART);
        sink.complete();
      }
      assertThat(content(target)).isEqualTo(content);
      try (S3Source source = store.source(target, reading)) {
        assertThat(ReadRig.bytes(source.read(List.of(new S3Range(0, size)), pool).getFirst()))
            .isEqualTo(content);
      }
    }
    // What was learned by the first is used by those behind it.
    assertThat(clock.refused(Operation.PUT_OBJECT)).isEqualTo(1);
    assertThat(clock.refused(Operation.UPLOAD_PART)).isZero();
    assertThat(clock.refused(Operation.GET_OBJECT)).isEqualTo(1);
  }

  /// Parts that are refused at the same time learn the same.
  @ParameterizedTest
  @CsvSource({"10", "-10"})
  void partsThatAreUnderWayTogetherAreAllSignedAnew(int minutes) throws IOException {
    WrongClock clock = new WrongClock(Duration.ofMinutes(minutes));
    proxy.script(
        request -> request.operation() == Operation.UPLOAD_PART ? clock.on(request) : Fault.NONE);
    byte[] content = random(1, 4 * PART);
    // To sign anew is no attempt.
    try (S3Store once = open(options().withEndpoint(proxy.endpoint()).withAttempts(1));
        Sink sink = once.sink(target, PARTS.withPartsInFlight(4))) {
      sendAll(sink, content, PART);
      sink.complete();
    }
    assertThat(content(target)).isEqualTo(content);
    assertThat(clock.refused(Operation.UPLOAD_PART)).isBetween(1, 4);
  }

  private PayloadTransport way(boolean sdkClient) {
    return sdkClient ? store.sdkTransport() : store.transport();
  }

  @Test
  void aRefusalByAClockThatIsRightIsNoReasonToAskAgain() throws IOException {
    proxy.script(request -> Fault.answer(403, "AccessDenied", Instant.now()));
    refuses("these credentials may not");
    assertThat(proxy.seen(Operation.PUT_OBJECT)).isEqualTo(1);
  }

  @Test
  void whoIsRefusedByEveryClockIsRefused() throws IOException {
    proxy.script(request ->
        Fault.answer(
            403,
            "AccessDenied",
            Instant.now().plus(Duration.ofHours(proxy.seen(Operation.PUT_OBJECT)))));
    refuses("these credentials may not");
    assertThat(proxy.seen(Operation.PUT_OBJECT)).isEqualTo(2);
  }

  private void refuses(String why) throws IOException {
    try (Sink sink = store.sink(target, PARTS)) {
      sendAll(sink, random(2, 10), 10);
      assertThatThrownBy(sink::complete)
          .isInstanceOf(S3Exception.class)
          .hasMessageContaining(why)
          .hasMessageNotContaining("\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"Request has expired", "Request is not valid yet"})
  void aStoreThatMeansTheClockIsUnderstood(String said) {
    var refused =
        software.amazon.awssdk.services.s3.model.S3Exception.builder()
            .statusCode(403)
            .awsErrorDetails(
                AwsErrorDetails.builder().errorCode("AccessDenied").errorMessage(said).build())
            .build();
    assertThat(Failures.of(target, "PutObject", refused))
        .hasMessageContaining("this machine's clock differs from the store's");
  }
}
