package io.ringwell.s3local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.jspecify.annotations.Nullable;

/// An S3 server in this process (s3proxy), on the loopback interface alone: for a first try without
/// an account, and for tests. It verifies signatures (version 4) and checksums.
///
/// It is no store for data of worth: what is in memory takes the Java heap, and the folder's
/// durability is the file system's.
///
/// **Threads.** Its own serve; all methods may be called from any thread. **Blocking.** Starting
/// takes about a second, the first time in a process; closing waits for requests.
///
/// ```java
/// try (LocalS3 server = LocalS3.start(LocalS3Options.inMemory("id", "secret"))) {
///   use(server.endpoint());
/// }
/// ```
public final class LocalS3 implements AutoCloseable {
  /// What it calls itself where a region has to be named; it takes any.
  public static final String REGION = "us-east-1";

  /// What it uploads take in one request at the most, in bytes: as S3 has it.
  private static final long MAX_PUT_BYTES = 5L << 30;

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final S3Proxy server;
  private final URI endpoint;
  private final @Nullable URI secureEndpoint;

  private LocalS3(S3Proxy server, URI endpoint, @Nullable URI secureEndpoint) {
    this.server = server;
    this.endpoint = endpoint;
    this.secureEndpoint = secureEndpoint;
  }

  /// Starts one.
  ///
  /// @throws BindException where the port is taken
  /// @throws IOException where the folder is not there, or it cannot start
  public static LocalS3 start(LocalS3Options options) throws IOException {
    Path directory = options.directory();
    Properties store = new Properties();
    if (directory != null) {
      if (!Files.isDirectory(directory)) {
        throw Files.exists(directory)
            ? new NotDirectoryException(directory.toString())
            : new NoSuchFileException(directory.toString());
      }
      store.setProperty("jclouds.filesystem.basedir", directory.toRealPath().toString());
    }
    requireFree(options.port());
    S3Proxy.Builder builder =
        S3Proxy.builder()
            .blobStore(
                BlobStores.create(directory == null ? "transient-nio2" : "filesystem-nio2", store))
            .endpoint(at(options.port()))
            .awsAuthentication(AuthenticationType.AWS_V4, options.accessKey(), options.secretKey())
            .ignoreUnknownHeaders(true)
            .maxSinglePartObjectSize(MAX_PUT_BYTES);
    LocalS3Options.KeyStoreFile keys = options.keyStore();
    if (keys != null) {
      builder
          .secureEndpoint(URI.create("https://" + LOOPBACK.getHostAddress() + ":0"))
          .keyStore(keys.path().toString(), keys.password());
    }
    S3Proxy server = builder.build();
    try {
      server.start();
    } catch (Exception e) {
      stop(server, e);
      throw new IOException("the server at port " + options.port() + " did not start: " + e, e);
    }
    URI secure =
        keys == null
            ? null
            : URI.create("https://" + LOOPBACK.getHostAddress() + ":" + server.getSecurePort());
    return new LocalS3(server, at(server.getPort()), secure);
  }

  private static URI at(int port) {
    return URI.create("http://" + LOOPBACK.getHostAddress() + ":" + port);
  }

  /// The server itself would tell of a taken port in words of its own.
  private static void requireFree(int port) throws IOException {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket(port, 1, LOOPBACK)) {
      assert socket.isBound();
    } catch (BindException e) {
      BindException told = new BindException("port " + port + " cannot be had: " + e.getMessage());
      told.initCause(e);
      throw told;
    }
  }

  private static void stop(S3Proxy server, Exception first) {
    try {
      server.stop();
    } catch (Exception e) {
      first.addSuppressed(e);
    }
  }

  /// Where it is, as `http://127.0.0.1:PORT`; buckets are in the path.
  public URI endpoint() {
    return endpoint;
  }

  /// The same with TLS, as `https://127.0.0.1:PORT`; null where it has no key.
  public @Nullable URI secureEndpoint() {
    return secureEndpoint;
  }

  /// Stops it. Again does nothing.
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new UncheckedIOException(new IOException("the server did not stop: " + e, e));
    }
  }
}
