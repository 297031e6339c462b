package io.ringwell.kv.table;

/// What a table's entries come to.
///
/// @param entries how many
/// @param blocks of entries, how many
/// @param keyBytes all keys in full, with the eight bytes behind each
/// @param valueBytes all values
record TableCounts(long entries, long blocks, long keyBytes, long valueBytes) {}
