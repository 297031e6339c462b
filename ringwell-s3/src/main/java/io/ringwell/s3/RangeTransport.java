package io.ringwell.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// How ranges of objects come in: by the SDK's client, or by another way.
interface RangeTransport {
  /// Asks for one range, once: trying again is the receiver's business. Does not wait for an
  /// answer.
  ///
  /// @param what the range, which has at least one byte
  Call fetch(Ask what, Receiver into);

  /// A request under way.
  interface Call {
    /// Ends it. The receiver is told the end all the same, now or later.
    void cancel();
  }

  /// @param etag what the object has to have still
  /// @param from the first byte
  /// @param to behind the last byte
  record Ask(S3Location location, String etag, long from, long to) {
    /// As a request says it.
    String header() {
      return "bytes=" + from + "-" + (to - 1);
    }
  }

  /// Takes one answer. Called by one thread at a time.
  interface Receiver {
    /// The answer begins.
    ///
    /// @param etag of what is sent; empty where the store does not say
    /// @param contentRange such as `bytes 0-99/1000`; null where the store does not say
    /// @param length of what is sent, in bytes
    /// @throws IOException where it is not what was asked for; then the transport ends the call
    void begins(String etag, @Nullable String contentRange, long length) throws IOException;

    /// Where the next bytes go, from its position on; the transport moves the position. The same
    /// until it is full. Without room where more came than was asked for.
    ByteBuffer room();

    /// So many bytes are there now.
    void arrived(int bytes);

    /// All of it was sent, or `failure` ended it. Told once, and nothing is touched afterwards.
    void ended(@Nullable Throwable failure);
  }
}
