package io.ringwell.cli;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The `ringwell` command.
///
/// Exit codes are grep's: 0 done, 1 nothing found or the reader went away, 2 an error. An error is
/// one line on standard error; `--debug` adds the stack trace.
@Command(
    name = "ringwell",
    description = "File I/O on io_uring: look at it, measure it, copy with it.",
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    exitCodeOnInvalidInput = Main.ERROR,
    exitCodeOnExecutionException = Main.ERROR,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:nothing found, or the reader of a pipe went away", "2:error"})
public final class Main implements Runnable {
  static final int OK = 0;
  static final int NO = 1;
  static final int ERROR = 2;

  private final Standard standard;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show this and exit.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  private boolean version;

  private boolean debug;

  @Option(
      names = "--debug",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show the stack trace of an error, and logs.")
  private void debug(boolean on) {
    debug = on;
    if (on) {
      CommandLog.turnOn();
    }
  }

  /// Switches of the library, as the JVM would take them: `-Dringwell.engine=threads`.
  @Option(
      names = "-D",
      paramLabel = "PROPERTY=VALUE",
      mapFallbackValue = "",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Set a property such as ringwell.engine=threads.")
  private void property(Map<String, String> properties) {
    properties.forEach(System::setProperty);
  }

  private Main(Standard standard) {
    this.standard = standard;
  }

  /// Runs the command and ends the JVM with its exit code.
  public static void main(String[] args) {
    Interruption interruption = Interruption.guard(Thread.currentThread());
    int code = ERROR;
    try {
      code = run(Standard.system(), args);
    } finally {
      interruption.finished();
    }
    System.exit(code);
  }

  /// Runs the command in this JVM.
  ///
  /// @return the exit code
  static int run(Standard standard, String... args) {
    int code;
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      // Answered before anything else is loaded: scripts ask this.
      standard.out().println(version());
      code = OK;
    } else {
      code = commandLine(standard, args).execute(args);
    }
    IOException lost = standard.finish();
    if (lost == null) {
      return code;
    }
    if (TextOutput.isBrokenPipe(lost)) {
      return Math.max(code, NO);
    }
    standard.fail("standard output: " + Failure.describe(lost));
    return ERROR;
  }

  private static CommandLine commandLine(Standard standard, String[] args) {
    Main main = new Main(standard);
    CommandLine line = new CommandLine(main);
    SubCommand.addTo(line, standard, args);
    line.setOut(standard.writer());
    line.setErr(standard.errorWriter());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    // Of an option that is given twice the last counts, as elsewhere, without a word about it.
    line.setOverwrittenOptionsAllowed(true);
    CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
    line.setUsageHelpAutoWidth(false);
    line.getCommandSpec().versionProvider(() -> new String[] {version()});
    line.setParameterExceptionHandler(
        (failure, failedArgs) -> main.report(Failure.usage(failure), failure));
    line.setExecutionExceptionHandler(
        (failure, failed, parsed) -> main.report(Failure.describe(failure), failure));
    return line;
  }

  private int report(String message, Exception failure) {
    standard.fail(message);
    if (debug) {
      failure.printStackTrace(standard.err());
    }
    return ERROR;
  }

  static String version() {
    ModuleDescriptor module = Main.class.getModule().getDescriptor();
    return "ringwell "
        + (module == null ? "(development)" : module.rawVersion().orElse("(development)"));
  }

  /// Without a sub-command.
  @Override
  public void run() {
    throw new UsageException("name a command; 'ringwell --help' lists them");
  }
}
