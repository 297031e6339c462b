package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.profiles.ProfileFile;

/// What options, environment and profile say, and which goes before which.
class S3SettingsTest {
  private static final String CONFIG =
      """
      [default]
      region = eu-west-1
      [profile near]
      region = eu-central-1
      endpoint_url = http://near:1
      ca_bundle = /near.pem
      aws_access_key_id = nearKey
      aws_secret_access_key = nearSecret
      [profile served]
      services = mine
      endpoint_url = http://general:1
      [services mine]
      s3 =
        endpoint_url = http://special:2
      """;

  private static S3Settings find(S3Options options, Map<String, String> environment)
      throws IOException {
    ProfileFile file =
        ProfileFile.builder()
            .type(ProfileFile.Type.CONFIGURATION)
            .content(new ByteArrayInputStream(CONFIG.getBytes(StandardCharsets.UTF_8)))
            .build();
    return S3Settings.find(options, environment, file);
  }

  @Test
  void nothingSaidMeansAmazonAndTheDefaultProfile() throws IOException {
    S3Settings found = find(S3Options.defaults(), Map.of());
    assertThat(found.endpoint()).isNull();
    assertThat(found.region()).isEqualTo("eu-west-1");
    assertThat(found.pathStyle()).isFalse();
    assertThat(found.caFile()).isNull();
  }

  @Test
  void environmentGoesBeforeTheProfileAndOptionsBeforeBoth() throws IOException {
    Map<String, String> environment =
        Map.of(
            "AWS_PROFILE", "near",
            "AWS_DEFAULT_REGION", "us-west-2",
            "AWS_ENDPOINT_URL", "http://any:1",
            "AWS_ENDPOINT_URL_S3", "https://s3:1",
            "AWS_CA_BUNDLE", "/env.pem");
    S3Settings found = find(S3Options.defaults(), environment);
    assertThat(found.endpoint()).isEqualTo(URI.create("https://s3:1"));
    assertThat(found.region()).isEqualTo("us-west-2");
    assertThat(found.caFile()).isEqualTo(Path.of("/env.pem"));
    assertThat(found.pathStyle()).as("another endpoint than Amazon's").isTrue();

    S3Options options =
        S3Options.defaults()
            .withEndpoint(URI.create("http://mine:9"))
            .withRegion("here")
            .withPathStyle(false)
            .withCaFile(Path.of("/own.pem"));
    found = find(options, environment);
    assertThat(found.endpoint()).isEqualTo(URI.create("http://mine:9"));
    assertThat(found.region()).isEqualTo("here");
    assertThat(found.caFile()).isEqualTo(Path.of("/own.pem"));
    assertThat(found.pathStyle()).isFalse();
  }

  @Test
  void regionOfTheSdkGoesBeforeThatOfTheCommandLine() throws IOException {
    S3Settings found =
        find(S3Options.defaults(), Map.of("AWS_REGION", "a", "AWS_DEFAULT_REGION", "b"));
    assertThat(found.region()).isEqualTo("a");
  }

  @Test
  void aNamedProfileBringsItsEndpointRegionAuthorityAndKeys() throws IOException {
    S3Settings found = find(S3Options.defaults().withProfile("near"), Map.of());
    assertThat(found.endpoint()).isEqualTo(URI.create("http://near:1"));
    assertThat(found.region()).isEqualTo("eu-central-1");
    assertThat(found.caFile()).isEqualTo(Path.of("/near.pem"));
    AwsCredentials keys = found.credentials().resolveCredentials();
    assertThat(keys.accessKeyId()).isEqualTo("nearKey");
    assertThat(keys.secretAccessKey()).isEqualTo("nearSecret");
  }

  @Test
  void aSectionOfServicesGoesBeforeTheProfilesOwnEndpoint() throws IOException {
    S3Settings found = find(S3Options.defaults().withProfile("served"), Map.of());
    assertThat(found.endpoint()).isEqualTo(URI.create("http://special:2"));
  }

  @Test
  void configuredEndpointsCanBeIgnored() throws IOException {
    Map<String, String> environment =
        Map.of("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true", "AWS_ENDPOINT_URL", "http://any:1");
    assertThat(find(S3Options.defaults(), environment).endpoint()).isNull();
  }

  @Test
  void keysGivenAreUsedWithTheirToken() throws IOException {
    S3Options options = S3Options.defaults().withKeys(new S3Options.Keys("a", "s", "t"));
    AwsCredentials keys = find(options, Map.of()).credentials().resolveCredentials();
    assertThat(keys).isInstanceOf(AwsSessionCredentials.class);
    assertThat(((AwsSessionCredentials) keys).sessionToken()).isEqualTo("t");
    assertThat(options.toString()).as("says no secret").contains("Keys[a]");
  }

  @Test
  void aProfileThatThereIsNotIsNamedWithThoseThatThereAre() {
    assertThatThrownBy(() -> find(S3Options.defaults().withProfile("far"), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("there is no profile 'far'")
        .hasMessageContaining("near");
    assertThatThrownBy(() -> find(S3Options.defaults(), Map.of("AWS_PROFILE", "far")))
        .hasMessageStartingWith("there is no profile 'far'");
  }

  @Test
  void anEndpointThatIsNoneIsNamed() {
    assertThatThrownBy(
            () -> find(S3Options.defaults(), Map.of("AWS_ENDPOINT_URL", "localhost:9000")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("localhost:9000")
        .hasMessageContaining("http://host:port");
    assertThatThrownBy(() -> S3Options.defaults().withEndpoint(URI.create("ftp://x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ftp://x");
  }
}
