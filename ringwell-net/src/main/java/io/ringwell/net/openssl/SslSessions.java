package io.ringwell.net.openssl;

import static io.ringwell.sys.NativeLibrary.call;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Sessions that clients may resume: some for each peer, each handed out once (RFC 8446, C.4: who
/// looks on could tell that a ticket comes twice). The reference to each is this one's.
final class SslSessions {
  private static final int MOST_PEERS = 1000;
  private static final int MOST_OF_A_PEER = 8;

  private final Map<String, ArrayDeque<Long>> all = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /// The newest for that peer, whose reference is the caller's from now on; 0 where there is none.
  synchronized long take(String peer) {
    ArrayDeque<Long> some = all.get(peer);
    Long newest = some == null ? null : some.pollLast();
    return newest == null ? 0 : newest;
  }

  /// Takes over the caller's reference.
  synchronized void give(String peer, long session) {
    if (closed) {
      free(session);
      return;
    }
    ArrayDeque<Long> some = all.computeIfAbsent(peer, key -> new ArrayDeque<>());
    some.addLast(session);
    if (some.size() > MOST_OF_A_PEER) {
      free(some.removeFirst());
    }
    if (all.size() > MOST_PEERS) {
      Iterator<ArrayDeque<Long>> eldest = all.values().iterator();
      eldest.next().forEach(SslSessions::free);
      eldest.remove();
    }
  }

  synchronized void close() {
    closed = true;
    all.values().forEach(some -> some.forEach(SslSessions::free));
    all.clear();
  }

  private static void free(long session) {
    call(LibSsl.SSL_SESSION_FREE, session);
  }
}
