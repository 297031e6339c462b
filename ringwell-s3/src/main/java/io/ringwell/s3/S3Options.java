package io.ringwell.s3;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Which store, and as whom. Immutable; each `with` method returns a changed copy.
///
/// What is left open is found as users of the AWS command line expect: in the environment
/// (`AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_DEFAULT_REGION`, `AWS_PROFILE`,
/// `AWS_CA_BUNDLE`, `AWS_ACCESS_KEY_ID`, …), then in `~/.aws/config` and `~/.aws/credentials`, then
/// where the machine gets its role from. `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name
/// other files than those two.
///
/// @param endpoint where the store is, such as `http://127.0.0.1:9000`; null leaves it open, and
///   then Amazon's is meant
/// @param region null leaves it open; where nobody says, `us-east-1`
/// @param profile null leaves it open. A profile named here goes before keys in the environment
/// @param pathStyle whether the bucket is in the path and not in the host's name; null leaves it
///   open: it is for every endpoint but Amazon's own
/// @param keys null leaves them open
/// @param caFile certificates in PEM that the store's is trusted by, in place of the JDK's; null
///   leaves it open
/// @param patience how long a connection may be silent, either way, before the call is tried again
/// @param attempts how often a call is tried, at least once
public record S3Options(
    @Nullable URI endpoint,
    @Nullable String region,
    @Nullable String profile,
    @Nullable Boolean pathStyle,
    @Nullable Keys keys,
    @Nullable Path caFile,
    Duration patience,
    int attempts) {

  /// What requests are signed with.
  ///
  /// @param session the token of keys that were lent for a time, else null
  public record Keys(String access, String secret, @Nullable String session) {
    /// Without the secret.
    @Override
    public String toString() {
      return "Keys[" + access + "]";
    }
  }

  /// What the SDK's own clients do.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int ATTEMPTS = 5;

  public S3Options {
    if (endpoint != null) {
      requireEndpoint(endpoint);
    }
    if (patience.toMillis() < 1 || patience.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("patience is from 1 ms to 24 days, not " + patience);
    }
    if (attempts < 1) {
      throw new IllegalArgumentException("a call is tried at least once, not " + attempts);
    }
  }

  private static void requireEndpoint(URI endpoint) {
    String scheme = endpoint.getScheme();
    if (endpoint.getHost() == null
        || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
      throw new IllegalArgumentException(
          "'" + endpoint + "' is no endpoint: use http://host:port or https://host");
    }
  }

  /// All of it as the environment says; 30 s of silence, 5 attempts.
  public static S3Options defaults() {
    return new S3Options(null, null, null, null, null, null, PATIENCE, ATTEMPTS);
  }

  public S3Options withEndpoint(URI newEndpoint) {
    return new S3Options(newEndpoint, region, profile, pathStyle, keys, caFile, patience, attempts);
  }

  public S3Options withRegion(String newRegion) {
    return new S3Options(endpoint, newRegion, profile, pathStyle, keys, caFile, patience, attempts);
  }

  public S3Options withProfile(String newProfile) {
    return new S3Options(endpoint, region, newProfile, pathStyle, keys, caFile, patience, attempts);
  }

  public S3Options withPathStyle(boolean on) {
    return new S3Options(endpoint, region, profile, on, keys, caFile, patience, attempts);
  }

  public S3Options withKeys(String access, String secret) {
    return withKeys(new Keys(access, secret, null));
  }

  public S3Options withKeys(Keys newKeys) {
    return new S3Options(endpoint, region, profile, pathStyle, newKeys, caFile, patience, attempts);
  }

  public S3Options withCaFile(Path file) {
    return new S3Options(endpoint, region, profile, pathStyle, keys, file, patience, attempts);
  }

  public S3Options withPatience(Duration newPatience) {
    return new S3Options(endpoint, region, profile, pathStyle, keys, caFile, newPatience, attempts);
  }

  public S3Options withAttempts(int newAttempts) {
    return new S3Options(endpoint, region, profile, pathStyle, keys, caFile, patience, newAttempts);
  }
}
