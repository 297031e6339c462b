package io.ringwell.s3;

/// How a store can tell that what arrived is what was sent.
public enum S3Checksum {
  /// CRC-32, of each part and of the whole object. Stores that know nothing of it ignore it.
  CRC32,

  /// MD5 of each part in `Content-MD5`, which every store knows, and CRC-32 besides. Costs a
  /// processor about a second for each 600 MB.
  MD5
}
