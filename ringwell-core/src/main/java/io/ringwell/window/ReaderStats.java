package io.ringwell.window;

/// What a [ManagedReader] did since it was opened.
///
/// @param windows handed out: seeks that answered READY for another window than before
/// @param loads reads that were started, those ahead included
/// @param ahead of these, started before anybody asked
/// @param bytes that they brought
/// @param hits windows looked for in the page cache, and found
/// @param misses windows looked for in the page cache, and not found
/// @param stalls seeks that answered NOT_READY
public record ReaderStats(
    long windows, long loads, long ahead, long bytes, long hits, long misses, long stalls) {}
