package io.ringwell.s3;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.s3.rig.Fault;
import io.ringwell.s3.rig.FaultProxy;
import io.ringwell.s3.rig.LocalS3;
import io.ringwell.sink.Source;
import io.ringwell.sink.Sources;
import io.ringwell.window.ManagedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import software.amazon.awssdk.core.async.AsyncRequestBody;

/// What tests of reading share: a server, a proxy before it, a store that talks to the proxy, and
/// one that does not.
final class ReadRig implements AutoCloseable {
  static final String BUCKET = "bucket";

  final LocalS3 server = LocalS3.start();
  final FaultProxy proxy;
  final S3Store store;
  final S3Store direct;

  ReadRig(boolean tls) throws IOException {
    proxy =
        tls
            ? FaultProxy.https(server, request -> Fault.NONE)
            : FaultProxy.http(server, request -> Fault.NONE);
    store = open(proxy.endpoint(), Duration.ofMinutes(1));
    direct = open(server.http(), Duration.ofMinutes(1));
    direct.createBucket(BUCKET);
  }

  S3Options options(URI endpoint) {
    return S3Options.defaults()
        .withEndpoint(endpoint)
        .withRegion("us-east-1")
        .withKeys(server.accessKey(), server.secretKey())
        .withCaFile(server.authority());
  }

  S3Store open(URI endpoint, Duration patience) throws IOException {
    return open(options(endpoint).withPatience(patience));
  }

  /// That does not wait long before it tries again.
  static S3Store open(S3Options options) throws IOException {
    return S3Store.open(options, Map.of(), Duration.ofMillis(1));
  }

  /// With a CRC32 of it all.
  S3Location put(String key, byte[] content) {
    CRC32 sum = new CRC32();
    sum.update(content);
    byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt((int) sum.getValue()).array();
    direct
        .client()
        .putObject(
            r -> r.bucket(BUCKET).key(key).checksumCRC32(Base64.getEncoder().encodeToString(value)),
            AsyncRequestBody.fromBytes(content))
        .join();
    return new S3Location(BUCKET, key);
  }

  static byte[] random(long seed, int bytes) {
    byte[] content = new byte[bytes];
    new SplittableRandom(seed).nextBytes(content);
    return content;
  }

  /// All that a reader shows, in order. Closes it.
  static byte[] drain(ManagedReader reader) throws IOException {
    byte[] all = new byte[0];
    try (Source source = Sources.windows(reader, 0)) {
      for (Bytes next = source.next(); next != null; next = source.next()) {
        int at = all.length;
        all = Arrays.copyOf(all, at + (int) next.size());
        MemorySegment.copy(next.segment(), ValueLayout.JAVA_BYTE, 0, all, at, (int) next.size());
        next.close();
      }
    }
    return all;
  }

  /// Closes it.
  static byte[] bytes(BytesChain chain) {
    byte[] all = new byte[(int) chain.size()];
    chain.copyTo(MemorySegment.ofArray(all), 0);
    chain.close();
    return all;
  }

  @Override
  public void close() {
    store.close();
    direct.close();
    proxy.close();
    server.close();
  }
}
