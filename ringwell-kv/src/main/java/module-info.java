import org.jspecify.annotations.NullMarked;

/// Key-value iterators that suspend without allocating, and the tables of RocksDB and LevelDB.
@NullMarked
module io.ringwell.kv {
  requires transitive io.ringwell.core;
  requires static org.jspecify;

  exports io.ringwell.kv;
}
