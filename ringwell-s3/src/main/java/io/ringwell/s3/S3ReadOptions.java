package io.ringwell.s3;

/// How an object is read. Immutable; each `with` method returns a changed copy.
///
/// @param rangeBytes the most that one request asks for; what is longer is read by several at once
/// @param gapBytes bytes between two wanted ranges that are fetched and thrown away, to save a
///   request
/// @param inFlight how many requests one read has under way at once
/// @param verify whether the bytes are compared with the checksum that the store keeps, where it
///   keeps a CRC of the whole object; known once every byte was read
/// @param sdkClient whether bytes come by the SDK's client, which knows proxies, and not over
///   connections of Ringwell's own, which copy less
public record S3ReadOptions(
    int rangeBytes, int gapBytes, int inFlight, boolean verify, boolean sdkClient) {
  /// What S3 itself advises: large enough for a request's latency not to matter, small enough to
  /// have several at once.
  private static final int RANGE_BYTES = 8 << 20;

  /// At the rate of one connection, 50 to 100 MB/s, this takes as long as a request's latency.
  private static final int GAP_BYTES = 1 << 20;

  private static final int IN_FLIGHT = 8;
  private static final int LEAST_RANGE = 4096;
  private static final int MOST_RANGE = 1 << 30;

  public S3ReadOptions {
    if (rangeBytes < LEAST_RANGE || rangeBytes > MOST_RANGE) {
      throw new IllegalArgumentException(
          "rangeBytes is from 4 KiB to 1 GiB, not " + rangeBytes + " bytes");
    }
    if (gapBytes < 0 || gapBytes > rangeBytes) {
      throw new IllegalArgumentException(
          "gapBytes is from 0 to rangeBytes, which is " + rangeBytes + ", not " + gapBytes);
    }
    if (inFlight < 1) {
      throw new IllegalArgumentException("at least one request is in flight, not " + inFlight);
    }
  }

  /// Ranges of 8 MiB, gaps of up to 1 MiB, 8 at once, verified.
  public static S3ReadOptions defaults() {
    return new S3ReadOptions(RANGE_BYTES, GAP_BYTES, IN_FLIGHT, true, false);
  }

  public S3ReadOptions withRangeBytes(int bytes) {
    return new S3ReadOptions(bytes, Math.min(gapBytes, bytes), inFlight, verify, sdkClient);
  }

  public S3ReadOptions withGapBytes(int bytes) {
    return new S3ReadOptions(rangeBytes, bytes, inFlight, verify, sdkClient);
  }

  public S3ReadOptions withInFlight(int requests) {
    return new S3ReadOptions(rangeBytes, gapBytes, requests, verify, sdkClient);
  }

  public S3ReadOptions withVerify(boolean on) {
    return new S3ReadOptions(rangeBytes, gapBytes, inFlight, on, sdkClient);
  }

  public S3ReadOptions withSdkClient(boolean on) {
    return new S3ReadOptions(rangeBytes, gapBytes, inFlight, verify, on);
  }
}
