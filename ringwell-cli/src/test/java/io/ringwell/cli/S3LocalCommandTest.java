package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3LocalCommandTest {
  @TempDir Path dir;

  /// A run of the command that goes on until it is interrupted.
  private static final class Serving implements AutoCloseable {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final BufferedReader out;
    private final FutureTask<Integer> code;
    private final Thread thread;

    Serving(String... args) throws IOException {
      PipedOutputStream to = new PipedOutputStream();
      out =
          new BufferedReader(
              new InputStreamReader(new PipedInputStream(to), StandardCharsets.UTF_8));
      Standard standard = Standard.of(InputStream.nullInputStream(), to, err);
      code =
          new FutureTask<>(() -> {
            try (to) {
              return Main.run(standard, args);
            }
          });
      thread = Thread.ofPlatform().start(code);
    }

    List<String> lines(int count) throws IOException {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String line = out.readLine();
        assertThat(line).as(err::toString).isNotNull();
        lines.add(line);
      }
      return lines;
    }

    /// As Ctrl-C does.
    @Override
    public void close() throws IOException {
      thread.interrupt();
      try {
        assertThat(code.get()).as(err::toString).isEqualTo(Main.OK);
      } catch (ExecutionException | InterruptedException e) {
        throw new IOException("the command ended in another way", e);
      }
    }
  }

  private static boolean answers(URI endpoint) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void printsWhatAShellTakesOverAndServesUntilItIsInterrupted() throws Exception {
    URI endpoint;
    try (Serving serving = new Serving("s3-local", "--secret", "a-secret")) {
      List<String> lines = serving.lines(7);
      assertThat(lines).allMatch(line -> line.startsWith("export ") || line.startsWith("# "));
      assertThat(lines).contains("export AWS_SECRET_ACCESS_KEY=a-secret");
      String prefix = "export AWS_ENDPOINT_URL=";
      endpoint =
          URI.create(
              lines.stream()
                  .filter(line -> line.startsWith(prefix))
                  .findFirst()
                  .orElseThrow()
                  .substring(prefix.length()));
      assertThat(answers(endpoint)).isTrue();
    }
    assertThat(answers(endpoint)).isFalse();
  }

  @Test
  void factsComeAsJsonAndTheSecretIsNewEachTime() throws Exception {
    try (Serving one = new Serving("s3-local", "--json", dir.toString());
        Serving other = new Serving("s3-local", "--json")) {
      Map<String, Object> first = JsonReader.object(one.lines(1).getFirst());
      Map<String, Object> second = JsonReader.object(other.lines(1).getFirst());
      assertThat(first)
          .containsEntry("directory", dir.toString())
          .containsEntry("region", "us-east-1");
      assertThat(second).containsEntry("directory", null);
      assertThat(first.get("secret_key")).isNotEqualTo(second.get("secret_key"));
      int port = URI.create((String) second.get("endpoint")).getPort();
      Run.of("s3-local", "--port", port).fails("port " + port, "--port");
    }
  }

  @Test
  void commandIsRunThatFindsTheServerAndItsExitCodeIsThis() throws IOException {
    Path seen = dir.resolve("seen");
    String command = "echo $AWS_ENDPOINT_URL $AWS_SECRET_ACCESS_KEY >" + seen + "; exit 7";
    Run run = Run.of("s3-local", "--secret", "a-secret", "--run", command);
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isEqualTo(7);
    String[] words = Files.readString(seen).strip().split(" ", -1);
    assertThat(words[1]).isEqualTo("a-secret");
    assertThat(answers(URI.create(words[0]))).isFalse();
    Run.of("s3-local", "--json", "--run", "true").fails("--json", "--run");
  }

  @Test
  void mistakesAreTold() throws IOException {
    Run.of("s3-local", dir.resolve("no")).fails(dir.resolve("no"), "no such file");
    Path file = Files.createFile(dir.resolve("file"));
    Run.of("s3-local", file).fails(file, "is not a directory");
    Run.of("s3-local", "--port", 70_000).fails("70000");
    Run.of("s3-local", "--secret", "").fails("empty");
  }
}
