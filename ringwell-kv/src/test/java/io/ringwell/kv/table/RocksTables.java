package io.ringwell.kv.table;

import java.nio.file.Path;
import java.util.SortedMap;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ChecksumType;
import org.rocksdb.CompressionOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.EnvOptions;
import org.rocksdb.IndexType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/// Writes tables as RocksDB does.
final class RocksTables {
  static {
    RocksDB.loadLibrary();
  }

  private RocksTables() {}

  /// What a table is to be like.
  static final class Shape implements AutoCloseable {
    final Options options = new Options();
    final CompressionOptions compression = new CompressionOptions();
    final BlockBasedTableConfig table = new BlockBasedTableConfig();
    private final StringBuilder name = new StringBuilder();

    Shape version(int version) {
      table.setFormatVersion(version);
      return named("version " + version);
    }

    Shape checksum(ChecksumType type) {
      table.setChecksumType(type);
      return named(type);
    }

    Shape index(IndexType type) {
      table.setIndexType(type);
      // Small parts, so that there are many.
      table.setMetadataBlockSize(256);
      return named(type);
    }

    Shape compression(CompressionType type) {
      options.setCompressionType(type);
      return named(type);
    }

    Shape dictionary(int bytes) {
      compression.setMaxDictBytes(bytes).setZStdMaxTrainBytes(16 * bytes);
      return named("dictionary of " + bytes);
    }

    Shape named(Object part) {
      name.append(name.isEmpty() ? "" : ", ").append(part);
      return this;
    }

    @Override
    public void close() {
      options.close();
      compression.close();
    }

    @Override
    public String toString() {
      return name.toString();
    }
  }

  /// Writes entries; those without a value are deletes.
  static void write(Path file, Shape shape, SortedMap<byte[], byte[]> entries)
      throws RocksDBException {
    shape.options.setTableFormatConfig(shape.table).setCompressionOptions(shape.compression);
    try (EnvOptions environment = new EnvOptions();
        SstFileWriter writer = new SstFileWriter(environment, shape.options)) {
      writer.open(file.toString());
      for (var each : entries.entrySet()) {
        if (each.getValue() == null) {
          writer.delete(each.getKey());
        } else {
          writer.put(each.getKey(), each.getValue());
        }
      }
      writer.finish();
    }
  }
}
