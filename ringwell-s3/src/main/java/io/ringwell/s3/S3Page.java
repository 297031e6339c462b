package io.ringwell.s3;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some of what is in a bucket, in the order of the keys (UTF-8), at most 1,000 of them.
///
/// @param objects what is there
/// @param folders beginnings that several keys share, up to the delimiter, which each ends with
/// @param next what to ask for to go on; null at the end
public record S3Page(List<S3Object> objects, List<S3Location> folders, @Nullable String next) {
  public S3Page {
    objects = List.copyOf(objects);
    folders = List.copyOf(folders);
  }
}
