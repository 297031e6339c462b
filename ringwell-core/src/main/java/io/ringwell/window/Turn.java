package io.ringwell.window;

import java.io.InterruptedIOException;

/// A seek waits until a claim has gone: on a virtual thread, whose news arrives as a read does, so
/// that polling, parking and sets wait for it as for any other.
final class Turn {
  /// What arrives: a slot that never has a window.
  final Slot token;

  private final long from;
  private final long length;
  private final Thread waiter;

  Turn(Seeker seeker, FileReads reads, Arrivals arrivals, long from, long length) {
    this.from = from;
    this.length = length;
    this.token = new Slot(seeker);
    token.turn = this;
    FileRead place = new FileRead(reads);
    this.waiter =
        Thread.ofVirtual()
            .name("ringwell-turn")
            .unstarted(() -> {
              try {
                reads.await(place, from, length);
              } catch (InterruptedIOException givenUp) {
                token.failure = givenUp;
              } finally {
                arrivals.deliver(token);
              }
            });
  }

  void start(Arrivals arrivals) {
    arrivals.expectForeign();
    waiter.start();
  }

  boolean isFor(long otherFrom, long otherLength) {
    return from == otherFrom && length == otherLength;
  }

  /// Nobody waits for it any more. It still arrives, soon.
  void giveUp() {
    waiter.interrupt();
  }
}
