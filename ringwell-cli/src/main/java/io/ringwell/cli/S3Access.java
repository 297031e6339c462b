package io.ringwell.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which S3 is meant, and who asks: what users of the AWS CLI know. What is left open comes from
/// the environment and `~/.aws`, as there.
///
/// Of no S3 type: the command line is read where there is no S3 on the path, too.
final class S3Access {
  private static final String SCHEME = "s3://";

  @Option(
      names = "--endpoint-url",
      paramLabel = "URL",
      description = "The S3 store, where it is not AWS_ENDPOINT_URL's or Amazon's.")
  private @Nullable String endpoint;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "A profile of ~/.aws, where it is not AWS_PROFILE's.")
  private @Nullable String profile;

  @Option(
      names = "--region",
      paramLabel = "NAME",
      description = "The region, where it is not AWS_REGION's.")
  private @Nullable String region;

  @Nullable String endpoint() {
    return endpoint;
  }

  @Nullable String profile() {
    return profile;
  }

  @Nullable String region() {
    return region;
  }

  /// Whether S3 is what `text` names.
  static boolean names(String text) {
    return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  static boolean anyNames(List<String> texts) {
    return texts.stream().anyMatch(S3Access::names);
  }

  /// Options that mean nothing where no S3 is named.
  void requireUnused() {
    if (endpoint != null || profile != null || region != null) {
      throw new UsageException(
          "--endpoint-url, --profile and --region are for s3://BUCKET/KEY; none is named");
    }
  }
}
