package io.ringwell.s3;

import java.nio.charset.StandardCharsets;

/// A bucket, and a key in it: `s3://bucket/key`. The key is empty where the bucket itself is meant.
///
/// The key is taken as it is: `%20` is three characters, and two slashes in a row are two.
/// Immutable.
///
/// @param bucket its name, without a slash
/// @param key the object's key, or the beginning of several; may be empty
public record S3Location(String bucket, String key) {
  private static final String SCHEME = "s3://";

  /// S3's own bound, in bytes of UTF-8.
  private static final int MOST_KEY_BYTES = 1024;

  /// @throws IllegalArgumentException where the bucket is no name, or the key too long
  public S3Location {
    if (bucket.isEmpty() || bucket.contains("/") || bucket.chars().anyMatch(c -> c <= ' ')) {
      throw new IllegalArgumentException(
          "'" + bucket + "' is no bucket: a location is s3://bucket/key");
    }
    int bytes = key.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_KEY_BYTES) {
      throw new IllegalArgumentException(
          "the key in " + bucket + " has " + bytes + " bytes: S3 takes " + MOST_KEY_BYTES);
    }
  }

  /// Whether `text` says `s3://…`, right or wrong.
  public static boolean matches(String text) {
    return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  /// What `s3://bucket/key` or `s3://bucket` names.
  ///
  /// @throws IllegalArgumentException where it is no such thing, in one line
  public static S3Location parse(String text) {
    if (!matches(text)) {
      throw new IllegalArgumentException(
          "'" + text + "' is no location in S3: use s3://bucket/key");
    }
    String rest = text.substring(SCHEME.length());
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' names no bucket: use s3://bucket/key");
    }
    return new S3Location(bucket, slash < 0 ? "" : rest.substring(slash + 1));
  }

  /// Whether it is a bucket, without a key.
  public boolean isBucket() {
    return key.isEmpty();
  }

  /// The same bucket with another key.
  public S3Location withKey(String newKey) {
    return new S3Location(bucket, newKey);
  }

  /// As [#parse] reads it.
  @Override
  public String toString() {
    return SCHEME + bucket + (key.isEmpty() ? "" : "/" + key);
  }

  /// @throws IllegalArgumentException where there is no key
  S3Location requireKey() {
    if (isBucket()) {
      throw new IllegalArgumentException(this + " is a bucket: an object is " + this + "/KEY");
    }
    return this;
  }
}
