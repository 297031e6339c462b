package io.ringwell.kv;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The step backwards of a [MergeIterator].
///
/// Going backwards a child shows the oldest version of a key first. So each child that stands on
/// the highest key steps on until it has left the key, and then one step forwards, onto its newest;
/// of those the newest wins. They stay there until the next step, which takes them from the key.
/// All other children stand before the key. Each move may be pending, and is then made again.
///
/// | stage | what is next | then |
/// |---|---|---|
/// | LEAVE | children on the key of the last step go back, off it | PICK |
/// | PICK | a child that stands on the highest key is chosen; none is left: the step is done | PASS or LEAVE |
/// | PASS | it goes back until it has left the key | RETURN |
/// | RETURN | it goes forwards once, onto its newest version | PICK |
final class BackwardMerge {
  private enum Stage {
    LEAVE,
    PICK,
    PASS,
    RETURN
  }

  private final KvIterator[] children;
  private final LoserTree tree;
  private final KeyBuffer key;

  /// Who stands on the key, the newest version each; their heads are not in the tree.
  private final int[] onKey;

  private int onKeyCount;
  private Stage stage = Stage.PICK;
  private int chosen;
  private int newest = -1;

  BackwardMerge(KvIterator[] children, KeyBuffer key) {
    this.children = children;
    tree = new LoserTree(children.length);
    this.key = key;
    onKey = new int[children.length];
  }

  /// Where a child stands, before where the merge does; null if that is nowhere.
  void set(int child, @Nullable Entry head) {
    tree.set(child, head);
  }

  /// All children were set.
  void build() {
    tree.build();
    onKeyCount = 0;
    stage = Stage.PICK;
  }

  /// Whom a pending step waits for.
  int waitedFor() {
    return stage == Stage.LEAVE ? onKey[onKeyCount - 1] : chosen;
  }

  /// The entry that a step found.
  @Nullable Entry newest() {
    return newest < 0 ? null : children[newest].entry;
  }

  int step() throws IOException {
    while (true) {
      switch (stage) {
        case LEAVE -> {
          if (!leave()) {
            return KvIterator.PENDING;
          }
        }
        case PICK -> {
          if (!pick()) {
            return onKeyCount > 0 ? found() : KvIterator.END;
          }
        }
        case PASS -> {
          int result = Ladder.pollPrevious(children[chosen]);
          if (result == KvIterator.PENDING) {
            return result;
          }
          Entry at = children[chosen].entry;
          if (at == null || !key.holds(at)) {
            stage = Stage.RETURN;
          }
        }
        case RETURN -> {
          int result = Ladder.poll(children[chosen]);
          if (result == KvIterator.PENDING) {
            return result;
          }
          if (result == KvIterator.ENTRY) {
            addChosen();
          }
          stage = Stage.PICK;
        }
      }
    }
  }

  private boolean leave() throws IOException {
    while (onKeyCount > 0) {
      int child = onKey[onKeyCount - 1];
      int result = Ladder.pollPrevious(children[child]);
      if (result == KvIterator.PENDING) {
        return false;
      }
      tree.set(child, result == KvIterator.ENTRY ? children[child].entry : null);
      onKeyCount--;
    }
    tree.build();
    stage = Stage.PICK;
    return true;
  }

  private boolean pick() {
    Entry head = tree.head();
    if (head == null || (onKeyCount > 0 && !key.holds(head))) {
      return false;
    }
    if (onKeyCount == 0) {
      key.set(head.keySegment, head.keyOffset, head.keyLength);
      newest = -1;
    }
    chosen = tree.winner();
    tree.replace(null);
    stage = Stage.PASS;
    return true;
  }

  private void addChosen() {
    onKey[onKeyCount++] = chosen;
    Entry best = newest();
    Entry at = children[chosen].entry;
    if (best == null
        || (at != null
            && (at.sequence > best.sequence
                || (at.sequence == best.sequence && chosen < newest)))) {
      newest = chosen;
    }
  }

  private int found() {
    stage = Stage.LEAVE;
    return KvIterator.ENTRY;
  }
}
