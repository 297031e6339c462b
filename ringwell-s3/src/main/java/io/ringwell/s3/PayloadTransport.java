package io.ringwell.s3;

import io.ringwell.memory.BytesChain;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The payload's way out. Everything else, the calls without a payload, is the SDK's.
///
/// The first one is the SDK's own Netty client ([NettyTransport]); a test puts one around it that
/// records which addresses go out.
interface PayloadTransport {
  /// What goes out.
  ///
  /// @param part which part it is; null where it is the whole object
  /// @param options what is said of the object, where it is the whole
  /// @param crc its CRC-32
  /// @param md5 in base 64; null where it is not asked for
  record Outgoing(
      S3Location to, @Nullable Part part, S3SinkOptions options, int crc, @Nullable String md5) {
    String operation() {
      return part == null ? "PutObject" : "UploadPart " + part.number();
    }
  }

  /// @param number from 1 on
  record Part(String uploadId, int number) {}

  /// What is on its way.
  interface Sending {
    /// Completes with the entity tag that the store gave, or fails, when nobody reads the memory
    /// any more: not the client, not a connection that was given up.
    CompletionStage<String> letGo();

    /// Gives up. [#letGo] still says when.
    void cancel();
  }

  /// Begins to send `body`, which stays as it is until it was let go of. Does not wait. What fails
  /// on the way is sent again, from the same memory.
  Sending send(Outgoing what, BytesChain body);
}
