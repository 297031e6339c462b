package io.ringwell.s3;

import java.time.Instant;
import java.util.Map;

/// What a store says of an object.
///
/// @param size in bytes
/// @param etag as the store gives it, in quotes; it changes with the content
/// @param modified when it was written, to the second
/// @param contentType empty in listings, and where there is none
/// @param metadata the user's own; empty in listings
public record S3Object(
    S3Location location,
    long size,
    String etag,
    Instant modified,
    String contentType,
    Map<String, String> metadata) {
  public S3Object {
    metadata = Map.copyOf(metadata);
  }
}
