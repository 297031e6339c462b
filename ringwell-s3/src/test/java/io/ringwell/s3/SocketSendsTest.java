package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of a payload before stores that answer as a real one does not, or not when it is
/// asked to.
@Timeout(60)
final class SocketSendsTest {
  private static final S3Location TO = new S3Location("bucket", "key");
  private static final String WANTED = "HTTP/1.1 100 Continue\r\n\r\n";
  private static final String GOOD = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n";

  /// More than the kernel keeps for a connection.
  private static final int LARGE = 64 << 20;

  private interface Store {
    /// One request, of which the head was read.
    void answer(String head, InputStream in, OutputStream out) throws IOException;
  }

  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger byTheSdk = new AtomicInteger();
  private ServerSocket listener;
  private volatile Store store = (head, in, out) -> {};

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  @AfterEach
  void stop() throws IOException {
    listener.close();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        assertThat(listener.isClosed()).isTrue();
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      for (String head = head(socket); !head.isEmpty(); head = head(socket)) {
        store.answer(head, socket.getInputStream(), socket.getOutputStream());
      }
    } catch (IOException e) {
      // The client has gone: it says itself what it makes of that.
    }
  }

  /// Empty where the connection has ended.
  private static String head(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void say(OutputStream out, String what) throws IOException {
    out.write(what.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String refusal(int status, String code) {
    String body = "<Error><Code>" + code + "</Code><Message>No.</Message></Error>";
    return "HTTP/1.1 " + status + " No\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private SocketSends sends(int attempts, Duration pause, Duration patience) throws IOException {
    S3Options options =
        S3Options.defaults()
            .withEndpoint(URI.create("http://127.0.0.1:" + listener.getLocalPort()))
            .withRegion("us-east-1")
            .withKeys("access", "secret");
    PayloadTransport sdk =
        (what, body) -> {
          byTheSdk.incrementAndGet();
          return new PayloadTransport.Sending() {
            @Override
            public CompletionStage<String> letGo() {
              return CompletableFuture.completedFuture("sdk");
            }

            @Override
            public void cancel() {}
          };
        };
    return new SocketSends(
        S3Settings.find(options, Map.of()), null, patience, new Retries(attempts, pause), sdk);
  }

  private SocketSends sends(int attempts) throws IOException {
    return sends(attempts, Duration.ofMillis(1), Duration.ofMinutes(1));
  }

  private static PayloadTransport.Outgoing part() {
    return new PayloadTransport.Outgoing(
        TO, new PayloadTransport.Part("upload", 1), S3SinkOptions.defaults(), 0, null);
  }

  private static BytesChain body(int bytes) {
    return BytesChain.of(List.of(Bytes.copyOf(new byte[bytes])));
  }

  private static CompletableFuture<String> send(SocketSends sends, BytesChain body) {
    return sends.send(part(), body).letGo().toCompletableFuture();
  }

  @Test
  void aStoreThatRefusesBeforehandIsNotSentTheBody() throws IOException {
    CompletableFuture<Integer> behindTheHead = new CompletableFuture<>();
    store =
        (head, in, out) -> {
          assertThat(head).contains("Expect: 100-continue\r\n");
          say(out, refusal(403, "AccessDenied"));
          behindTheHead.complete(in.read());
        };
    try (BytesChain body = body(1000);
        SocketSends sends = sends(5)) {
      assertThatThrownBy(send(sends, body)::join)
          .cause()
          .isInstanceOf(S3Exception.class)
          .hasMessageContaining("UploadPart 1 of s3://bucket/key: these credentials may not");
      assertThat(behindTheHead.join()).isEqualTo(-1);
    }
  }

  @Test
  void aStoreThatDoesNotUnderstandTheQuestionIsSentTheBodyUnasked() throws IOException {
    store =
        (head, in, out) -> {
          if (!head.contains("Expect")) {
            in.readNBytes(1000);
            say(out, GOOD);
          }
        };
    try (BytesChain body = body(1000);
        SocketSends sends = sends(2, Duration.ofMillis(1), Duration.ofMillis(300))) {
      assertThat(send(sends, body).join()).isEqualTo("\"e\"");
      assertThat(connections).hasValue(2);
      // From now on at once, and over the same connection.
      assertThat(send(sends, body).join()).isEqualTo("\"e\"");
      assertThat(connections).hasValue(2);
    }
  }

  @Test
  void whatAStoreSaysInTheMiddleOfTheBodyIsHeard() throws IOException {
    store =
        (head, in, out) -> {
          // In one piece with the other.
          say(out, WANTED + refusal(400, "EntityTooLarge"));
          in.readNBytes(1000);
          throw new IOException("enough");
        };
    try (BytesChain body = body(LARGE);
        SocketSends sends = sends(1)) {
      assertThatThrownBy(send(sends, body)::join)
          .cause()
          .hasMessageContaining("a part has 5 MiB to 5 GiB");
    }
  }

  @Test
  void aBucketInAnotherRegionIsLeftToTheSdkFromThenOn() throws IOException {
    store = (head, in, out) -> say(out, refusal(301, "PermanentRedirect"));
    try (BytesChain body = body(10);
        SocketSends sends = sends(5)) {
      assertThat(send(sends, body).join()).isEqualTo("sdk");
      assertThat(send(sends, body).join()).isEqualTo("sdk");
      assertThat(byTheSdk).hasValue(2);
      assertThat(connections).hasValue(1);
    }
  }

  @Test
  void anAnswerWithoutATagIsNone() throws IOException {
    store =
        (head, in, out) -> {
          say(out, WANTED);
          in.readNBytes(10);
          say(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        };
    try (BytesChain body = body(10);
        SocketSends sends = sends(5)) {
      assertThatThrownBy(send(sends, body)::join)
          .cause()
          .hasMessageContaining("the store's answer names no entity tag");
    }
  }

  @Test
  void whoWaitsToTryAgainIsToldOfACancelAndOfTheStoresEnd() throws Exception {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    store =
        (head, in, out) -> {
          say(out, refusal(503, "SlowDown"));
          asked.complete(null);
        };
    try (BytesChain body = body(10)) {
      SocketSends sends = sends(5, Duration.ofHours(1), Duration.ofMinutes(1));
      PayloadTransport.Sending first = sends.send(part(), body);
      CompletableFuture<String> second = send(sends, body);
      asked.join();
      first.cancel();
      assertThatThrownBy(first.letGo().toCompletableFuture()::join)
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("cancelled");
      sends.close();
      assertThatThrownBy(second::join).hasMessageContaining("the store was closed");
      assertThatThrownBy(send(sends, body)::join).hasMessageContaining("the store was closed");
    }
  }
}
