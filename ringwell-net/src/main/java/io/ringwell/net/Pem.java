package io.ringwell.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Certificates and keys from files in PEM (RFC 7468): keys as PKCS#8, and as openssl(1) wrote them
/// before, PKCS#1 for RSA and SEC 1 for EC. What is wrong is told with the file's name, and with
/// what to do about it.
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s(.*?)-----END \\1-----", Pattern.DOTALL);

  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PKCS8 = "PRIVATE KEY";
  private static final String PKCS1 = "RSA PRIVATE KEY";
  private static final String SEC1 = "EC PRIVATE KEY";

  /// RFC 8017, A.1: 1.2.840.113549.1.1.1 without parameters.
  private static final byte[] RSA = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };

  /// RFC 5480, 2.1.1: 1.2.840.10045.2.1, before the curve.
  private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private Pem() {}

  /// One block: what it says that it is, and what lies between its lines.
  private record Block(String label, String body) {
    boolean isEncrypted() {
      return label.startsWith("ENCRYPTED") || body.contains("ENCRYPTED");
    }

    byte[] bytes(Path path) throws IOException {
      try {
        return Base64.getMimeDecoder().decode(body);
      } catch (IllegalArgumentException e) {
        throw new IOException(path + ": its " + label + " is damaged: " + e.getMessage(), e);
      }
    }
  }

  private static List<Block> blocks(Path path) throws IOException {
    String text;
    try {
      text = Files.readString(path, StandardCharsets.ISO_8859_1);
    } catch (FileSystemException e) {
      throw e; // names the file
    } catch (IOException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
    List<Block> all = new ArrayList<>();
    for (Matcher each = BLOCK.matcher(text); each.find(); ) {
      all.add(new Block(each.group(1), each.group(2)));
    }
    return all;
  }

  /// All certificates, in their order; at least one.
  static List<Certificate> certificates(Path path) throws IOException {
    List<Certificate> all = new ArrayList<>();
    for (Block each : blocks(path)) {
      if (each.label().endsWith(CERTIFICATE)) {
        try {
          all.add(
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(each.bytes(path))));
        } catch (CertificateException e) {
          throw new IOException(
              "%s: certificate %d is damaged: %s; get it anew"
                  .formatted(path, all.size() + 1, e.getMessage()),
              e);
        }
      }
    }
    if (all.isEmpty()) {
      throw new IOException(
          path
              + ": no certificate in PEM (no line '-----BEGIN CERTIFICATE-----'); of one in DER"
              + " openssl x509 -inform DER makes one");
    }
    return all;
  }

  /// The first private key. Unencrypted: nobody is asked for a password.
  static PrivateKey privateKey(Path path) throws IOException {
    for (Block each : blocks(path)) {
      if (each.label().endsWith(PKCS8)) {
        if (each.isEncrypted()) {
          throw new IOException(
              path
                  + ": the key is encrypted; 'openssl pkey -in "
                  + path
                  + " -out FILE' writes one that is not, which only its owner should be able to"
                  + " read");
        }
        return privateKey(path, each);
      }
    }
    throw new IOException(
        path
            + ": no private key in PEM (no line '-----BEGIN PRIVATE KEY-----'); of one in DER"
            + " openssl pkey -inform DER makes one");
  }

  private static PrivateKey privateKey(Path path, Block block) throws IOException {
    byte[] bytes = block.bytes(path);
    List<String> kinds = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");
    try {
      switch (block.label()) {
        case PKCS8 -> {}
        case PKCS1 -> bytes = Der.pkcs8(RSA, bytes);
        case SEC1 -> bytes = Der.pkcs8(Der.sequence(EC, Der.curve(bytes)), bytes);
        default ->
            throw new IOException(
                path + ": a key of the kind '" + block.label() + "'; take EC, RSA or Ed25519");
      }
    } catch (IndexOutOfBoundsException e) {
      throw damaged(path, e);
    }
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(bytes);
    IOException wrong = damaged(path, null);
    for (String kind : kinds) {
      try {
        return KeyFactory.getInstance(kind).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        wrong.addSuppressed(e); // of another kind
      } catch (GeneralSecurityException e) {
        throw damaged(path, e);
      }
    }
    throw wrong;
  }

  private static IOException damaged(Path path, @Nullable Exception why) {
    return new IOException(path + ": no key of EC, RSA or EdDSA, or a damaged one", why);
  }

  /// Looks whether what the key signs is what the certificate's holder would have signed.
  static void requireFit(Path certificates, Certificate own, Path keyPath, PrivateKey key)
      throws IOException {
    PublicKey other = own.getPublicKey();
    boolean fits;
    try {
      fits = other.getAlgorithm().equals(key.getAlgorithm()) && signsFor(key, other);
    } catch (GeneralSecurityException e) {
      throw new IOException("%s with %s: %s".formatted(keyPath, certificates, e.getMessage()), e);
    }
    if (!fits) {
      throw new IOException(
          "%s: the key is not that of the first certificate in %s; the key's own comes first there, those that lead to an authority behind it"
              .formatted(keyPath, certificates));
    }
  }

  private static boolean signsFor(PrivateKey key, PublicKey other) throws GeneralSecurityException {
    String name =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "RSASSA-PSS" -> "";
          default -> key.getAlgorithm();
        };
    if (name.isEmpty()) {
      return true; // needs parameters; the handshake tells
    }
    byte[] something = {1, 2, 3};
    Signature signature = Signature.getInstance(name);
    signature.initSign(key);
    signature.update(something);
    byte[] signed = signature.sign();
    signature.initVerify(other);
    signature.update(something);
    return signature.verify(signed);
  }
}
