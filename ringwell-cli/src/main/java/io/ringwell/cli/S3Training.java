package io.ringwell.cli;

import io.ringwell.s3local.LocalS3;
import io.ringwell.s3local.LocalS3Options;
import java.io.IOException;

/// The [Training] of runs that S3 is meant in, with a server of its own.
///
/// Arguments: a text of 16 MiB or more, and a tree.
final class S3Training {
  private static final String KEY = "training";

  private S3Training() {}

  public static void main(String[] args) throws IOException {
    System.setProperty("aws.accessKeyId", KEY);
    System.setProperty("aws.secretAccessKey", KEY);
    try (LocalS3 server = LocalS3.start(LocalS3Options.inMemory(KEY, KEY))) {
      String endpoint = "--endpoint-url=" + server.endpoint();
      run("mb", endpoint, "s3://training");
      run("cp", endpoint, args[0], "s3://training/text");
      run("cp", endpoint, "s3://training/text", "/dev/null");
      run("cp", endpoint, "-r", args[1], "s3://training/tree/");
      run("ls", endpoint, "-r", "s3://training");
      run("cat", endpoint, "--range", "0-99", "s3://training/text");
      run("search", endpoint, "-c", "large", "s3://training/text");
      run("rm", endpoint, "-r", "s3://training");
      run("ls", endpoint);
    }
    // The server's threads do not keep the cache from being written.
    System.exit(0);
  }

  private static void run(String... args) {
    Main.run(Standard.system(), args);
  }
}
