import org.jspecify.annotations.NullMarked;

/// An S3 server in this process, for first tries and tests: s3proxy, over memory or a folder.
///
/// s3proxy cannot be on a module path: its jar names a service provider that it does not have. It
/// belongs on the class path, and this module there, too; or the JVM is started with `--add-reads
/// io.ringwell.s3local=ALL-UNNAMED`.
@NullMarked
module io.ringwell.s3local {
  requires static org.jspecify;

  exports io.ringwell.s3local;
}
