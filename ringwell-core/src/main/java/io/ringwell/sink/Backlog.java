package io.ringwell.sink;

import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// What a sink has taken and not yet begun to write. Used with the sink's lock held.
final class Backlog {
  /// What one writev(2) takes is 1024.
  private static final int MOST_FRAGMENTS = 1024;

  private final ArrayDeque<Bytes> pieces = new ArrayDeque<>();
  private long size;

  void add(Bytes bytes) {
    size += bytes.size();
    pieces.add(bytes);
  }

  long size() {
    return size;
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /// The first pieces, up to `most` bytes; the last of them is cut where it would be more.
  BytesChain take(long most, boolean exact) {
    List<Bytes> taken = new ArrayList<>();
    long bytes = 0;
    while (bytes < most && !pieces.isEmpty() && (exact || taken.size() < MOST_FRAGMENTS)) {
      Bytes piece = pieces.remove();
      long room = most - bytes;
      if (piece.size() > room) {
        try (piece) {
          taken.add(piece.slice(0, room));
          pieces.addFirst(piece.slice(room, piece.size() - room));
        }
        bytes = most;
      } else {
        taken.add(piece);
        bytes += piece.size();
      }
    }
    size -= bytes;
    return BytesChain.of(taken);
  }

  /// Closes all of it.
  ///
  /// @return how many bytes it were
  long drop() {
    long dropped = size;
    for (Bytes piece : pieces) {
      piece.close();
    }
    pieces.clear();
    size = 0;
    return dropped;
  }
}
