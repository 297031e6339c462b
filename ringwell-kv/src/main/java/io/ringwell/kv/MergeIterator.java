package io.ringwell.kv;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The entries of its children in one order, each key once: the newest of its versions, which is
/// the one of the highest sequence number and, of equal ones, that of the earlier child. What the
/// newest version says was removed is not shown, unless tombstones are kept.
///
/// Each child has to be in the order of [Keys], several versions of a key newest first; of children
/// that are not, the merge shows something. Entries are handed through where the child has them.
///
/// Children belong to the merge: it rewinds them, alone moves them, and closes them. Where several
/// have to read, they read at once.
///
/// **Cost.** Forwards: a step of one child, log2(n) comparisons, most of them of two numbers, and a
/// copy of the key into a buffer that is reused. Backwards: three steps of a child, for what is
/// newest stands last there, and n comparisons. A turn costs a seek of each child.
public final class MergeIterator extends KvIterator {
  /// Before the first step after a move: which way is not known.
  private static final int UNPLACED = 0;

  private final KvIterator[] children;
  private final boolean keepsTombstones;

  /// Forwards.
  private final CodedTree tree;

  /// Backwards.
  private final BackwardMerge back;

  /// The key that was met last: shown, or passed by as a tombstone.
  private final KeyBuffer last = new KeyBuffer();

  /// UNPLACED, FORWARD or BACKWARD: which way the children stand.
  private int mode = UNPLACED;

  /// Children whose first step in this mode is not done.
  private final boolean[] unprimed;

  private boolean priming;

  /// Forwards: the tree's winner was met, and is to be moved on before the next.
  private boolean met;

  /// The child that a pending step waits for.
  private int waitedFor;

  private MergeIterator(List<? extends KvIterator> children, boolean keepsTombstones) {
    this.children = Children.owned(children);
    this.keepsTombstones = keepsTombstones;
    tree = new CodedTree(this.children.length, last);
    back = new BackwardMerge(this.children, last);
    unprimed = new boolean[this.children.length];
    toStart();
  }

  /// What is there: neither tombstones nor what they hide.
  ///
  /// @throws IllegalArgumentException if a child is given twice
  public static MergeIterator of(List<? extends KvIterator> children) {
    return new MergeIterator(children, false);
  }

  /// What is there, and the tombstones of what is not: for a merge that is to hide keys of another.
  ///
  /// @throws IllegalArgumentException if a child is given twice
  public static MergeIterator keepingTombstones(List<? extends KvIterator> children) {
    return new MergeIterator(children, true);
  }

  @Override
  public int poll() throws IOException {
    begin(FORWARD);
    try {
      if ((mode != FORWARD || priming) && !place(FORWARD)) {
        return suspend(FORWARD);
      }
      return stepForward();
    } catch (Throwable e) {
      failed(e);
      throw e;
    }
  }

  @Override
  public int pollPrevious() throws IOException {
    begin(BACKWARD);
    try {
      if ((mode != BACKWARD || priming) && !place(BACKWARD)) {
        return suspend(BACKWARD);
      }
      return stepBackward();
    } catch (Throwable e) {
      failed(e);
      throw e;
    }
  }

  private int stepForward() throws IOException {
    while (true) {
      if (met) {
        KvIterator child = children[tree.winner()];
        int result = Ladder.poll(child);
        if (result == PENDING) {
          waitedFor = tree.winner();
          return suspend(FORWARD);
        }
        tree.replace(result == ENTRY ? child.entry : null);
        met = false;
      }
      Entry at = tree.head();
      if (at == null) {
        return end(FORWARD);
      }
      met = true;
      if (tree.isSame()) {
        continue;
      }
      last.set(at.keySegment, at.keyOffset, at.keyLength);
      if (shows(at)) {
        ended = 0;
        standOn(at);
        return ENTRY;
      }
    }
  }

  private int stepBackward() throws IOException {
    while (true) {
      int result = back.step();
      if (result == PENDING) {
        waitedFor = back.waitedFor();
        return suspend(BACKWARD);
      }
      Entry at = back.newest();
      if (result == END || at == null) {
        return end(BACKWARD);
      }
      if (shows(at)) {
        ended = 0;
        standOn(at);
        return ENTRY;
      }
    }
  }

  private boolean shows(Entry at) {
    return keepsTombstones || (at.kind != DELETE && at.kind != SINGLE_DELETE);
  }

  private int end(int direction) {
    entry = null;
    ended = direction;
    return END;
  }

  /// Has all children stand on their first entry in a direction. False while one has to read.
  private boolean place(int direction) throws IOException {
    if (mode != direction) {
      turn(direction);
      mode = direction;
      priming = true;
      Arrays.fill(unprimed, true);
    }
    boolean ready = true;
    for (int i = 0; i < children.length; i++) {
      if (!unprimed[i]) {
        continue;
      }
      int result = Ladder.poll(children[i], direction);
      if (result == PENDING) {
        waitedFor = i;
        ready = false;
      } else {
        unprimed[i] = false;
        set(i, direction, result == ENTRY ? children[i].entry : null);
      }
    }
    if (ready) {
      priming = false;
      met = false;
      if (direction == FORWARD) {
        tree.build();
      } else {
        back.build();
      }
    }
    return ready;
  }

  private void set(int index, int direction, @Nullable Entry head) {
    if (direction == FORWARD) {
      tree.set(index, head);
    } else {
      back.set(index, head);
    }
  }

  /// Stands the children on the other side of where the merge stands.
  private void turn(int direction) {
    if (mode == UNPLACED) {
      return;
    }
    for (KvIterator child : children) {
      if (ended == FORWARD) {
        child.seekToEnd();
      } else if (ended == BACKWARD) {
        child.rewind();
      } else if (direction == BACKWARD) {
        child.seek(last.segment(), 0, last.length());
      } else {
        child.seekForPrevious(last.segment(), 0, last.length());
      }
    }
  }

  private void unplace() {
    mode = UNPLACED;
    priming = false;
  }

  @Override
  void toStart() {
    unplace();
    for (KvIterator child : children) {
      child.rewind();
    }
  }

  @Override
  void toEnd() {
    unplace();
    for (KvIterator child : children) {
      child.seekToEnd();
    }
  }

  @Override
  void toKey(MemorySegment key, int length) {
    unplace();
    for (KvIterator child : children) {
      child.seek(key, 0, length);
    }
  }

  @Override
  void behindKey(MemorySegment key, int length) {
    unplace();
    for (KvIterator child : children) {
      child.seekForPrevious(key, 0, length);
    }
  }

  @Override
  CompletionStage<Void> readiness() {
    return children.length == 0
        ? CompletableFuture.completedStage(null)
        : children[waitedFor].ready();
  }

  @Override
  void park() throws IOException {
    if (children.length > 0) {
      children[waitedFor].await();
    }
  }

  @Override
  void release() {
    Children.close(children);
  }
}
