package io.ringwell.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What S3 is told of an object that goes there: named as the AWS CLI does, where it has a name.
///
/// Of no S3 type: the command line is read where there is no S3 on the path, too.
final class UploadOptions {
  private static final String KMS = "aws:kms";
  private static final List<String> ENCRYPTIONS = List.of("AES256", KMS);
  private static final List<String> CHECKSUMS = List.of("CRC32", "CRC32C", "CRC64NVME", "MD5");

  /// It becomes a part of a header's name.
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]+");

  /// What a header can have without being encoded, which stores do in different ways.
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");

  @Option(
      names = "--content-type",
      paramLabel = "TYPE",
      description = "What S3 says the object is; guessed by the name.")
  private @Nullable String contentType;

  @Option(
      names = "--metadata",
      paramLabel = "KEY=VALUE",
      description = "The object's own metadata; may be repeated.")
  private List<String> metadata = List.of();

  @Option(
      names = "--sse",
      paramLabel = "HOW",
      description = "What S3 encrypts it with: AES256 or aws:kms (the bucket's choice).")
  private @Nullable String encryption;

  @Option(
      names = "--sse-kms-key-id",
      paramLabel = "ID",
      description = "The key of --sse aws:kms (S3's own).")
  private @Nullable String encryptionKey;

  @Option(names = "--create-only", description = "Fail where the object is there already.")
  private boolean createOnly;

  @Option(
      names = "--checksum-algorithm",
      paramLabel = "NAME",
      description = {
        "How S3 can tell that all has arrived: CRC32 (the default), CRC32C, CRC64NVME, or MD5",
        "for stores that check nothing else; CRC32 is sent besides."
      })
  private @Nullable String checksum;

  @Nullable String contentType() {
    return contentType;
  }

  @Nullable String encryption() {
    return encryption;
  }

  @Nullable String encryptionKey() {
    return encryptionKey;
  }

  boolean createOnly() {
    return createOnly;
  }

  String checksum() {
    return checksum == null ? CHECKSUMS.getFirst() : checksum.toUpperCase(Locale.ROOT);
  }

  /// @throws UsageException where one of them is not a key and a value
  Map<String, String> metadata() {
    Map<String, String> all = new LinkedHashMap<>();
    for (String one : metadata) {
      int end = one.indexOf('=');
      String key = one.substring(0, Math.max(0, end));
      String value = one.substring(end + 1);
      if (!KEY.matcher(key).matches()) {
        throw new UsageException(
            "--metadata " + one + ": give KEY=VALUE, the key of letters, digits, '-', '_' and '.'");
      }
      if (!VALUE.matcher(value).matches()) {
        throw new UsageException("--metadata " + one + ": S3 takes values of printable ASCII");
      }
      // Names of headers: stores do not tell them apart.
      if (all.put(key.toLowerCase(Locale.ROOT), value) != null) {
        throw new UsageException("--metadata " + one + ": the key was given before");
      }
    }
    return all;
  }

  /// @param up whether anything goes to S3
  /// @throws UsageException where something else was given than there is
  void require(boolean up) {
    boolean used =
        contentType != null
            || !metadata.isEmpty()
            || encryption != null
            || encryptionKey != null
            || createOnly
            || checksum != null;
    if (used && !up) {
      throw new UsageException(
          "--content-type, --metadata, --sse, --create-only and --checksum-algorithm are for what"
              + " goes to s3://BUCKET/KEY");
    }
    if (encryption != null && !ENCRYPTIONS.contains(encryption)) {
      throw new UsageException("--sse " + encryption + ": takes AES256 or aws:kms");
    }
    if (encryptionKey != null && !KMS.equals(encryption)) {
      throw new UsageException("--sse-kms-key-id is for --sse aws:kms");
    }
    if (!CHECKSUMS.contains(checksum())) {
      throw new UsageException(
          "--checksum-algorithm " + checksum + ": takes " + String.join(", ", CHECKSUMS));
    }
    var _ = metadata();
  }
}
