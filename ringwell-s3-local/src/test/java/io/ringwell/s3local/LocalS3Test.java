package io.ringwell.s3local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalS3Test {
  @TempDir Path dir;

  private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return get(HttpClient.newBuilder(), uri);
  }

  private static HttpResponse<String> get(HttpClient.Builder how, URI uri)
      throws IOException, InterruptedException {
    try (HttpClient client = how.build()) {
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void refusesWhatIsNotSignedAndIsGoneWhenClosed() throws Exception {
    LocalS3 server = LocalS3.start(LocalS3Options.inMemory("id", "secret"));
    try (server) {
      assertThat(server.endpoint().getHost()).isEqualTo("127.0.0.1");
      HttpResponse<String> answer = get(server.endpoint());
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("<Code>AccessDenied</Code>");
    }
    server.close();
    assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> get(server.endpoint()));
  }

  @Test
  void takenPortsAndMissingFoldersAreTold() throws Exception {
    LocalS3Options options = LocalS3Options.inMemory("id", "secret");
    try (LocalS3 server = LocalS3.start(options)) {
      int port = server.endpoint().getPort();
      assertThatExceptionOfType(BindException.class)
          .isThrownBy(() -> LocalS3.start(options.withPort(port)))
          .withMessageContaining("port " + port + " cannot be had");
    }
    Path no = dir.resolve("no");
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> LocalS3.start(LocalS3Options.inDirectory(no, "id", "secret")))
        .withMessage(no.toString());
    Path file = Files.createFile(dir.resolve("file"));
    assertThatExceptionOfType(NotDirectoryException.class)
        .isThrownBy(() -> LocalS3.start(LocalS3Options.inDirectory(file, "id", "secret")))
        .withMessage(file.toString());
  }

  @Test
  void aKeyStoreHasItSpeakTlsBesides() throws Exception {
    Path keys = dir.resolve("keys.p12");
    SSLContext trusting = trusting(keys, "password");
    LocalS3Options options = LocalS3Options.inMemory("id", "secret").withKeyStore(keys, "password");
    try (LocalS3 server = LocalS3.start(options)) {
      URI secure = Objects.requireNonNull(server.secureEndpoint());
      assertThat(secure.getScheme()).isEqualTo("https");
      HttpClient.Builder client = HttpClient.newBuilder().sslContext(trusting);
      assertThat(get(client, secure).statusCode()).isEqualTo(403);
      assertThat(get(server.endpoint()).statusCode()).isEqualTo(403);
    }
    assertThat(options).asString().doesNotContain("password");
  }

  /// Makes a key and its certificate, and what trusts that.
  private static SSLContext trusting(Path keys, String password) throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias=server",
            "-dname=CN=localhost",
            "-keyalg=EC",
            "-ext=san=ip:127.0.0.1",
            "-storetype=PKCS12",
            "-storepass=" + password,
            "-keystore=" + keys);
    Process keytool =
        new ProcessBuilder(command.stream().flatMap(LocalS3Test::words).toList())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      trusted.load(in, password.toCharArray());
    }
    trusted.setCertificateEntry("authority", trusted.getCertificate("server"));
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /// An option and its value.
  private static Stream<String> words(String option) {
    int equals = option.startsWith("-") ? option.indexOf('=') : -1;
    return equals < 0
        ? Stream.of(option)
        : Stream.of(option.substring(0, equals), option.substring(equals + 1));
  }

  @Test
  void optionsAreCheckedAndKeepTheSecret() {
    LocalS3Options options = LocalS3Options.inMemory("id", "secret");
    assertThat(options).asString().contains("memory", "id").doesNotContain("secret");
    assertThatIllegalArgumentException().isThrownBy(() -> options.withPort(65_536));
    assertThatIllegalArgumentException().isThrownBy(() -> LocalS3Options.inMemory("", "secret"));
  }
}
