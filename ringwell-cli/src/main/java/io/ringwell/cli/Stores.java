package io.ringwell.cli;

import io.ringwell.s3.S3Location;
import io.ringwell.s3.S3Options;
import io.ringwell.s3.S3Store;
import java.io.IOException;
import java.net.URI;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Opens S3 as the command line says.
final class Stores {
  /// Netty tells of connections that a store's end cuts; kept, since loggers are collected.
  private static final Logger NETTY = Logger.getLogger("io.netty");

  private Stores() {}

  static S3Store open(S3Access access) throws IOException {
    if (!CommandLog.isOn()) {
      NETTY.setLevel(Level.OFF);
    }
    S3Options options = S3Options.defaults();
    if (access.endpoint() != null) {
      options = options.withEndpoint(endpoint(access.endpoint()));
    }
    if (access.profile() != null) {
      options = options.withProfile(access.profile());
    }
    if (access.region() != null) {
      options = options.withRegion(access.region());
    }
    return S3Store.open(options);
  }

  private static URI endpoint(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--endpoint-url: '" + text + "' is no URL; write http://HOST:PORT or https://HOST", e);
    }
  }

  /// What `text` names, which has to be in S3.
  static S3Location location(String text) {
    if (!S3Access.names(text)) {
      throw new UsageException(text + ": is not in S3; write s3://BUCKET/KEY");
    }
    return S3Location.parse(text);
  }

  /// All that lies below what would be a directory: `s3://b/dir` and `s3://b/dir/` mean `dir/…`.
  static S3Location asFolder(S3Location location) {
    String key = location.key();
    return key.isEmpty() || key.endsWith("/") ? location : location.withKey(key + "/");
  }
}
