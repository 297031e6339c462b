package io.ringwell.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.testkit.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files as openssl(1) writes them, and files that are no good.
class PemTest {
  private static final Path OPENSSL = Path.of("/usr/bin/openssl");

  @TempDir Path dir;

  private Path key(String name) {
    return dir.resolve(name + ".key");
  }

  private void openssl(String... words) throws Exception {
    assumeTrue(Files.isExecutable(OPENSSL), "no openssl(1): apt-get install openssl");
    List<String> command = new ArrayList<>(List.of(OPENSSL.toString()));
    command.addAll(Arrays.asList(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "genrsa -out FILE 2048, PRIVATE KEY, RSA",
    "genrsa -traditional -out FILE 2048, RSA PRIVATE KEY, RSA",
    "genpkey -algorithm RSA -out FILE, PRIVATE KEY, RSA",
    "ecparam -name prime256v1 -genkey -out FILE, EC PRIVATE KEY, EC",
    "ecparam -name secp521r1 -genkey -noout -out FILE, EC PRIVATE KEY, EC",
    "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out FILE, PRIVATE KEY, EC",
    "genpkey -algorithm ED25519 -out FILE, PRIVATE KEY, EdDSA"
  })
  void keysAsOpensslWritesThemServe(String how, String label, String algorithm) throws Exception {
    Path key = key("own");
    Path certificate = dir.resolve("own.pem");
    openssl(how.replace("FILE", key.toString()).split(" "));
    assertThat(key).content().contains("-----BEGIN " + label + "-----");
    openssl(
        "req",
        "-x509",
        "-new",
        "-key",
        key.toString(),
        "-subj",
        "/CN=own",
        "-out",
        certificate.toString());
    assertThat(Pem.privateKey(key).getAlgorithm()).isEqualTo(algorithm);
    assertThat(TlsContexts.of(certificate, key, null)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass pass:word -out FILE",
        "genrsa -traditional -aes256 -passout pass:word -out FILE 2048"
      })
  void anEncryptedKeyIsRefusedWithWhatToDo(String how) throws Exception {
    openssl(how.replace("FILE", key("locked").toString()).split(" "));
    assertThatThrownBy(() -> Pem.privateKey(key("locked")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(key("locked") + ": the key is encrypted")
        .hasMessageContaining("openssl pkey");
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() throws Exception {
    Path good = TestCertificates.certificate("good");
    Path other = TestCertificates.key("other");
    assertThatThrownBy(() -> TlsContexts.of(good, other, null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(other + ": the key is not that of the first certificate in " + good);
    openssl("genrsa", "-out", key("rsa").toString(), "2048");
    assertThatThrownBy(() -> TlsContexts.of(good, key("rsa"), null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the key is not that of");
  }

  @Test
  void aFileThatIsMissingOrADirectoryIsNamed() {
    Path none = dir.resolve("none");
    assertThatThrownBy(() -> Pem.certificates(none))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(none.toString());
    assertThatThrownBy(() -> Pem.certificates(dir))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(dir.toString());
  }

  @Test
  void aFileThatHoldsSomethingElseIsNamed() throws IOException {
    Path key = TestCertificates.key("good");
    Path certificate = TestCertificates.certificate("good");
    assertThatThrownBy(() -> Pem.certificates(key))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(key + ": no certificate in PEM");
    assertThatThrownBy(() -> Pem.privateKey(certificate))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(certificate + ": no private key in PEM");
    Path binary = Files.write(dir.resolve("binary"), new byte[] {0x30, (byte) 0x82, 1, 2, -1});
    assertThatThrownBy(() -> Pem.certificates(binary))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("inform DER");
  }

  /// Whatever is cut or changed: an error that names the file, or the same key.
  @ParameterizedTest
  @ValueSource(strings = {"PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "CERTIFICATE"})
  void damagedFilesAreNamed(String label) throws IOException {
    Path file = dir.resolve("damaged");
    for (String body :
        List.of("", "!!!!", "MAA=", "MIIBAA==", "MIH/", "oIH/MAA=", "MIQ/////AgEB")) {
      Files.writeString(
          file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
      assertThatThrownBy(
              () -> {
                if (label.equals("CERTIFICATE")) {
                  Pem.certificates(file);
                } else {
                  Pem.privateKey(file);
                }
              })
          .as(body)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString());
    }
  }
}
