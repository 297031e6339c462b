package io.ringwell.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Blocks that were given back, on lock-free stacks: for each size class several, so that threads
/// seldom meet at one. A thread pushes to its own stack of a class and pops from there first, from
/// the others if it is empty.
///
/// A stack's head is one word: the number of its top block + 1 in the low half (0 if it is empty),
/// a tag in the high half that every change moves on. The tag makes a compare-and-set fail if the
/// top block was popped and pushed again in between, when the block below it may have changed.
/// Nothing is allocated. Safe from any thread; pushing and popping never wait.
final class FreeStacks {
  private static final VarHandle HEAD = MethodHandles.arrayElementVarHandle(long[].class);

  /// Words between two heads: two cache lines of 64 bytes, which processors fetch in pairs.
  private static final int STRIDE = 16;

  /// More stacks than this cost more to search than they spare.
  private static final int MAX_STRIPES = 16;

  private static final long NUMBER = 0xFFFF_FFFFL;
  private static final long ONE_TAG = 1L << 32;

  /// 2^64 / golden ratio: spreads thread numbers that follow each other.
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private final int stripeBits;
  private final long[] heads;

  /// By block number. Grown under the pool's lock, always before a block with a new number is
  /// pushed; whoever sees that number in a head therefore sees the grown table.
  private volatile Block[] table = new Block[0];

  FreeStacks(int classes) {
    this(classes, 2 * Runtime.getRuntime().availableProcessors());
  }

  /// With `stripes` stacks a class, rounded up to a power of two, 16 at most.
  FreeStacks(int classes, int stripes) {
    int most = Math.clamp(stripes, 1, MAX_STRIPES);
    stripeBits = Integer.SIZE - Integer.numberOfLeadingZeros(most - 1);
    heads = new long[((classes << stripeBits) + 1) * STRIDE];
  }

  /// Sets the table that block numbers refer to.
  void table(Block[] blocks) {
    table = blocks;
  }

  void push(int sizeClass, Block block) {
    int slot = slot(sizeClass, ownStripe());
    while (true) {
      long head = (long) HEAD.getVolatile(heads, slot);
      block.below = (int) head;
      long next = ((head & ~NUMBER) + ONE_TAG) | (block.index + 1);
      if (HEAD.compareAndSet(heads, slot, head, next)) {
        return;
      }
    }
  }

  /// A block of the class; null if every stack of it was seen empty.
  @Nullable Block pop(int sizeClass) {
    int own = ownStripe();
    for (int i = 0; i < 1 << stripeBits; i++) {
      Block block = popFrom(slot(sizeClass, own ^ i));
      if (block != null) {
        return block;
      }
    }
    return null;
  }

  private @Nullable Block popFrom(int slot) {
    while (true) {
      long head = (long) HEAD.getVolatile(heads, slot);
      int number = (int) head;
      if (number == 0) {
        return null;
      }
      Block block = table[number - 1];
      // Another thread may own the block by now and change this; then the tag has changed too.
      long next = ((head & ~NUMBER) + ONE_TAG) | (block.below & NUMBER);
      if (HEAD.compareAndSet(heads, slot, head, next)) {
        return block;
      }
    }
  }

  private int ownStripe() {
    long spread = Thread.currentThread().threadId() * SPREAD;
    // The top bits; shifted twice, since a shift by all 64 would be none.
    return (int) (spread >>> 1 >>> (Long.SIZE - 1 - stripeBits));
  }

  private int slot(int sizeClass, int stripe) {
    return ((sizeClass << stripeBits) + stripe + 1) * STRIDE;
  }

  /// Every stack that was ever used, with its top block and how often it changed.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("FreeStacks[");
    for (int slot = STRIDE; slot < heads.length; slot += STRIDE) {
      long head = (long) HEAD.getVolatile(heads, slot);
      if (head != 0) {
        int stack = slot / STRIDE - 1;
        text.append("class ").append(stack >>> stripeBits);
        text.append(" stripe ").append(stack & ((1 << stripeBits) - 1));
        text.append(" top ").append((int) head - 1);
        text.append(" changes ").append(head >>> Integer.SIZE).append("; ");
      }
    }
    return text.append(']').toString();
  }
}
