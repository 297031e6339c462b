package io.ringwell.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `ringwell kv`: keys and values, in tables and out of them.
@Command(
    name = "kv",
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    description = "Keys and values, in the tables of RocksDB and LevelDB.")
final class KvCommand implements Callable<Integer> {
  /// Gives `kv` the commands below it.
  static void addTo(CommandLine kv, Standard standard) {
    kv.addSubcommand("build", new KvBuildCommand(standard));
    kv.addSubcommand("scan", new KvScanCommand(standard));
    kv.addSubcommand("get", new KvGetCommand(standard));
    kv.addSubcommand("verify", new KvVerifyCommand(standard));
    kv.addSubcommand("dump", new KvDumpCommand(standard));
    kv.addSubcommand("demo", new KvDemo(standard));
  }

  @Override
  public Integer call() {
    throw new UsageException("kv needs a command; 'ringwell kv --help' lists them");
  }
}
