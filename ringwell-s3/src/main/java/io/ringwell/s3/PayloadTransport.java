package io.ringwell.s3;

import io.ringwell.memory.BytesChain;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/// The payload's way out. Everything else, the calls without a payload, is the SDK's.
///
/// It goes over connections of one's own ([SocketSends]), or, where those do not get there, by the
/// SDK's Netty client ([NettyTransport]); a test puts one around it that records which addresses go
/// out.
interface PayloadTransport {
  /// What goes out.
  ///
  /// @param part which part it is; null where it is the whole object
  /// @param options what is said of the object, where it is the whole
  /// @param crc of the kind that the options say
  /// @param md5 in base 64; null where it is not asked for
  record Outgoing(
      S3Location to, @Nullable Part part, S3SinkOptions options, long crc, @Nullable String md5) {
    /// The same as text where it is of this kind, else null.
    @Nullable String crc(Crc kind) {
      return options.checksum().crc() == kind ? kind.text(crc) : null;
    }

    String operation() {
      return part == null ? "PutObject" : "UploadPart " + part.number();
    }

    /// @param size of the body, in bytes
    PutObjectRequest asObject(long size) {
      return PutObjectRequest.builder()
          .bucket(to.bucket())
          .key(to.key())
          .contentLength(size)
          .checksumCRC32(crc(Crc.CRC32))
          .checksumCRC32C(crc(Crc.CRC32C))
          .checksumCRC64NVME(crc(Crc.CRC64NVME))
          .contentMD5(md5)
          .contentType(options.contentType())
          .metadata(options.metadata())
          .serverSideEncryption(options.encryption())
          .ssekmsKeyId(options.encryptionKey())
          .ifNoneMatch(options.createOnly() ? "*" : null)
          .build();
    }

    /// @param size of the body, in bytes
    UploadPartRequest asPart(Part which, long size) {
      return UploadPartRequest.builder()
          .bucket(to.bucket())
          .key(to.key())
          .uploadId(which.uploadId())
          .partNumber(which.number())
          .contentLength(size)
          .checksumCRC32(crc(Crc.CRC32))
          .checksumCRC32C(crc(Crc.CRC32C))
          .checksumCRC64NVME(crc(Crc.CRC64NVME))
          .contentMD5(md5)
          .build();
    }

    S3Exception lacksTag() {
      return Failures.refusal(
          to, operation(), "the store's answer names no entity tag", 200, "", "", null);
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
