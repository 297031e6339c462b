import org.jspecify.annotations.NullMarked;

/// Key-value iterators that suspend without allocating, and the tables of RocksDB and LevelDB.
///
/// Tables with zstd in them need its library, which zstd-jni brings and loads: start the JVM with
/// `--enable-native-access=io.ringwell.core,com.github.luben.zstd_jni` (on the class path:
/// `ALL-UNNAMED`).
@NullMarked
module io.ringwell.kv {
  requires transitive io.ringwell.core;
  requires com.github.luben.zstd_jni;
  requires static org.jspecify;

  exports io.ringwell.kv;
  exports io.ringwell.kv.table;
}
