package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.kv.KvBounds;
import io.ringwell.kv.KvIterator;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringwell kv scan`: the entries of tables, in order.
@Command(
    name = "scan",
    sortOptions = false,
    description = {
      "Print the entries of a table, or of several as one, KEY<TAB>VALUE a line. Of a key",
      "that is there more than once the newest counts; what was deleted is not shown."
    })
final class KvScanCommand implements Callable<Integer> {
  private final Standard standard;

  @Option(names = "--from", paramLabel = "KEY", description = "Begin at this key.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "KEY", description = "End before this key.")
  private @Nullable String to;

  @Option(names = "--prefix", paramLabel = "KEY", description = "Only keys that begin so.")
  private @Nullable String prefix;

  @Option(names = "--reverse", description = "From the last to the first.")
  private boolean reverse;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many entries.")
  private long limit = Long.MAX_VALUE;

  @Option(
      names = "--json",
      description = {
        "One object a line, with key and value, or key_hex and value_hex where they are",
        "no text. Loses nothing; lines of text do where a key has a tab or a line feed."
      })
  private boolean json;

  @Option(names = "--hex", description = "Keys and values in hex, also those of the options.")
  private boolean hex;

  @Mixin private S3Access access = new S3Access();

  @Parameters(
      arity = "1..*",
      paramLabel = "TABLE",
      description = "Tables of RocksDB or LevelDB: files, or s3://BUCKET/KEY; newer ones first.")
  private List<String> names = List.of();

  KvScanCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    KvBounds bounds = bounds();
    if (limit < 0) {
      throw new UsageException("--limit is how many entries there may be, not " + limit);
    }
    if (!S3Access.anyNames(names)) {
      access.requireUnused();
    }
    EntryOutput output = new EntryOutput(standard.output(), EntryOutput.Form.of(json, hex), true);
    try (Engine engine = Engine.open();
        OpenTables tables = OpenTables.open(engine, access, names);
        KvIterator all = tables.iterator(bounds)) {
      return scan(all, output) == 0 ? Main.NO : Main.OK;
    } catch (OutputLostException e) {
      if (e.readerGone()) {
        return Main.NO;
      }
      throw e;
    }
  }

  private long scan(KvIterator all, EntryOutput output) throws IOException {
    long count = 0;
    try {
      if (reverse) {
        all.seekToEnd();
      }
      while (count < limit && (reverse ? all.previous() : all.next())) {
        output.entry(all);
        count++;
      }
    } finally {
      // What was read before an error is right, and shown.
      output.flush();
    }
    return count;
  }

  private KvBounds bounds() {
    if (prefix != null) {
      if (from != null || to != null) {
        throw new UsageException(
            "--prefix says where to begin and end; leave --from and --to away");
      }
      return KvBounds.prefix(KvText.segment("--prefix", prefix, hex));
    }
    if (from == null) {
      return to == null ? KvBounds.all() : KvBounds.until(KvText.segment("--to", to, hex));
    }
    return to == null
        ? KvBounds.from(KvText.segment("--from", from, hex))
        : KvBounds.between(KvText.segment("--from", from, hex), KvText.segment("--to", to, hex));
  }
}
