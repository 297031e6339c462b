package io.ringwell.memory;

/// A buffer that became unreachable without being closed.
///
/// @param kind the type of its handle, `IoBuffer` or `Bytes`
/// @param size in bytes
/// @param site its stack trace shows where the handle was made, its cause where the memory was
///   acquired
public record LeakReport(String kind, long size, Throwable site) {}
