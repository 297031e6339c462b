package io.ringwell.s3.rig;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// An authority of its own, and a certificate from it for this machine, made by `keytool` once for
/// a process (about a second), and deleted with it.
public final class LocalCertificates {
  private static final String PASSWORD = "ringwell";

  /// Its initialization makes them.
  private static final class Made {
    static final LocalCertificates ONLY = make();
  }

  private final SSLContext server;
  private final Path authority;

  private LocalCertificates(SSLContext server, Path authority) {
    this.server = server;
    this.authority = authority;
  }

  /// Those of this process.
  public static LocalCertificates get() {
    return Made.ONLY;
  }

  /// For a server that answers on `localhost` and 127.0.0.1.
  public SSLContext server() {
    return server;
  }

  /// The authority's certificate in PEM, as `AWS_CA_BUNDLE` wants it.
  public Path authority() {
    return authority;
  }

  private static LocalCertificates make() {
    try {
      Path folder = Files.createTempDirectory("ringwell-rig");
      folder.toFile().deleteOnExit();
      Path store = folder.resolve("keys.p12");
      Path pem = folder.resolve("ca.pem");
      pem.toFile().deleteOnExit();
      store.toFile().deleteOnExit();
      keytool(store, "ca", "CN=Ringwell test authority", "-ext", "bc:critical=ca:true");
      keytool(
          store,
          "server",
          "CN=localhost",
          "-signer",
          "ca",
          "-ext",
          "san=dns:localhost,ip:127.0.0.1");
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      Files.writeString(pem, pem(keys.getCertificate("ca")));
      keys.deleteEntry("ca"); // the server shows the other one
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return new LocalCertificates(context, pem);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no certificates for the tests: " + e.getMessage(), e);
    }
  }

  private static void keytool(Path store, String alias, String name, String... more)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", name, "-validity", "30"));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
  }

  private static String pem(Certificate certificate) throws GeneralSecurityException {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(certificate.getEncoded());
    return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
  }
}
