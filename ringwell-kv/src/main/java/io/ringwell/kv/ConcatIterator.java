package io.ringwell.kv;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The entries of its children, one child after the other, in the order given.
///
/// Entries are handed through where the child has them. Empty children are passed by. Nothing is
/// sorted, nothing compared, nothing left out.
///
/// Children belong to the concatenation: it rewinds them, alone moves them, and closes them. Those
/// of [#lazy] are opened when they are reached, and the next one in the direction of travel before
/// that; a child is closed when another is stood in, so that at most three are open. The step to
/// another child first finds an entry there, and leaves the one before only then.
///
/// **Seeks** suppose that the keys of each child are behind those of the children before it. Then
/// they find what they should. If not, a step after `seek(k)` finds the first child, or going
/// backwards the last, that has an entry on that side of `k`, and goes on from there.
public final class ConcatIterator extends KvIterator {
  /// Where the last move went: how a child is stood in that is tried next.
  private enum Place {
    START,
    END,
    KEY,
    BEHIND_KEY
  }

  private final ConcatChildren children;

  /// What it stands in; null after a move, until a step has found an entry, and at both ends.
  private @Nullable KvIterator child;

  private int index;

  /// Where to look for the next entry while [#child] is null, or has no more.
  private Place place = Place.START;

  /// The child that is tried, -1 while none is; it has been stood at its [#place] if it is open.
  private int trying = -1;

  private @Nullable KvIterator tried;

  private ConcatIterator(ConcatChildren children) {
    this.children = children;
  }

  /// Of children that are there.
  ///
  /// @throws IllegalArgumentException if a child is given twice
  public static ConcatIterator of(List<? extends KvIterator> children) {
    return new ConcatIterator(new GivenChildren(children));
  }

  /// Of children that are there.
  ///
  /// @throws IllegalArgumentException if a child is given twice
  public static ConcatIterator of(KvIterator... children) {
    return of(List.of(children));
  }

  /// Of children that are opened as they are reached. None is opened by this call.
  public static ConcatIterator lazy(List<? extends KvOpener> openers) {
    return new ConcatIterator(new LazyChildren(openers));
  }

  @Override
  public int poll() throws IOException {
    begin(FORWARD);
    try {
      KvIterator at = child;
      if (at != null && trying < 0) {
        int result = Ladder.poll(at);
        if (result == ENTRY) {
          standOn(at.entry);
          return ENTRY;
        }
        if (result == PENDING) {
          return suspend(FORWARD);
        }
      }
      return search(FORWARD);
    } catch (Throwable e) {
      lost(e);
      throw e;
    }
  }

  @Override
  public int pollPrevious() throws IOException {
    begin(BACKWARD);
    try {
      KvIterator at = child;
      if (at != null && trying < 0) {
        int result = Ladder.pollPrevious(at);
        if (result == ENTRY) {
          standOn(at.entry);
          return ENTRY;
        }
        if (result == PENDING) {
          return suspend(BACKWARD);
        }
      }
      return search(BACKWARD);
    } catch (Throwable e) {
      lost(e);
      throw e;
    }
  }

  /// The first child in this direction that has an entry.
  private int search(int direction) throws IOException {
    entry = null;
    Place edge = direction == FORWARD ? Place.END : Place.START;
    if (trying < 0) {
      if (child == null && place == edge) {
        return END;
      }
      trying = first(direction);
    }
    int step = direction == FORWARD ? 1 : -1;
    for (; trying >= 0 && trying < children.count(); trying += step, tried = null) {
      if (tried == null) {
        if (passBy(direction)) {
          continue;
        }
        tried = children.get(trying);
        if (tried == null) {
          return suspend(direction);
        }
        stand(tried);
      }
      int result = Ladder.poll(tried, direction);
      if (result == PENDING) {
        return suspend(direction);
      }
      if (result == ENTRY) {
        return arrive(tried, step);
      }
    }
    trying = -1;
    child = null;
    place = edge;
    return END;
  }

  private int first(int direction) {
    if (child == null) {
      return direction == FORWARD ? 0 : children.count() - 1;
    }
    place = direction == FORWARD ? Place.START : Place.END;
    return direction == FORWARD ? index + 1 : index - 1;
  }

  private int arrive(KvIterator found, int step) {
    child = found;
    index = trying;
    trying = -1;
    tried = null;
    standOn(found.entry);
    children.settle(index, index + step);
    return ENTRY;
  }

  /// Whether the child tried cannot have what was sought, by its bounds.
  private boolean passBy(int direction) {
    if (place != Place.KEY && place != Place.BEHIND_KEY) {
      return false;
    }
    KvBounds bounds = children.bounds(trying);
    MemorySegment key = sought.segment();
    return direction == FORWARD
        ? bounds.isBehind(key, 0, sought.length())
        : bounds.isBefore(key, 0, sought.length());
  }

  private void stand(KvIterator at) {
    switch (place) {
      case START -> at.rewind();
      case END -> at.seekToEnd();
      case KEY -> at.seek(sought.segment(), 0, sought.length());
      case BEHIND_KEY -> at.seekForPrevious(sought.segment(), 0, sought.length());
    }
  }

  private void lost(Throwable cause) {
    move(place);
    failed(cause);
  }

  private void move(Place to) {
    place = to;
    child = null;
    trying = -1;
    tried = null;
  }

  @Override
  void toStart() {
    move(Place.START);
  }

  @Override
  void toEnd() {
    move(Place.END);
  }

  @Override
  void toKey(MemorySegment key, int length) {
    move(Place.KEY);
  }

  @Override
  void behindKey(MemorySegment key, int length) {
    move(Place.BEHIND_KEY);
  }

  @Override
  CompletionStage<Void> readiness() {
    KvIterator at = waited();
    if (at != null) {
      return at.ready();
    }
    return trying < 0 ? CompletableFuture.completedStage(null) : children.opening(trying);
  }

  @Override
  void park() throws IOException {
    KvIterator at = waited();
    if (at != null) {
      at.await();
    } else {
      super.park();
    }
  }

  private @Nullable KvIterator waited() {
    return trying < 0 ? child : tried;
  }

  @Override
  void release() {
    children.close();
  }
}
