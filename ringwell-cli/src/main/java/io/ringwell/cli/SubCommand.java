package io.ringwell.cli;

import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;

/// The sub-commands. Only the one that was called is built, since picocli reads each by reflection;
/// all of them are where the call names none.
enum SubCommand {
  DOCTOR(DoctorCommand::new),
  BENCH(BenchCommand::new),
  CP(CpCommand::new),
  CAT(CatCommand::new),
  SEARCH(SearchCommand::new),
  KV(standard -> new KvCommand()) {
    @Override
    void addBelow(CommandLine line, Standard standard) {
      KvCommand.addTo(line, standard);
    }
  },
  LS(LsCommand::new),
  RM(RmCommand::new),
  MB(MbCommand::new),
  S3_LOCAL(S3LocalCommand::new),
  TUNNEL(TunnelCommand::new),
  DEMO(DemoCommand::new);

  private final Function<Standard, Callable<Integer>> maker;

  SubCommand(Function<Standard, Callable<Integer>> maker) {
    this.maker = maker;
  }

  String label() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /// The commands below this one, where it has any.
  void addBelow(CommandLine line, Standard standard) {}

  static void addTo(CommandLine line, Standard standard, String[] args) {
    for (SubCommand one : values()) {
      if (args.length > 0 && one.label().equals(args[0])) {
        one.add(line, standard);
        return;
      }
    }
    for (SubCommand one : values()) {
      one.add(line, standard);
    }
  }

  private void add(CommandLine line, Standard standard) {
    CommandLine own = new CommandLine(maker.apply(standard));
    addBelow(own, standard);
    line.addSubcommand(label(), own);
  }
}
