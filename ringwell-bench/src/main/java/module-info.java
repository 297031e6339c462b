import org.jspecify.annotations.NullMarked;

/// Benches on JMH, with peers. Compiled as a module, run from the class path: JMH starts its forks
/// with `-cp` and reaches into what it generates.
@NullMarked
@SuppressWarnings({
  "module",
  "requires-automatic"
}) // S3 is what it is called; the SDK's are automatic.
module io.ringwell.bench {
  requires io.ringwell.core;
  requires io.ringwell.kv;
  requires io.ringwell.net;
  requires io.ringwell.s3;
  requires io.ringwell.s3local;
  requires io.ringwell.search;
  requires jasyncfio;
  requires java.management;
  requires jdk.management;
  requires jdk.unsupported;
  requires jmh.core;
  requires kotlin.stdlib;
  requires okio;
  requires rocksdbjni;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.http.nio.netty;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.services.s3;
  requires software.amazon.awssdk.transfer.s3;
  requires static org.jspecify;
}
