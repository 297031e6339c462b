package io.ringwell.search;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Decides on one line by going through the states of its pattern byte by byte: slow, and the only
/// one that knows the ends of words that are not ASCII. Takes time in proportion to the line and to
/// the pattern. One thread's.
final class LineWalk {
  private final Nfa nfa;
  private final Closure closure;
  private final int[] stepped;

  LineWalk(Nfa nfa) {
    this.nfa = nfa;
    this.closure = new Closure(nfa);
    this.stepped = new int[nfa.size()];
  }

  /// Whether the line from `from` to `to`, without its line feed, matches.
  boolean matches(MemorySegment in, long from, long to) {
    int count = 0;
    for (long at = from; at <= to; at++) {
      int here = Utf8.decode(in, at, to);
      boolean before = NamedSets.isWord(Utf8.decodeBefore(in, from, at));
      closure.at(at == from, at == to, before != NamedSets.isWord(here));
      for (int i = 0; i < count; i++) {
        closure.add(stepped[i]);
      }
      if (at == to || !Utf8.continues(in.get(ValueLayout.JAVA_BYTE, at))) {
        closure.add(nfa.start());
      }
      if (closure.matched()) {
        return true;
      }
      count = at == to ? 0 : closure.step(in.get(ValueLayout.JAVA_BYTE, at) & 0xff, stepped);
    }
    return false;
  }
}
