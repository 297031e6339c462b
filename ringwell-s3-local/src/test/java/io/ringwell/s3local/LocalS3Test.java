package io.ringwell.s3local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalS3Test {
  @TempDir Path dir;

  private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
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
  void optionsAreCheckedAndKeepTheSecret() {
    LocalS3Options options = LocalS3Options.inMemory("id", "secret");
    assertThat(options).asString().contains("memory", "id").doesNotContain("secret");
    assertThatIllegalArgumentException().isThrownBy(() -> options.withPort(65_536));
    assertThatIllegalArgumentException().isThrownBy(() -> LocalS3Options.inMemory("", "secret"));
  }
}
