package io.ringwell.s3;

import io.ringwell.memory.BytesChain;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The payload over connections of one's own: the SDK signs, and the kernel, or TLS, reads from
/// where the bytes lie. A part costs a signature and a few system calls, where the SDK's client has
/// its pipeline of calls and Netty's of handlers to run, and the JVM to compile: that was half of
/// the processor time of a gibibyte over https.
///
/// **Copies.** None in user memory, save by TLS, which encrypts into memory of its own.
///
/// What fails on the way is sent again from the same memory, as [Retries] say. A bucket in another
/// region than the store was opened for is left to the SDK's client, which follows there.
final class SocketSends implements PayloadTransport, AutoCloseable {
  private final Sockets sockets;
  private final Retries retries;
  private final PayloadTransport otherwise;
  private final Set<String> elsewhere = ConcurrentHashMap.newKeySet();
  private final Set<SocketPayload> live = ConcurrentHashMap.newKeySet();
  private volatile boolean asksFirst = true;

  /// @param tls null where the store is spoken to without
  /// @param patience how long a store may be silent
  /// @param otherwise for buckets that are elsewhere
  SocketSends(
      S3Settings settings,
      @Nullable Tls tls,
      Duration patience,
      Retries retries,
      PayloadTransport otherwise) {
    this.sockets = new Sockets(settings, tls, patience);
    this.retries = retries;
    this.otherwise = otherwise;
  }

  @Override
  public Sending send(Outgoing what, BytesChain body) {
    String bucket = what.to().bucket();
    if (elsewhere.contains(bucket) || !Sockets.reach(bucket)) {
      return otherwise.send(what, body);
    }
    SocketPayload payload = new SocketPayload(this, sockets, what, body);
    live.add(payload);
    payload.send();
    return payload;
  }

  Sending sendElsewhere(Outgoing what, BytesChain body) {
    elsewhere.add(what.to().bucket());
    return otherwise.send(what, body);
  }

  void ended(SocketPayload payload) {
    live.remove(payload);
  }

  Retries retries() {
    return retries;
  }

  /// Whether the store is asked before a body is sent.
  boolean isAskedFirst() {
    return asksFirst;
  }

  /// It does not understand the question.
  void isSilentWhenAsked() {
    asksFirst = false;
  }

  /// Ends all connections. What is under way, or waits to be tried again, fails.
  @Override
  public void close() {
    sockets.close();
    // Those that waited for the clock, which has stopped.
    live.forEach(SocketPayload::storeCloses);
  }
}
