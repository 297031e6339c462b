package io.ringwell.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate for `localhost` that is its own authority, made by `openssl`; deleted by
/// [#close()].
final class TlsKeys implements AutoCloseable {
  static final Charset TEXT = StandardCharsets.UTF_8;
  private static final String PASSWORD = "ringwell";

  private final Path folder;

  private TlsKeys(Path folder) {
    this.folder = folder;
  }

  static TlsKeys make() throws IOException {
    TlsKeys keys = new TlsKeys(Files.createTempDirectory("ringwell-bench-tls"));
    String key = keys.key().toString();
    String certificate = keys.certificate().toString();
    run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
            + " -addext subjectAltName=DNS:localhost",
        "-keyout",
        key,
        "-out",
        certificate);
    run(
        "openssl pkcs12 -export -passout pass:" + PASSWORD,
        "-inkey",
        key,
        "-in",
        certificate,
        "-out",
        keys.store().toString());
    return keys;
  }

  /// @param words that have no spaces in them
  private static void run(String words, String... files) throws IOException {
    List<String> command = new ArrayList<>(List.of(words.split(" ", -1)));
    command.addAll(List.of(files));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), TEXT);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said);
      }
    } catch (InterruptedException e) {
      InterruptedIOException told = new InterruptedIOException("interrupted");
      told.initCause(e);
      throw told;
    }
  }

  Path certificate() {
    return folder.resolve("certificate.pem");
  }

  Path key() {
    return folder.resolve("key.pem");
  }

  private Path store() {
    return folder.resolve("store.p12");
  }

  /// For both sides.
  SSLContext context() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      store.load(in, PASSWORD.toCharArray());
    }
    String alias = store.aliases().nextElement();
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", store.getCertificate(alias));
    KeyManagerFactory mine = KeyManagerFactory.getInstance("PKIX");
    mine.init(store, PASSWORD.toCharArray());
    TrustManagerFactory theirs = TrustManagerFactory.getInstance("PKIX");
    theirs.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(mine.getKeyManagers(), theirs.getTrustManagers(), null);
    return context;
  }

  @Override
  public void close() throws IOException {
    for (Path each : List.of(certificate(), key(), store(), folder)) {
      Files.deleteIfExists(each);
    }
  }
}
