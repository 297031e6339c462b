package io.ringwell.cli;

import io.ringwell.s3local.LocalS3;
import io.ringwell.s3local.LocalS3Options;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// The server of `ringwell s3-local`, apart from the command so that help needs none of it.
final class S3LocalRun {
  private S3LocalRun() {}

  /// Serves until the thread is interrupted.
  static void serve(
      Standard standard,
      @Nullable Path directory,
      int port,
      String accessKey,
      String secretKey,
      boolean json)
      throws IOException {
    LocalS3Options options = new LocalS3Options(directory, port, accessKey, secretKey);
    try (LocalS3 server = LocalS3.start(options)) {
      String endpoint = server.endpoint().toString();
      if (json) {
        standard
            .out()
            .println(
                new Json()
                    .put("endpoint", endpoint)
                    .put("access_key", accessKey)
                    .put("secret_key", secretKey)
                    .put("region", LocalS3.REGION)
                    .put("directory", directory == null ? null : directory.toString()));
      } else {
        print(standard, directory, endpoint, accessKey, secretKey);
      }
      standard.out().flush();
      new CountDownLatch(1).await();
    } catch (BindException e) {
      throw new UsageException(e.getMessage() + "; name another with --port, or none", e);
    } catch (InterruptedException e) {
      // Ctrl-C is how it ends.
      assert !Thread.currentThread().isInterrupted();
    }
  }

  /// For a shell: all but the lines to take over is a comment.
  private static void print(
      Standard standard,
      @Nullable Path directory,
      String endpoint,
      String accessKey,
      String secretKey) {
    standard
        .out()
        .println(
            "# S3 from "
                + (directory == null ? "memory" : directory)
                + " at "
                + endpoint
                + ", until Ctrl-C. Elsewhere:");
    standard.out().println("export AWS_ENDPOINT_URL=" + endpoint);
    standard.out().println("export AWS_REGION=" + LocalS3.REGION);
    standard.out().println("export AWS_ACCESS_KEY_ID=" + accessKey);
    standard.out().println("export AWS_SECRET_ACCESS_KEY=" + secretKey);
    standard.out().println("# ringwell mb s3://first");
    standard.out().println("# ringwell cp README.md s3://first/");
  }
}
