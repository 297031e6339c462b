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
  LS(LsCommand::new),
  RM(RmCommand::new),
  MB(MbCommand::new),
  S3_LOCAL(S3LocalCommand::new),
  DEMO(DemoCommand::new);

  private final Function<Standard, Callable<Integer>> maker;

  SubCommand(Function<Standard, Callable<Integer>> maker) {
    this.maker = maker;
  }

  String label() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  static void addTo(CommandLine line, Standard standard, String[] args) {
    for (SubCommand one : values()) {
      if (args.length > 0 && one.label().equals(args[0])) {
        line.addSubcommand(one.label(), one.maker.apply(standard));
        return;
      }
    }
    for (SubCommand one : values()) {
      line.addSubcommand(one.label(), one.maker.apply(standard));
    }
  }
}
