package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.PoolOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that a real store does not give, or not when it is asked to.
class SocketAnswersTest {
  private static final S3Location LOCATION = new S3Location("bucket", "key");
  private static final String CONTENT = "0123456789";

  private final BufferPool pool = BufferPool.shared(PoolOptions.ofMaxBytes(1 << 20));
  private final AtomicInteger connections = new AtomicInteger();
  private ServerSocket listener;
  private SocketRanges ranges;

  /// What the server sends to each request; the connection ends behind it, without a word of that.
  private volatile String answer = "";

  private volatile boolean inPieces;

  @BeforeEach
  void serve() throws IOException {
    listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
    ranges = ranges(URI.create("http://127.0.0.1:" + listener.getLocalPort()), "jdk");
  }

  @AfterEach
  void stop() throws IOException {
    ranges.close();
    listener.close();
    assertThat(pool.stats().inUseBytes()).isZero();
    pool.close();
  }

  private static SocketRanges ranges(URI endpoint, String whoseTls) throws IOException {
    S3Options options =
        S3Options.defaults()
            .withEndpoint(endpoint)
            .withRegion("us-east-1")
            .withKeys("access", "secret");
    RangeTransport none =
        (what, into) -> {
          throw new AssertionError("no other way is asked for");
        };
    return new SocketRanges(
        S3Settings.find(options, Map.of()), Tls.find(whoseTls, null), Duration.ofMinutes(1), none);
  }

  private void accept() {
    boolean open = true;
    while (open) {
      try (Socket socket = listener.accept()) {
        connections.incrementAndGet();
        skipHead(socket.getInputStream());
        for (byte each : answer.getBytes(StandardCharsets.ISO_8859_1)) {
          socket.getOutputStream().write(each);
          if (inPieces) {
            Thread.yield();
          }
        }
      } catch (IOException e) {
        // The client has seen enough, or the test is over.
        open = !listener.isClosed();
      }
    }
  }

  private static void skipHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the request ended within its head");
      }
      head.append((char) next);
    }
  }

  private static String part(String more) {
    return "HTTP/1.1 206 Partial Content\r\nETag: \"e\"\r\nContent-Range: bytes 2-5/10\r\n"
        + more
        + "Content-Length: 4\r\n\r\n2345";
  }

  /// Tries nothing twice.
  private S3Source source(RangeTransport transport) {
    S3Object object =
        new S3Object(LOCATION, CONTENT.length(), "\"e\"", Instant.EPOCH, "", Map.of());
    Reading reading =
        new Reading(
            LOCATION,
            "\"e\"",
            CONTENT.length(),
            transport,
            new Retries(1, Duration.ofMillis(1)),
            null);
    return new S3Source(object, reading, S3ReadOptions.defaults());
  }

  private String read(S3Source source) throws IOException {
    byte[] bytes = ReadRig.bytes(source.read(List.of(new S3Range(2, 4)), pool).getFirst());
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void storeThatEndedAnIdleConnectionIsAskedOverANewOne() throws IOException {
    answer = part("");
    try (S3Source source = source(ranges)) {
      assertThat(read(source)).isEqualTo("2345");
      assertThat(read(source)).isEqualTo("2345");
      assertThat(connections).hasValue(2);
    }
  }

  @Test
  void headsMayComeInPiecesAndBeLong() throws IOException {
    inPieces = true;
    answer = part("X-Long: " + "x".repeat(5000) + "\r\n");
    try (S3Source source = source(ranges)) {
      assertThat(read(source)).isEqualTo("2345");
    }
  }

  @Test
  void headsWithoutEndAreRefused() throws IOException {
    answer = part("X-Long: " + "x".repeat(80_000) + "\r\n");
    try (S3Source source = source(ranges)) {
      assertThatThrownBy(() -> read(source))
          .isInstanceOf(S3Exception.class)
          .hasMessageStartingWith("GetObject of s3://bucket/key: no answer that can be used")
          .hasMessageContaining("more than 65536 bytes of headers");
    }
  }

  @Test
  void whatIsNoHttpIsSaidToBeNone() throws IOException {
    answer = "SSH-2.0-OpenSSH_9.9\r\n\r\n";
    try (S3Source source = source(ranges)) {
      assertThatThrownBy(() -> read(source))
          .hasMessage(
              "GetObject of s3://bucket/key: no answer that can be used: what answers does not"
                  + " speak HTTP/1.1");
    }
  }

  @Test
  void answerThatDoesNotSayHowLongItIsIsRefused() throws IOException {
    answer =
        String.join(
            "\r\n",
            "HTTP/1.1 206 Partial Content",
            "Content-Range: bytes 2-5/10",
            "Transfer-Encoding: chunked",
            "",
            "4",
            "2345",
            "0",
            "",
            "");
    try (S3Source source = source(ranges)) {
      assertThatThrownBy(() -> read(source))
          .hasMessage(
              "GetObject of s3://bucket/key: the store was asked for 'bytes 2-5/10' and sends"
                  + " 'bytes 2-5/10', -1 bytes");
    }
  }

  @Test
  void storeThatServesNoRangesIsRefused() throws IOException {
    answer = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 10\r\n\r\n" + CONTENT;
    try (S3Source source = source(ranges)) {
      assertThatThrownBy(() -> read(source))
          .hasMessage(
              "GetObject of s3://bucket/key: the store was asked for 'bytes 2-5/10' and sends"
                  + " 'null', 10 bytes");
    }
  }

  @Test
  void refusalsAreToldAsTheSdkTellsThem() throws IOException {
    answer =
        "HTTP/1.1 403 Forbidden\r\nx-amz-request-id: R1\r\nContent-Length: 74\r\n\r\n"
            + "<Error><Code>AccessDenied</Code><Message>You may not.</Message></Error>   ";
    try (S3Source source = source(ranges)) {
      assertThatThrownBy(() -> read(source))
          .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.requestId()).isEqualTo("R1"))
          .hasMessage(
              "GetObject of s3://bucket/key: these credentials may not; ask for the right, or use"
                  + " others (AWS_PROFILE) (403 AccessDenied, request R1)");
    }
  }

  @Test
  void nobodyThereIsSaidSo() throws IOException {
    // A port that is taken, so that nobody else listens there.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketRanges nowhere =
              ranges(URI.create("http://127.0.0.1:" + taken.getLocalPort()), "jdk");
          S3Source source = source(nowhere)) {
        assertThatThrownBy(() -> read(source))
            .hasMessageStartingWith("GetObject of s3://bucket/key: nobody answers there");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void certificatesThatNobodyVouchesForAreRefused(String tls) throws Exception {
    try (ReadRig rig = new ReadRig(true);
        SocketRanges strict = ranges(rig.proxy.endpoint(), tls);
        SocketRanges direct = ranges(rig.server.https(), tls);
        S3Source throughProxy = source(strict);
        S3Source throughNone = source(direct)) {
      for (S3Source each : List.of(throughProxy, throughNone)) {
        assertThatThrownBy(() -> read(each))
            .hasMessageStartingWith(
                "GetObject of s3://bucket/key: no trust in the store's certificate; name its"
                    + " authority with AWS_CA_BUNDLE");
      }
    }
  }
}
