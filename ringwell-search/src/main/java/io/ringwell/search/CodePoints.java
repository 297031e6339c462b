package io.ringwell.search;

import java.util.BitSet;
import java.util.function.IntPredicate;

/// A set of code points, immutable: a [BitSet] behind it, and RE2/J's syntax before it.
final class CodePoints {
  static final CodePoints NONE = new CodePoints(new BitSet());
  private static final int ALL = Character.MAX_CODE_POINT + 1;
  private static final int ASCII = 0x80;

  private final BitSet bits;

  private CodePoints(BitSet bits) {
    this.bits = bits;
  }

  static CodePoints of(int one) {
    return range(one, one);
  }

  static CodePoints range(int low, int high) {
    BitSet bits = new BitSet();
    bits.set(low, high + 1);
    return new CodePoints(bits);
  }

  /// Every code point that `test` takes. Asks all of them: some milliseconds.
  static CodePoints all(IntPredicate test) {
    BitSet bits = new BitSet();
    for (int c = 0; c < ALL; c++) {
      if (test.test(c)) {
        bits.set(c);
      }
    }
    return new CodePoints(bits);
  }

  /// Those of this set that `test` takes.
  CodePoints where(IntPredicate test) {
    BitSet some = new BitSet();
    for (int c = bits.nextSetBit(0); c >= 0; c = bits.nextSetBit(c + 1)) {
      some.set(c, test.test(c));
    }
    return new CodePoints(some);
  }

  private BitSet copy() {
    return (BitSet) bits.clone();
  }

  CodePoints or(CodePoints other) {
    BitSet all = copy();
    all.or(other.bits);
    return new CodePoints(all);
  }

  CodePoints and(CodePoints other) {
    BitSet both = copy();
    both.and(other.bits);
    return new CodePoints(both);
  }

  CodePoints minus(CodePoints other) {
    BitSet rest = copy();
    rest.andNot(other.bits);
    return new CodePoints(rest);
  }

  CodePoints xor(CodePoints other) {
    BitSet one = copy();
    one.xor(other.bits);
    return new CodePoints(one);
  }

  CodePoints not() {
    BitSet rest = copy();
    rest.flip(0, ALL);
    return new CodePoints(rest);
  }

  /// With all that differ from one of it by case alone.
  ///
  /// @param ascii whether only ASCII's letters have case
  CodePoints folded(boolean ascii) {
    BitSet all = copy();
    for (int c = bits.nextSetBit(0); c >= 0; c = bits.nextSetBit(c + 1)) {
      if (!ascii) {
        CaseFolding.addSame(c, all);
      } else if (c < ASCII && Character.isLetter(c)) {
        all.set(c ^ Needle.CASE_BIT);
      }
    }
    return new CodePoints(all);
  }

  /// Without what no line has: the line feed, and surrogates, which are no characters.
  CodePoints inLine() {
    BitSet rest = copy();
    rest.clear('\n');
    rest.clear(Character.MIN_SURROGATE, Character.MAX_SURROGATE + 1);
    return new CodePoints(rest);
  }

  int size() {
    return bits.cardinality();
  }

  boolean contains(int c) {
    return bits.get(c);
  }

  boolean isAscii() {
    return bits.length() <= ASCII;
  }

  /// The only one, or -1 where there are none or several.
  int single() {
    return bits.cardinality() == 1 ? bits.nextSetBit(0) : -1;
  }

  /// The lower-case letter of ASCII whose two cases are all of this, or -1.
  int letter() {
    int upper = bits.nextSetBit(0);
    int lower = upper + Needle.CASE_BIT;
    boolean both = upper >= 'A' && upper <= 'Z' && bits.cardinality() == 2 && bits.get(lower);
    return both ? lower : -1;
  }

  /// As RE2/J has it: a character or a set.
  @Override
  public String toString() {
    int single = single();
    if (single >= 0) {
      return text(single);
    }
    if (bits.isEmpty()) {
      return "[^\\x{0}-\\x{10ffff}]";
    }
    StringBuilder text = new StringBuilder("[");
    for (int low = bits.nextSetBit(0); low >= 0; ) {
      int next = bits.nextClearBit(low);
      text.append(text(low));
      if (next - low > 1) {
        text.append('-').append(text(next - 1));
      }
      low = bits.nextSetBit(next);
    }
    return text.append(']').toString();
  }

  private static String text(int c) {
    return c < ASCII && Character.isLetterOrDigit(c)
        ? Character.toString(c)
        : "\\x{" + Integer.toHexString(c) + "}";
  }
}
