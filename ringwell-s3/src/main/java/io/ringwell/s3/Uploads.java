package io.ringwell.s3;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/// The calls about uploads to one object that carry no payload. They park.
final class Uploads {
  /// A part that was under way may arrive behind the abort; the next round takes it, too. And who
  /// tidies up tries harder than who works: nobody else would do it.
  private static final int ROUNDS = 5;

  /// Before an abort is repeated, twice as long each time: a store may still be at a part whose
  /// connection was ended here, and says nothing when it is done with that.
  private static final Duration FIRST_WAIT = Duration.ofMillis(10);

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /// In all.
  private static final Duration ABORT_PATIENCE = Duration.ofSeconds(15);

  private static final int FORBIDDEN = 403;

  /// Stores tell times in whole seconds.
  private static final Duration TICK = Duration.ofSeconds(1);

  private final S3AsyncClient client;
  private final SdkCalls calls;
  final S3Location to;
  final S3SinkOptions options;
  private final Crc crc;

  Uploads(S3AsyncClient client, SdkCalls calls, S3Location to, S3SinkOptions options) {
    this.client = client;
    this.calls = calls;
    this.to = to;
    this.options = options;
    this.crc = options.checksum().crc();
  }

  /// An upload that was begun, and others that may have been in the same call.
  ///
  /// @param doubtful uploads of the same object, begun while the answer to an attempt got lost: one
  ///   of them may be that attempt's
  record Begun(String id, List<String> doubtful) {}

  Begun begin() throws IOException {
    AtomicInteger attempts = new AtomicInteger();
    Instant start = Instant.now();
    CreateMultipartUploadResponse created;
    try {
      created =
          calls.await(
              () ->
                  client.createMultipartUpload(r ->
                      r.bucket(to.bucket())
                          .key(to.key())
                          .checksumAlgorithm(crc.algorithm())
                          .checksumType(ChecksumType.FULL_OBJECT)
                          .contentType(options.contentType())
                          .metadata(options.metadata())
                          .serverSideEncryption(options.encryption())
                          .ssekmsKeyId(options.encryptionKey())
                          .overrideConfiguration(
                              c -> c.putExecutionAttribute(Attempts.COUNT, attempts))),
              to,
              "CreateMultipartUpload");
      if (created.uploadId() == null) {
        throw Failures.refusal(
            to, "CreateMultipartUpload", "the store's answer was cut off", 200, "", "", null);
      }
    } catch (S3Exception e) {
      if (Failures.mayPass(e)) {
        removeBegunWithoutAnswer(start, e);
      }
      throw e;
    }
    return new Begun(
        created.uploadId(),
        attempts.get() == 1
            ? List.of()
            : begunBeside(created.uploadId(), Duration.between(start, Instant.now())));
  }

  /// Other uploads of the same object that began in the time that `id` took to begin.
  private List<String> begunBeside(String id, Duration took) throws IOException {
    List<MultipartUpload> all = list();
    Instant began =
        all.stream()
            .filter(upload -> upload.uploadId().equals(id))
            .map(MultipartUpload::initiated)
            .findFirst()
            .orElse(null);
    return began == null ? List.of() : idsOf(all, id, began.minus(took), began);
  }

