package io.ringwell.s3local;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a [LocalS3] serves, and where. Start from [#inMemory] or [#inDirectory].
///
/// @param directory where buckets are folders and objects files; null keeps all in memory
/// @param port where it listens on the loopback interface; 0 takes one that is free
/// @param accessKey who may use it
/// @param secretKey what they sign with
/// @param keyStore what it speaks TLS with besides, at a port of its own; null where it does not
public record LocalS3Options(
    @Nullable Path directory,
    int port,
    String accessKey,
    String secretKey,
    @Nullable KeyStoreFile keyStore) {
  /// A key and its certificate.
  public record KeyStoreFile(Path path, String password) {
    /// Without the password.
    @Override
    public String toString() {
      return path.toString();
    }
  }

  private static final int LARGEST_PORT = 65_535;

  public LocalS3Options {
    if (port < 0 || port > LARGEST_PORT) {
      throw new IllegalArgumentException("a port is from 0 to " + LARGEST_PORT + ", not " + port);
    }
    if (accessKey.isEmpty() || secretKey.isEmpty()) {
      throw new IllegalArgumentException("neither key may be empty");
    }
  }

  /// On the Java heap, gone with the server; at a free port.
  public static LocalS3Options inMemory(String accessKey, String secretKey) {
    return new LocalS3Options(null, 0, accessKey, secretKey, null);
  }

  /// In a folder, which must be there; at a free port.
  public static LocalS3Options inDirectory(Path directory, String accessKey, String secretKey) {
    return new LocalS3Options(directory, 0, accessKey, secretKey, null);
  }

  public LocalS3Options withPort(int newPort) {
    return new LocalS3Options(directory, newPort, accessKey, secretKey, keyStore);
  }

  /// Has it speak TLS, too, at a free port ([LocalS3#secureEndpoint]).
  public LocalS3Options withKeyStore(Path path, String password) {
    return new LocalS3Options(
        directory, port, accessKey, secretKey, new KeyStoreFile(path, password));
  }

  /// Without the secret key, which belongs in no log.
  @Override
  public String toString() {
    return "LocalS3Options["
        + (directory == null ? "memory" : directory)
        + ", port "
        + port
        + ", "
        + accessKey
        + "]";
  }
}
