package io.ringwell.s3;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;

/// Ranges over connections of one's own: the SDK signs, and the kernel writes to where the bytes
/// belong.
///
/// **Copies.** Over http none in user memory, save what came in one piece with an answer's head, at
/// most 1 KiB a request; over https two, by TLS. All are counted.
///
/// A bucket in another region than the store was opened for is left to the SDK's client, which
/// follows there.
final class SocketRanges implements RangeTransport, AutoCloseable {
  private final Sockets sockets;
  private final RangeTransport otherwise;
  private final Set<String> elsewhere = ConcurrentHashMap.newKeySet();

  /// @param tls null where the store is spoken to without
  /// @param patience how long a store may be silent
  /// @param otherwise for buckets that are elsewhere
  SocketRanges(
      S3Settings settings, @Nullable Tls tls, Duration patience, RangeTransport otherwise) {
    this.sockets = new Sockets(settings, tls, patience);
    this.otherwise = otherwise;
  }

  @Override
  public Call fetch(Ask what, Receiver into) {
    if (elsewhere.contains(what.location().bucket())) {
      return otherwise.fetch(what, into);
    }
    SocketCall call = new SocketCall(this, sockets, what, into);
    try {
      sockets.execute(call);
    } catch (RejectedExecutionException e) {
      throw SdkClientException.create("the store was closed", e);
    }
    return call;
  }

  Call fetchElsewhere(Ask what, Receiver into) {
    elsewhere.add(what.location().bucket());
    return otherwise.fetch(what, into);
  }

  /// Ends all connections. Calls under way fail.
  @Override
  public void close() {
    sockets.close();
  }
}
