package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.kv.table.TableChecksum;
import io.ringwell.kv.table.TableCompression;
import io.ringwell.kv.table.TableWriter;
import io.ringwell.kv.table.TableWriterOptions;
import io.ringwell.sink.FileSinkOptions;
import io.ringwell.sink.Sink;
import io.ringwell.sink.Sinks;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringwell kv build`: a table from sorted lines.
@Command(
    name = "build",
    sortOptions = false,
    description = {
      "Write a table of RocksDB from lines KEY<TAB>VALUE, in the order of their keys' bytes",
      "(LC_ALL=C sort), or from objects. It takes its name when it is whole, and RocksDB",
      "ingests or opens it."
    })
final class KvBuildCommand implements Callable<Integer> {
  private static final TableWriterOptions DEFAULTS = TableWriterOptions.defaults();

  private final Standard standard;

  @Option(
      names = "--json",
      description = "Each line is {\"key\":...,\"value\":...}; key_hex and value_hex are in hex.")
  private boolean json;

  @Option(names = "--hex", description = "Keys and values of the lines are in hex.")
  private boolean hex;

  @Option(
      names = "--compression",
      paramLabel = "KIND",
      description = "none, lz4 or zstd; lz4 without.")
  private String compression = "lz4";

  @Option(names = "--level", paramLabel = "N", description = "Of zstd, 1 to 19; 3 without.")
  private int level = DEFAULTS.compressionLevel();

  @Option(
      names = "--checksum",
      paramLabel = "KIND",
      description = "xxh3, crc32c, xxhash64, xxhash or none; xxh3 without.")
  private String checksum = "xxh3";

  @Option(
      names = "--format-version",
      paramLabel = "N",
      description = "5, which RocksDB reads from 6.6 on (5 without this option), 6 or 7.")
  private int version = DEFAULTS.formatVersion();

  @Option(
      names = "--block",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      description = "What a block has before it is compressed; 4k without.")
  private ByteSize block = new ByteSize(DEFAULTS.blockBytes());

  @Mixin private S3Access access = new S3Access();

  @Parameters(
      index = "0",
      paramLabel = "INPUT",
      description = "A file of lines; - is standard input.")
  private String input = "";

  @Parameters(
      index = "1",
      paramLabel = "TABLE",
      description = "The table to write: a file, or s3://BUCKET/KEY.")
  private String target = "";

  KvBuildCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    if (json && hex) {
      throw new UsageException("--json says itself what is hex (key_hex, value_hex); leave --hex");
    }
    TableWriterOptions options = options();
    boolean object = S3Access.names(target);
    if (!object) {
      access.requireUnused();
    }
    try (Engine engine = Engine.open()) {
      if (input.equals("-")) {
        write(engine, standard.input(), "standard input", options, object);
      } else {
        Path path = Path.of(input);
        if (Files.isDirectory(path)) {
          throw new FileSystemException(input, null, "is a directory; name a file");
        }
        try (FileChannel file = FileChannel.open(path)) {
          write(engine, file, input, options, object);
        }
      }
    }
    return Main.OK;
  }

  private void write(
      Engine engine,
      ReadableByteChannel in,
      String name,
      TableWriterOptions options,
      boolean object)
      throws IOException {
    if (object) {
      ObjectTable.write(access, target, sink -> write(engine, in, name, options, sink));
    } else {
      try (Sink sink = Sinks.file(engine, Path.of(target), FileSinkOptions.defaults())) {
        write(engine, in, name, options, sink);
      }
    }
  }

  private void write(
      Engine engine, ReadableByteChannel in, String name, TableWriterOptions options, Sink sink)
      throws IOException {
    EntryLine.Form form =
        json ? EntryLine.Form.JSON : hex ? EntryLine.Form.HEX : EntryLine.Form.TEXT;
    EntryLine line = new EntryLine(new LineInput(in, name), form);
    MemorySegment keys = MemorySegment.ofArray(line.key);
    MemorySegment values = MemorySegment.ofArray(line.value);
    byte[] keyBytes = line.key;
    byte[] valueBytes = line.value;
    try (TableWriter table = TableWriter.to(sink, engine.pool(), options)) {
      while (line.next()) {
        if (line.key != keyBytes) {
          keyBytes = line.key;
          keys = MemorySegment.ofArray(keyBytes);
        }
        if (line.value != valueBytes) {
          valueBytes = line.value;
          values = MemorySegment.ofArray(valueBytes);
        }
        try {
          table.add(
              keys,
              line.keyStart,
              line.keyEnd - line.keyStart,
              values,
              line.valueStart,
              line.valueEnd - line.valueStart);
        } catch (IllegalArgumentException e) {
          throw line.bad(String.valueOf(e.getMessage()));
        }
      }
      table.complete();
    }
  }

  private TableWriterOptions options() {
    try {
      return DEFAULTS
          .withFormatVersion(version)
          .withCompression(kind(TableCompression.class, "--compression", compression))
          .withCompressionLevel(level)
          .withChecksum(kind(TableChecksum.class, "--checksum", checksum))
          .withBlockBytes(Math.toIntExact(block.bytes()));
    } catch (ArithmeticException e) {
      throw new UsageException("--block: " + block + " is more than a block can have", e);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }

  private static <E extends Enum<E>> E kind(Class<E> type, String option, String name) {
    try {
      return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + ": there is no '" + name + "'; see --help", e);
    }
  }
}
