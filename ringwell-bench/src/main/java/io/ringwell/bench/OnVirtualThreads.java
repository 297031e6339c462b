package io.ringwell.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Another peer, read by [PeerName#DEPTH] virtual threads with one blocking read at a time each.
/// They are started anew for every call, which costs about a microsecond each.
final class OnVirtualThreads implements Peer {
  private final Peer peer;

  OnVirtualThreads(Peer peer) {
    this.peer = peer;
  }

  @Override
  public Reader reader(long seed) throws IOException {
    return new Loop(seed);
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }

  private final class Loop implements Reader {
    private final List<Reader> readers = new ArrayList<>();

    Loop(long seed) throws IOException {
      for (int i = 0; i < PeerName.DEPTH; i++) {
        readers.add(peer.reader(seed * PeerName.DEPTH + i));
      }
    }

    @Override
    public void read(int count) throws InterruptedException {
      AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
      List<Thread> threads = new ArrayList<>(PeerName.DEPTH);
      for (int i = 0; i < PeerName.DEPTH; i++) {
        Reader reader = readers.get(i);
        int share =
            (int) ((long) count * (i + 1) / PeerName.DEPTH - (long) count * i / PeerName.DEPTH);
        threads.add(
            Thread.startVirtualThread(() -> {
              try {
                reader.read(share);
              } catch (IOException | InterruptedException | RuntimeException e) {
                failure.compareAndSet(null, e);
              }
            }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      Throwable failed = failure.get();
      if (failed != null) {
        throw new IllegalStateException(failed);
      }
    }

    @Override
    public void close() {
      readers.forEach(Reader::close);
    }
  }
}
