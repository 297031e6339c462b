package io.ringwell.s3;

/// How a store can tell that what arrived is what was sent: a CRC of each part, and of the whole
/// object, computed from where the bytes lie. It stays with the object, and readers look at it.
public enum S3Checksum {
  /// CRC-32. Stores that know nothing of it ignore it.
  CRC32(Crc.CRC32),

  /// CRC-32C (Castagnoli), which processors have an instruction for.
  CRC32C(Crc.CRC32C),

  /// CRC-64/NVME, what Amazon's own tools send. The JDK does not have it: about half a second of a
  /// processor for each GB.
  CRC64NVME(Crc.CRC64NVME),

  /// MD5 of each part in `Content-MD5`, which every store knows, and CRC-32 besides. Costs a
  /// processor about a second for each 600 MB.
  MD5(Crc.CRC32);

  private final Crc crc;

  S3Checksum(Crc crc) {
    this.crc = crc;
  }

  /// The one that is sent.
  Crc crc() {
    return crc;
  }
}
