package io.ringwell.s3;

import io.ringwell.memory.BytesChain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One upload in parts, from its beginning until it is completed or removed.
///
/// Its methods are called one at a time; parts end on any thread.
final class Multipart {
  private final Uploads uploads;
  private final PayloadTransport transport;
  private final Uploads.Begun begun;
  private int count;

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<PayloadTransport.Sending> underWay = new HashSet<>();
  private final List<SentPart> sent = new ArrayList<>();

  /// Tells the store that parts will come. Parks.
  Multipart(Uploads uploads, PayloadTransport transport) throws IOException {
    this.uploads = uploads;
    this.transport = transport;
    this.begun = uploads.begin();
  }

  /// Begins to send the next part. The stage completes when the memory was let go of.
  CompletionStage<@Nullable Void> send(BytesChain bytes) throws IOException {
    if (count == uploads.options.maxParts()) {
      throw tooMany(bytes.size());
    }
    count++;
    int number = count;
    long size = bytes.size();
    long crc = uploads.options.checksum().crc().of(bytes);
    String md5 = uploads.options.checksum() == S3Checksum.MD5 ? Md5.text(bytes) : null;
    PayloadTransport.Sending sending =
        transport.send(
            new PayloadTransport.Outgoing(
                uploads.to,
                new PayloadTransport.Part(begun.id(), number),
                uploads.options,
                crc,
                md5),
            bytes);
    under(() -> underWay.add(sending));
    return sending
        .letGo()
        .whenComplete((etag, failure) -> under(() -> underWay.remove(sending)))
        .thenApply(etag -> {
          under(() -> sent.add(new SentPart(number, etag, crc, size)));
          return null;
        });
  }

  private S3Exception tooMany(long size) {
    return new S3Exception(
        "UploadPart of "
            + uploads.to
            + ": the object does not fit into "
            + count
            + " parts of "
            + uploads.options.effectivePartBytes()
            + " bytes, and there may be no more ("
            + size
            + " bytes came behind them); take larger parts, or say beforehand how long it will be",
        uploads.to,
        "UploadPart",
        0,
        "",
        "",
        null);
  }

  private void under(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  /// All parts have arrived: makes the object of them. Parks.
  void complete() throws IOException {
    List<SentPart> parts = new ArrayList<>();
    under(() -> parts.addAll(sent));
    parts.sort(Comparator.comparingInt(SentPart::number));
    long size = parts.stream().mapToLong(SentPart::size).sum();
    long crc = SentPart.crcOf(uploads.options.checksum().crc(), parts);
    try {
      uploads.complete(begun.id(), parts, size, crc);
    } catch (S3Exception e) {
      if (!mayHaveHappened(e) || !uploads.isThere(size, crc, SentPart.etagOf(parts))) {
        throw e;
      }
    }
    uploads.removeEmpty(begun.doubtful());
  }

  /// Whether the object may be there all the same: an attempt before the last one did it, and its
  /// answer got lost. A store that is still at it when the next one comes may miss the parts that
  /// it has used up, and takes what is left for damaged.
  private boolean mayHaveHappened(S3Exception failure) throws IOException {
    if (failure.code().equals("NoSuchUpload")) {
      return true;
    }
    if (failure.status() == 412 || failure.code().equals("BadDigest")) {
      return Failures.attempts(failure) > 1;
    }
    return Failures.mayPass(failure) && !uploads.exists(begun.id());
  }

  /// Gives up what is under way. Does not wait.
  void cancel() {
    List<PayloadTransport.Sending> all = new ArrayList<>();
    under(() -> all.addAll(underWay));
    all.forEach(PayloadTransport.Sending::cancel);
  }

  /// Removes it from the store. Parks.
  void remove() throws IOException {
    uploads.remove(begun.id());
    uploads.removeEmpty(begun.doubtful());
  }
}
