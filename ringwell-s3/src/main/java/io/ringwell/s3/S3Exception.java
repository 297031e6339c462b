package io.ringwell.s3;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A store refused something, or could not be reached. The message is one line: what was tried with
/// what, why it failed, what to do about it, and the store's own words for it.
public final class S3Exception extends IOException {
  private static final long serialVersionUID = 1L;

  private final String bucket;
  private final String key;
  private final String operation;
  private final int status;
  private final String code;
  private final String requestId;

  S3Exception(
      String message,
      S3Location location,
      String operation,
      int status,
      String code,
      String requestId,
      @Nullable Throwable cause) {
    super(message, cause);
    this.bucket = location.bucket();
    this.key = location.key();
    this.operation = operation;
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }

  public String bucket() {
    return bucket;
  }

  /// Empty where it was about a bucket.
  public String key() {
    return key;
  }

  /// What S3 calls what was asked for, such as `PutObject`.
  public String operation() {
    return operation;
  }

  /// HTTP's, such as 404; 0 where there was no answer.
  public int status() {
    return status;
  }

  /// S3's, such as `NoSuchBucket`; empty where there was none.
  public String code() {
    return code;
  }

  /// What the store's own log calls the request; empty where there was none.
  public String requestId() {
    return requestId;
  }

  /// Whether there is no such bucket, object or upload.
  public boolean isMissing() {
    return status == 404;
  }
}
