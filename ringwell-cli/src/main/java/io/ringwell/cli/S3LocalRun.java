package io.ringwell.cli;

import io.ringwell.s3local.LocalS3;
import io.ringwell.s3local.LocalS3Options;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// The server of `ringwell s3-local`, apart from the command so that help needs none of it.
final class S3LocalRun {
  /// What would lead to another store, or to other keys.
  private static final List<String> OTHERS =
      List.of("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3");

  private final Standard standard;
  private final LocalS3Options options;

  S3LocalRun(
      Standard standard, @Nullable Path directory, int port, String accessKey, String secretKey) {
    this.standard = standard;
    LocalS3Options at =
        directory == null
            ? LocalS3Options.inMemory(accessKey, secretKey)
            : LocalS3Options.inDirectory(directory, accessKey, secretKey);
    this.options = at.withPort(port);
  }

  private LocalS3 start() throws IOException {
    try {
      return LocalS3.start(options);
    } catch (BindException e) {
      throw new UsageException(e.getMessage() + "; name another with --port, or none", e);
    }
  }

  /// Serves until the thread is interrupted.
  int serve(boolean json) throws IOException {
    try (LocalS3 server = start()) {
      if (json) {
        standard.out().println(json(server));
      } else {
        print(server);
      }
      standard.out().flush();
      new CountDownLatch(1).await();
      throw new IllegalStateException("nobody counts down");
    } catch (InterruptedException e) {
      // Ctrl-C is how it ends.
      return Main.OK;
    }
  }

  /// Serves for as long as `command` runs.
  ///
  /// @return its exit code
  int around(String command) throws IOException {
    try (LocalS3 server = start()) {
      ProcessBuilder shell = new ProcessBuilder("sh", "-c", command).inheritIO();
      OTHERS.forEach(shell.environment()::remove);
      shell.environment().putAll(environment(server));
      Process process = shell.start();
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        process.destroy();
        throw (IOException) new InterruptedIOException("interrupted").initCause(e);
      }
    }
  }

  /// What lets this command, the AWS CLI and others find the server.
  private Map<String, String> environment(LocalS3 server) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("AWS_ENDPOINT_URL", server.endpoint().toString());
    variables.put("AWS_REGION", LocalS3.REGION);
    variables.put("AWS_ACCESS_KEY_ID", options.accessKey());
    variables.put("AWS_SECRET_ACCESS_KEY", options.secretKey());
    return variables;
  }

  private Json json(LocalS3 server) {
    Path directory = options.directory();
    return new Json()
        .put("endpoint", server.endpoint().toString())
        .put("access_key", options.accessKey())
        .put("secret_key", options.secretKey())
        .put("region", LocalS3.REGION)
        .put("directory", directory == null ? null : directory.toString());
  }

  /// For a shell: all but the lines to take over is a comment.
  private void print(LocalS3 server) {
    String from = options.directory() == null ? "memory" : options.directory().toString();
    standard
        .out()
        .println("# S3 from " + from + " at " + server.endpoint() + ", until Ctrl-C. Elsewhere:");
    environment(server).forEach((name, value) -> standard.say("export " + name + "=" + value));
    standard.say("# ringwell mb s3://first");
    standard.say("# ringwell cp README.md s3://first/");
  }
}
