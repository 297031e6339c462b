package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.kv.Keys;
import io.ringwell.kv.KvBounds;
import io.ringwell.kv.KvIterator;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringwell kv get`: the values of keys.
@Command(
    name = "get",
    sortOptions = false,
    description = {
      "Print the entries of keys, KEY<TAB>VALUE a line, in the order in which they are asked",
      "for. The exit code is 1 where one of them is not there."
    })
final class KvGetCommand implements Callable<Integer> {
  private final Standard standard;

  @Option(names = "--values", description = "Values alone.")
  private boolean values;

  @Option(names = "--json", description = "One object a line, as scan --json.")
  private boolean json;

  @Option(names = "--hex", description = "Keys and values in hex, also those asked for.")
  private boolean hex;

  @Mixin private S3Access access = new S3Access();

  @Parameters(
      index = "0",
      arity = "1",
      paramLabel = "TABLE",
      description = "A table of RocksDB or LevelDB: a file, or s3://BUCKET/KEY.")
  private String name = "";

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY", description = "Keys.")
  private List<String> keys = List.of();

  KvGetCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    List<MemorySegment> wanted = new ArrayList<>();
    for (String key : keys) {
      wanted.add(KvText.segment("KEY", key, hex));
    }
    if (!S3Access.names(name)) {
      access.requireUnused();
    }
    EntryOutput output =
        new EntryOutput(standard.output(), EntryOutput.Form.of(json, hex), !values);
    try (Engine engine = Engine.open();
        OpenTables table = OpenTables.open(engine, access, List.of(name));
        KvIterator at = table.iterator(KvBounds.all())) {
      boolean all = true;
      for (MemorySegment key : wanted) {
        at.seek(key);
        if (at.next() && isAt(at, key)) {
          output.entry(at);
        } else {
          all = false;
        }
      }
      output.flush();
      return all ? Main.OK : Main.NO;
    } catch (OutputLostException e) {
      if (e.readerGone()) {
        return Main.NO;
      }
      throw e;
    }
  }

  private static boolean isAt(KvIterator at, MemorySegment key) {
    return Keys.equal(
        at.keySegment(), at.keyOffset(), at.keyLength(), key, 0, (int) key.byteSize());
  }
}
