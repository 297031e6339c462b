package io.ringwell.s3;

import io.ringwell.sink.SinkBudget;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How an object is written. Immutable; each `with` method returns a changed copy.
///
/// @param partBytes size of every part but the last, in bytes; 0 has it chosen: 8 MiB, or more
///   where `expectedBytes` would not fit into `maxParts` of that. S3 takes 5 MiB to 5 GiB, other
///   stores may take less
/// @param partsInFlight parts that may be under way at once. The sink holds one more than that at
///   the most
/// @param maxParts parts that the store takes: S3's are 10,000
/// @param expectedBytes how large the object is going to be, as far as that is known, in bytes; -1
///   where it is not. It may turn out otherwise
/// @param createOnly whether an object that is there already is left alone, and the sink fails
///   (`If-None-Match: *`). Some stores ignore that of objects in parts without saying so: there
///   what is put just as this one is completed is replaced
/// @param checksum how the store can tell that all has arrived
/// @param contentType such as `text/plain`; null leaves it to the store
/// @param metadata the user's own, told by [S3Store#head]
/// @param encryption what the store encrypts it with, `AES256` or `aws:kms`; null leaves that to
///   the bucket
/// @param encryptionKey which key of `aws:kms`; null leaves it to the store
/// @param budget what this sink shares with others; [#sharedBudget] unless told otherwise
public record S3SinkOptions(
    long partBytes,
    int partsInFlight,
    int maxParts,
    long expectedBytes,
    boolean createOnly,
    S3Checksum checksum,
    @Nullable String contentType,
    Map<String, String> metadata,
    @Nullable String encryption,
    @Nullable String encryptionKey,
    SinkBudget budget) {

  /// What S3 takes: a part, and how many of them.
  private static final long MOST_PART_BYTES = 5L << 30;

  private static final int MOST_PARTS = 10_000;

  /// Large enough that a request's own cost is lost in it.
  private static final long PART_BYTES = 8L << 20;

  private static final int PARTS_IN_FLIGHT = 4;

  /// 128 parts of 8 MiB.
  private static final SinkBudget SHARED = new SinkBudget(1L << 30);

  private static final S3SinkOptions DEFAULTS =
      new S3SinkOptions(
          0,
          PARTS_IN_FLIGHT,
          MOST_PARTS,
          -1,
          false,
          S3Checksum.CRC32,
          null,
          Map.of(),
          null,
          null,
          SHARED);

  /// @throws IllegalArgumentException if a value is out of its range, or what is expected takes
  ///   more parts than there may be
  public S3SinkOptions {
    metadata = Map.copyOf(metadata);
    if (partBytes < 0 || partBytes > MOST_PART_BYTES) {
      throw new IllegalArgumentException("a part has 1 byte to 5 GiB, not " + partBytes);
    }
    if (partsInFlight < 1 || maxParts < 1 || maxParts > MOST_PARTS) {
      throw new IllegalArgumentException(
          "at least 1 part is in flight, and an object has 1 to 10000 parts");
    }
    if (expectedBytes < -1) {
      throw new IllegalArgumentException("cannot expect " + expectedBytes + " bytes");
    }
    long least = (Math.max(0, expectedBytes) + maxParts - 1) / maxParts;
    if (least > (partBytes == 0 ? MOST_PART_BYTES : partBytes)) {
      throw new IllegalArgumentException(
          expectedBytes
              + " bytes do not fit into "
              + maxParts
              + " parts: take parts of "
              + least
              + " bytes or more, S3's most being 5 GiB");
    }
  }

  /// 8 MiB a part, 4 in flight, of unknown length, replacing what is there.
  public static S3SinkOptions defaults() {
    return DEFAULTS;
  }

  /// The budget of this process, unless sinks are given others: 1 GiB.
  public static SinkBudget sharedBudget() {
    return SHARED;
  }

  /// The size of a part, chosen where that was left open.
  long effectivePartBytes() {
    if (partBytes > 0) {
      return partBytes;
    }
    long least = (Math.max(0, expectedBytes) + maxParts - 1) / maxParts;
    return Math.max(PART_BYTES, least);
  }

  public S3SinkOptions withPartBytes(long bytes) {
    return with(draft -> draft.partBytes = bytes);
  }

  public S3SinkOptions withPartsInFlight(int parts) {
    return with(draft -> draft.partsInFlight = parts);
  }

  public S3SinkOptions withMaxParts(int parts) {
    return with(draft -> draft.maxParts = parts);
  }

  public S3SinkOptions withExpectedBytes(long bytes) {
    return with(draft -> draft.expectedBytes = bytes);
  }

  /// Leaves alone an object that is there already.
  public S3SinkOptions withCreateOnly() {
    return with(draft -> draft.createOnly = true);
  }

  public S3SinkOptions withChecksum(S3Checksum newChecksum) {
    return with(draft -> draft.checksum = newChecksum);
  }

  public S3SinkOptions withContentType(String type) {
    return with(draft -> draft.contentType = type);
  }

  public S3SinkOptions withMetadata(Map<String, String> newMetadata) {
    return with(draft -> draft.metadata = newMetadata);
  }

  /// @param key null leaves it to the store
  public S3SinkOptions withEncryption(String algorithm, @Nullable String key) {
    return with(draft -> {
      draft.encryption = algorithm;
      draft.encryptionKey = key;
    });
  }

  public S3SinkOptions withBudget(SinkBudget newBudget) {
    return with(draft -> draft.budget = newBudget);
  }

  private S3SinkOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.made();
  }

  /// The same, to be changed.
  private static final class Draft {
    long partBytes;
    int partsInFlight;
    int maxParts;
    long expectedBytes;
    boolean createOnly;
    S3Checksum checksum;
    @Nullable String contentType;
    Map<String, String> metadata;
    @Nullable String encryption;
    @Nullable String encryptionKey;
    SinkBudget budget;

    Draft(S3SinkOptions from) {
      partBytes = from.partBytes;
      partsInFlight = from.partsInFlight;
      maxParts = from.maxParts;
      expectedBytes = from.expectedBytes;
      createOnly = from.createOnly;
      checksum = from.checksum;
      contentType = from.contentType;
      metadata = from.metadata;
      encryption = from.encryption;
      encryptionKey = from.encryptionKey;
      budget = from.budget;
    }

    S3SinkOptions made() {
      return new S3SinkOptions(
          partBytes,
          partsInFlight,
          maxParts,
          expectedBytes,
          createOnly,
          checksum,
          contentType,
          metadata,
          encryption,
          encryptionKey,
          budget);
    }
  }
}
