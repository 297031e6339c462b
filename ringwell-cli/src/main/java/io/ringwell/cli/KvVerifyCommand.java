package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.kv.table.Table;
import io.ringwell.kv.table.TableCheck;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringwell kv verify`: whether tables are as they were written.
@Command(
    name = "verify",
    sortOptions = false,
    description = {
      "Read tables whole and see that every checksum is right, that keys ascend, that the",
      "index leads to them, and that there are as many as the table says."
    })
final class KvVerifyCommand implements Callable<Integer> {
  private final Standard standard;

  @Option(names = "--json", description = "Print one JSON object on one line for each.")
  private boolean json;

  @Mixin private S3Access access = new S3Access();

  @Parameters(
      arity = "1..*",
      paramLabel = "TABLE",
      description = "Tables of RocksDB or LevelDB: files, or s3://BUCKET/KEY.")
  private List<String> names = List.of();

  KvVerifyCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    int code = Main.OK;
    if (!S3Access.anyNames(names)) {
      access.requireUnused();
    }
    try (Engine engine = Engine.open()) {
      for (String name : names) {
        try (OpenTable opened = OpenTable.open(engine, access, name)) {
          Table table = opened.table();
          tell(name, table, TableCheck.verify(table));
        } catch (InterruptedIOException e) {
          throw e;
        } catch (IOException e) {
          standard.fail(Failure.describe(e));
          code = Main.ERROR;
        }
      }
    }
    return code;
  }

  private void tell(String name, Table table, TableCheck.Result result) {
    if (json) {
      standard.say(
          new Json()
              .put("table", name)
              .put("bytes", table.size())
              .put("checksum", table.checksum().name())
              .put("entries", result.entries())
              .put("blocks", result.blocks())
              .put("meta_blocks", result.metaBlocks())
              .toString());
    } else {
      standard.say(
          name
              + ": "
              + result.entries()
              + " entries in "
              + result.blocks()
              + " blocks are in order, their checksums ("
              + table.checksum()
              + ") are right");
    }
  }
}
