package io.ringwell.bench;

import io.ringwell.s3local.LocalS3;
import io.ringwell.s3local.LocalS3Options;
import java.nio.file.Path;

/// The store that [S3Comparison] speaks with, in a process of its own, so that its work is not
/// counted as the client's. Ends with its standard input.
///
/// Arguments: the folder of the objects, a key store, its password.
public final class S3Server {
  static final String ACCESS_KEY = "bench-access";
  static final String SECRET_KEY = "bench-secret";

  private S3Server() {}

  /// Prints where it is, by http and by https.
  public static void main(String[] arguments) throws Exception {
    LocalS3Options options =
        LocalS3Options.inDirectory(Path.of(arguments[0]), ACCESS_KEY, SECRET_KEY)
            .withKeyStore(Path.of(arguments[1]), arguments[2]);
    try (LocalS3 server = LocalS3.start(options)) {
      System.out.println(server.endpoint());
      System.out.println(server.secureEndpoint());
      while (System.in.read() >= 0) {
        // Nothing is said to it.
      }
    }
  }
}
