package io.ringwell.s3;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/// What [S3Options] leave open, found: options go before the environment, that before the profile.
///
/// The SDK finds most of it by itself; here is what it does not: `AWS_DEFAULT_REGION`,
/// `AWS_CA_BUNDLE`, a region where nobody named one, and path style for other endpoints than
/// Amazon's.
///
/// @param endpoint null for Amazon's
/// @param caFile null for the JDK's certificates
record S3Settings(
    @Nullable URI endpoint,
    String region,
    boolean pathStyle,
    AwsCredentialsProvider credentials,
    @Nullable Path caFile) {

  private static final String DEFAULT_PROFILE = "default";

  /// Whether the store is spoken to without TLS: certificates, which take a third of a second to
  /// read in a young JVM, are of no use.
  boolean isPlain() {
    return endpoint != null && "http".equalsIgnoreCase(endpoint.getScheme());
  }

  static S3Settings find(S3Options options, Map<String, String> environment) throws IOException {
    return find(options, environment, ProfileFile.defaultProfileFile());
  }

  /// @param file what is in `~/.aws`
  /// @throws IOException where a profile was named that there is not, or the endpoint is none
  static S3Settings find(S3Options options, Map<String, String> environment, ProfileFile file)
      throws IOException {
    Search search = new Search(environment, file, options.profile());
    URI endpoint = options.endpoint() != null ? options.endpoint() : search.endpoint();
    String region = options.region();
    if (region == null) {
      region =
          search
              .environment("AWS_REGION")
              .or(() -> search.environment("AWS_DEFAULT_REGION"))
              .or(() -> search.profile("region"))
              .orElse("us-east-1");
    }
    Path caFile = options.caFile();
    if (caFile == null) {
      caFile =
          search
              .environment("AWS_CA_BUNDLE")
              .or(() -> search.profile("ca_bundle"))
              .map(Path::of)
              .orElse(null);
    }
    boolean pathStyle = options.pathStyle() != null ? options.pathStyle() : endpoint != null;
    return new S3Settings(endpoint, region, pathStyle, credentials(options, search), caFile);
  }

  private static AwsCredentialsProvider credentials(S3Options options, Search search) {
    S3Options.Keys keys = options.keys();
    if (keys != null) {
      String session = keys.session();
      return StaticCredentialsProvider.create(
          session == null
              ? AwsBasicCredentials.create(keys.access(), keys.secret())
              : AwsSessionCredentials.create(keys.access(), keys.secret(), session));
    }
    if (options.profile() != null) {
      return ProfileCredentialsProvider.builder()
          .profileFile(search.file)
          .profileName(search.name)
          .build();
    }
    return DefaultCredentialsProvider.builder()
        .profileFile(() -> search.file)
        .profileName(search.name)
        .build();
  }

  /// Where to look.
  private static final class Search {
    private final Map<String, String> environment;
    private final ProfileFile file;
    private final String name;
    private final Optional<Profile> profile;

    Search(Map<String, String> environment, ProfileFile file, @Nullable String named)
        throws IOException {
      this.environment = environment;
      this.file = file;
      Optional<String> asked = Optional.ofNullable(named).or(() -> environment("AWS_PROFILE"));
      this.name = asked.orElse(DEFAULT_PROFILE);
      this.profile = file.profile(name);
      if (asked.isPresent() && profile.isEmpty()) {
        throw new IOException(
            "there is no profile '"
                + name
                + "' in ~/.aws/config or ~/.aws/credentials: there are "
                + (file.profiles().isEmpty() ? "none" : file.profiles().keySet()));
      }
    }

    Optional<String> environment(String variable) {
      return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank());
    }

    Optional<String> profile(String property) {
      return profile.flatMap(found -> found.property(property));
    }

    @Nullable URI endpoint() throws IOException {
      boolean ignored =
          environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
              .or(() -> profile("ignore_configured_endpoint_urls"))
              .filter("true"::equalsIgnoreCase)
              .isPresent();
      Optional<String> text =
          ignored
              ? Optional.empty()
              : environment("AWS_ENDPOINT_URL_S3")
                  .or(() -> environment("AWS_ENDPOINT_URL"))
                  .or(this::serviceEndpoint)
                  .or(() -> profile("endpoint_url"));
      if (text.isEmpty()) {
        return null;
      }
      try {
        return S3Options.defaults().withEndpoint(URI.create(text.get())).endpoint();
      } catch (IllegalArgumentException e) {
        throw new IOException(
            "the endpoint '"
                + text.get()
                + "' of the environment or the profile is none: "
                + "use http://host:port or https://host",
            e);
      }
    }

    /// What `services = NAME` in the profile leads to: a section of that name, in which `s3` has
    /// lines of its own.
    private Optional<String> serviceEndpoint() {
      return profile("services")
          .flatMap(services -> file.getSection("services", services))
          .flatMap(section -> section.property("s3.endpoint_url"));
    }
  }
}
