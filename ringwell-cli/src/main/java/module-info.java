import org.jspecify.annotations.NullMarked;

/// The `ringwell` command.
@NullMarked
module io.ringwell.cli {
  requires info.picocli;
  requires io.ringwell.core;
  requires io.ringwell.search;
  requires java.management;
  requires jdk.management;
  requires me.tongfei.progressbar;
  requires static org.jspecify;

  provides System.LoggerFinder with
      io.ringwell.cli.CommandLog;

  opens io.ringwell.cli to
      info.picocli;
}
