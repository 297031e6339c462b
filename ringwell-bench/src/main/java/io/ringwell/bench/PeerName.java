package io.ringwell.bench;

import java.io.IOException;

/// The peers that a bench can be run with; JMH shows and takes these names.
public enum PeerName {
  /// Ringwell's poll form through the ring, [#DEPTH] in flight.
  RINGWELL_ACTOR {
    @Override
    Peer open(DataFile data) throws IOException {
      return new RingwellActor(data);
    }
  },
  /// Ringwell's page-cache shortcut, one at a time.
  RINGWELL_TRY_NOW {
    @Override
    Peer open(DataFile data) throws IOException {
      return new RingwellTryNow(data);
    }
  },
  /// Ringwell's blocking read into a given buffer, one at a time.
  RINGWELL_FILE {
    @Override
    Peer open(DataFile data) throws IOException {
      return new RingwellFile(data, false);
    }
  },
  /// The same on [#DEPTH] virtual threads.
  RINGWELL_FILE_VIRTUAL {
    @Override
    Peer open(DataFile data) throws IOException {
      return new OnVirtualThreads(new RingwellFile(data, false));
    }
  },
  /// `FileChannel.read` into a direct buffer, one at a time.
  FILE_CHANNEL {
    @Override
    Peer open(DataFile data) throws IOException {
      return new JdkFileChannel(data, false);
    }
  },
  /// The same on [#DEPTH] virtual threads.
  FILE_CHANNEL_VIRTUAL {
    @Override
    Peer open(DataFile data) throws IOException {
      return new OnVirtualThreads(new JdkFileChannel(data, false));
    }
  },
  /// `AsynchronousFileChannel`, [#DEPTH] in flight.
  ASYNCHRONOUS_FILE_CHANNEL {
    @Override
    Peer open(DataFile data) throws IOException {
      return new JdkAsynchronousChannel(data);
    }
  },
  /// jasyncfio, [#DEPTH] in flight.
  JASYNCFIO {
    @Override
    Peer open(DataFile data) {
      return new Jasyncfio(data);
    }
  };

  /// Reads that a peer keeps in flight where it can have more than one.
  static final int DEPTH = 32;

  abstract Peer open(DataFile data) throws IOException;
}