  private void removeBegunWithoutAnswer(Instant start, S3Exception failure) {
    try {
      removeEmpty(idsOf(list(), "", start, Instant.now()));
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static List<String> idsOf(
      List<MultipartUpload> all, String but, Instant from, Instant to) {
    return all.stream()
        .filter(upload -> !upload.uploadId().equals(but))
        .filter(upload ->
            !upload.initiated().isBefore(from.minus(TICK))
                && !upload.initiated().isAfter(to.plus(TICK)))
        .map(MultipartUpload::uploadId)
        .toList();
  }

  /// Ends those of `ids` that have no part: nobody works on them.
  void removeEmpty(List<String> ids) throws IOException {
    for (String id : ids) {
      if (Integer.valueOf(0).equals(countParts(id))) {
        remove(id);
      }
    }
  }

  private List<MultipartUpload> list() throws IOException {
    ListMultipartUploadsResponse page =
        insist(
            () -> client.listMultipartUploads(r -> r.bucket(to.bucket()).prefix(to.key())),
            answer -> answer.bucket() != null,
            "ListMultipartUploads");
    // What begins with the key comes behind the key itself: the first page has it.
    return page.uploads().stream().filter(upload -> upload.key().equals(to.key())).toList();
  }

  /// How many parts an upload has, up to 1,000; null where there is no such upload.
  private @Nullable Integer countParts(String id) throws IOException {
    try {
      return insist(
              () -> client.listParts(r -> r.bucket(to.bucket()).key(to.key()).uploadId(id)),
              answer -> answer.uploadId() != null,
              "ListParts")
          .parts()
          .size();
    } catch (S3Exception e) {
      if (e.isMissing()) {
        return null;
      }
      throw e;
    }
  }

  private <T> T insist(Supplier<CompletableFuture<T>> call, Predicate<T> whole, String operation)
      throws IOException {
    for (int round = 1; ; round++) {
      try {
        return calls.await(call, whole, to, operation);
      } catch (S3Exception e) {
        if (!Failures.mayPass(e) || round == ROUNDS) {
          throw e;
        }
      }
    }
  }

  boolean exists(String id) throws IOException {
    return countParts(id) != null;
  }

  /// Ends an upload and makes sure that nothing of it is left.
  void remove(String id) throws IOException {
    long end = System.nanoTime() + ABORT_PATIENCE.toNanos();
    Duration wait = FIRST_WAIT;
    while (!isGoneWhenAborted(id)) {
      if (System.nanoTime() - end > 0) {
        throw Failures.refusal(
            to,
            "AbortMultipartUpload",
            "parts of the upload " + id + " are there still; abort it again later",
            204,
            "",
            "",
            null);
      }
      pause(wait);
      Duration longer = wait.multipliedBy(2);
      wait = longer.compareTo(LONGEST_WAIT) < 0 ? longer : LONGEST_WAIT;
    }
  }

  private boolean isGoneWhenAborted(String id) throws IOException {
    try {
      var _ =
          insist(
              () ->
                  client.abortMultipartUpload(
                      r -> r.bucket(to.bucket()).key(to.key()).uploadId(id)),
              answer -> true,
              "AbortMultipartUpload");
    } catch (S3Exception e) {
      if (!e.isMissing()) {
        throw e;
      }
    }
    Integer left = countParts(id);
    return left == null || left == 0;
  }

  private void pause(Duration time) throws IOException {
    boolean _ =
        calls.await(
            () ->
                new CompletableFuture<Boolean>()
                    .completeOnTimeout(true, time.toNanos(), TimeUnit.NANOSECONDS),
            to,
            "AbortMultipartUpload");
  }

  void complete(String id, List<SentPart> parts, long size, long sum) throws IOException {
    if (options.createOnly()) {
      requireNothingThere();
    }
    List<CompletedPart> told = new ArrayList<>();
    for (SentPart part : parts) {
      told.add(
          CompletedPart.builder()
              .partNumber(part.number())
              .eTag(part.etag())
              .checksumCRC32(text(Crc.CRC32, part.crc()))
              .checksumCRC32C(text(Crc.CRC32C, part.crc()))
              .checksumCRC64NVME(text(Crc.CRC64NVME, part.crc()))
              .build());
    }
    CompleteMultipartUploadResponse done =
        calls.await(
            () ->
                client.completeMultipartUpload(r ->
                    r.bucket(to.bucket())
                        .key(to.key())
                        .uploadId(id)
                        .multipartUpload(u -> u.parts(told))
                        .checksumType(ChecksumType.FULL_OBJECT)
                        .checksumCRC32(text(Crc.CRC32, sum))
                        .checksumCRC32C(text(Crc.CRC32C, sum))
                        .checksumCRC64NVME(text(Crc.CRC64NVME, sum))
                        .mpuObjectSize(size)
                        .ifNoneMatch(options.createOnly() ? "*" : null)),
            to,
            "CompleteMultipartUpload");
    // A store begins its answer with 200 before it knows, and may tell of an error in the body.
    if (done.eTag() == null) {
      throw Failures.refusal(
          to,
          "CompleteMultipartUpload",
          "the store's answer names no entity tag",
          200,
          "",
          "",
          null);
    }
  }

  /// Stores that do not know the condition of the call below ignore it, and would replace what is
  /// there. Looking before leaves them what is put at the same moment.
  private void requireNothingThere() throws IOException {
    try {
      var _ =
          calls.await(
              () -> client.headObject(r -> r.bucket(to.bucket()).key(to.key())), to, "HeadObject");
    } catch (S3Exception e) {
      // Who may write need not be allowed to look; then the store alone can tell.
      if (e.isMissing() || e.status() == FORBIDDEN) {
        return;
      }
      throw e;
    }
    throw Failures.refusal(
        to, "CompleteMultipartUpload", "it is there already", 412, "PreconditionFailed", "", null);
  }

  /// Null where it is not the kind that is sent.
  private @Nullable String text(Crc kind, long sum) {
    return kind == crc ? kind.text(sum) : null;
  }

  /// Whether what is there is what was sent, for sure: by its size, and its checksum or else its
  /// entity tag.
  ///
  /// @param etag what it would be, without quotes, where the store computes them by MD5
  boolean isThere(long size, long sum, String etag) throws IOException {
    HeadObjectResponse found;
    try {
      found =
          calls.await(
              () ->
                  client.headObject(
                      r -> r.bucket(to.bucket()).key(to.key()).checksumMode(ChecksumMode.ENABLED)),
              to,
              "HeadObject");
    } catch (S3Exception e) {
      if (e.isMissing()) {
        return false;
      }
      throw e;
    }
    if (found.contentLength() == null || found.contentLength() != size) {
      return false;
    }
    Long has = crc.parse(crc.of(found));
    if (has != null) {
      return has == sum;
    }
    return found.eTag() != null && found.eTag().replace("\"", "").equals(etag);
  }
}
