package io.ringwell.cli;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringwell.engine.Engine;
import io.ringwell.kv.Keys;
import io.ringwell.kv.table.Table;
import io.ringwell.kv.table.TableCheck;
import io.ringwell.kv.table.TableProperties;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringwell kv dump`: what a table says of itself.
@Command(
    name = "dump",
    sortOptions = false,
    description = {
      "Print what a table says of itself: its format, its properties, and its index, a line",
      "for each block: where it begins, how many bytes it has, and a key that ends it."
    })
final class KvDumpCommand implements Callable<Integer> {
  private final Standard standard;

  @Option(names = "--properties", description = "Leave the index away.")
  private boolean propertiesOnly;

  @Option(names = "--json", description = "Print one JSON object on one line instead.")
  private boolean json;

  @Mixin private S3Access access = new S3Access();

  @Parameters(
      arity = "1",
      paramLabel = "TABLE",
      description = "A table of RocksDB or LevelDB: a file, or s3://BUCKET/KEY.")
  private String name = "";

  KvDumpCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    if (!S3Access.names(name)) {
      access.requireUnused();
    }
    try (Engine engine = Engine.open();
        OpenTable opened = OpenTable.open(engine, access, name)) {
      if (json) {
        object(opened.table());
      } else {
        lines(opened.table());
      }
    }
    return Main.OK;
  }

  private static String format(Table table) {
    return table.isLevelDb() ? "LevelDB" : "RocksDB";
  }

  private void lines(Table table) throws IOException {
    PrintStream out = standard.out();
    out.println("table\t" + name);
    out.println("bytes\t" + table.size());
    out.println("format\t" + format(table));
    if (!table.isLevelDb()) {
      out.println("version\t" + table.formatVersion());
    }
    out.println("checksum\t" + table.checksum());
    out.println("index\t" + table.indexKind());
    TableProperties properties = table.properties();
    for (String property : properties.names()) {
      out.println(property + "\t" + properties.show(property));
    }
    if (!propertiesOnly) {
      TableCheck.index(
          table,
          (offset, size, separator) ->
              out.println(
                  "block\t"
                      + offset
                      + "\t"
                      + size
                      + "\t"
                      + Keys.show(separator, 0, (int) separator.byteSize())));
    }
  }

  private void object(Table table) throws IOException {
    Json properties = new Json();
    for (String property : table.properties().names()) {
      properties.put(property, table.properties().show(property));
    }
    Json all =
        new Json()
            .put("table", name)
            .put("bytes", table.size())
            .put("format", format(table))
            .put("version", table.formatVersion())
            .put("checksum", table.checksum().name())
            .put("index", table.indexKind())
            .put("properties", properties);
    if (!propertiesOnly) {
      List<Json> blocks = new ArrayList<>();
      TableCheck.index(
          table,
          (offset, size, separator) ->
              blocks.add(
                  new Json()
                      .put("offset", offset)
                      .put("size", size)
                      .put("separator_hex", hex(separator.toArray(JAVA_BYTE)))));
      all.putObjects("blocks", blocks);
    }
    standard.say(all.toString());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
