package io.ringwell.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// An authority, and certificates of it that are good, too old, and for someone else, made by
/// `keytool` once for a process (a few seconds), as PEM files that are deleted with it.
///
/// | name | is |
/// |---|---|
/// | `ca` | the authority |
/// | `good` | for `localhost` and 127.0.0.1 |
/// | `old` | the same, past its time |
/// | `other` | for another host |
/// | `alone` | as `good`, signed by itself |
public final class TestCertificates {
  private static final String PASSWORD = "ringwell";

  private static final class Made {
    static final TestCertificates ONLY = new TestCertificates();
  }

  private final Path folder;
  private final SSLContext server;

  private TestCertificates() {
    try {
      folder = Files.createTempDirectory("ringwell-tls");
      folder.toFile().deleteOnExit();
      Path store = folder.resolve("keys.p12");
      store.toFile().deleteOnExit();
      String names = "san=dns:localhost,ip:127.0.0.1";
      keytool(store, "ca", "-validity", "30", "-ext", "bc:critical=ca:true");
      keytool(store, "alone", "-validity", "30", "-ext", names);
      keytool(store, "good", "-validity", "30", "-signer", "ca", "-ext", names);
      keytool(store, "old", "-startdate", "-9d", "-validity", "5", "-signer", "ca", "-ext", names);
      keytool(store, "other", "-validity", "30", "-signer", "ca", "-ext", "san=dns:other.test");
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      for (String alias : List.of("ca", "alone", "good", "old", "other")) {
        write(keys, alias);
      }
      server = server(keys);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no certificates for the tests: " + e.getMessage(), e);
    }
  }

  /// The certificate of that name in PEM, and those that lead to the authority.
  public static Path certificate(String alias) {
    return Made.ONLY.folder.resolve(alias + ".pem");
  }

  /// Its private key in PEM, as PKCS#8.
  public static Path key(String alias) {
    return Made.ONLY.folder.resolve(alias + ".key");
  }

  /// For a server that shows `good`.
  public static SSLContext server() {
    return Made.ONLY.server;
  }

  private static SSLContext server(KeyStore all) throws IOException, GeneralSecurityException {
    char[] password = PASSWORD.toCharArray();
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry("own", all.getKey("good", password), password, all.getCertificateChain("good"));
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(one, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private void write(KeyStore keys, String alias) throws IOException, GeneralSecurityException {
    StringBuilder chain = new StringBuilder();
    for (Certificate each : keys.getCertificateChain(alias)) {
      chain.append(pem("CERTIFICATE", each.getEncoded()));
    }
    Key key = keys.getKey(alias, PASSWORD.toCharArray());
    Path certificates = folder.resolve(alias + ".pem");
    Path secret = folder.resolve(alias + ".key");
    certificates.toFile().deleteOnExit();
    secret.toFile().deleteOnExit();
    Files.writeString(certificates, chain);
    Files.writeString(secret, pem("PRIVATE KEY", key.getEncoded()));
  }

  private static String pem(String kind, byte[] bytes) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }

  private static void keytool(Path store, String alias, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + alias));
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
}
