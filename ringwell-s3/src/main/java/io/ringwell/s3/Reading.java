package io.ringwell.s3;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// An object that is read: which one, as it was when it was opened, and how.
///
/// @param checksum of all of it; null where the store keeps none that fits, or nobody asked
record Reading(
    S3Location location,
    String etag,
    long size,
    RangeTransport transport,
    Retries retries,
    @Nullable WholeChecksum checksum) {
  private static final String OPERATION = "GetObject";
  private static final int PRECONDITION_FAILED = 412;
  private static final int NOT_FOUND = 404;

  /// @throws IOException where the store sends another object than the one that was opened
  void requireSame(String sent, long position) throws IOException {
    if (!sent.isEmpty() && !etag.isEmpty() && !sent.equals(etag)) {
      throw replaced(position, PRECONDITION_FAILED, null);
    }
  }

  /// What is told of a failure at a position.
  IOException failed(Throwable why, long position) {
    int status = Failures.status(why);
    if (why instanceof S3Exception told) {
      return told;
    }
    if (status == PRECONDITION_FAILED || status == NOT_FOUND) {
      return replaced(position, status, why);
    }
    return Failures.of(location, OPERATION, why);
  }

  private IOException replaced(long position, int status, @Nullable Throwable cause) {
    String what = status == NOT_FOUND ? "deleted" : "replaced";
    String code = cause == null ? "PreconditionFailed" : Failures.code(cause);
    return Failures.refusal(
        location,
        OPERATION,
        "it was " + what + " while it was read, at byte " + position + "; open it anew",
        status,
        code,
        "",
        cause);
  }

  /// What is summed up of what arrives; null for nothing.
  @Nullable Crc sum() {
    return checksum == null ? null : checksum.kind();
  }

  /// Takes the bytes of a range in that have arrived.
  ///
  /// @return why not, where they were the last of the object, and all together are not what was
  ///   stored
  @Nullable IOException took(long from, long to, long crc) {
    return checksum == null || checksum.add(from, to, crc) ? null : corrupt(checksum.kind());
  }

  /// Why nothing more is read.
  @Nullable IOException broken() {
    return checksum != null && checksum.isBroken() ? corrupt(checksum.kind()) : null;
  }

  private IOException corrupt(Crc kind) {
    return new S3Exception(
        OPERATION
            + " of "
            + location
            + ": what arrived is not what was stored: its "
            + kind
            + " is another one; open it anew",
        location,
        OPERATION,
        0,
        "",
        "",
        null);
  }

  /// The store did what it must not.
  IOException failure(String what, @Nullable Throwable cause) {
    return new S3Exception(
        OPERATION + " of " + location + ": the store " + what,
        location,
        OPERATION,
        0,
        "",
        "",
        cause);
  }
}
