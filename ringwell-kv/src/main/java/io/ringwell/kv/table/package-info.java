/// Tables of RocksDB and LevelDB: files of sorted entries in blocks.
@NullMarked
package io.ringwell.kv.table;

import org.jspecify.annotations.NullMarked;
