package io.ringwell.file;

/// What [FileCopy] did.
///
/// @param size of the copy, in bytes
/// @param dataBytes of these, read and written or copied by the kernel; holes are not. 0 where the
///   storage is shared
/// @param route the way that the bytes went; never AUTO
/// @param verified whether the copy was read again and found equal
public record CopyResult(long size, long dataBytes, CopyOptions.Route route, boolean verified) {}
