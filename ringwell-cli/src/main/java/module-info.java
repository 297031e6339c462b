import org.jspecify.annotations.NullMarked;

/// The `ringwell` command.
///
/// What S3 needs is static: nothing else should start slower for it. Where S3 is meant, the
/// launcher runs the command on the class path, where all of it is.
@NullMarked
module io.ringwell.cli {
  requires info.picocli;
  requires io.ringwell.core;
  requires io.ringwell.kv;
  requires io.ringwell.net;
  requires io.ringwell.search;
  requires java.management;
  requires jdk.management;
  requires me.tongfei.progressbar;
  requires static io.ringwell.s3;
  requires static io.ringwell.s3local;
  requires static java.logging;
  requires static org.jspecify;

  provides System.LoggerFinder with
      io.ringwell.cli.CommandLog;

  opens io.ringwell.cli to
      info.picocli;
}
