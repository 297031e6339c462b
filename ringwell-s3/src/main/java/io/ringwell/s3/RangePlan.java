package io.ringwell.s3;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How many ranges are fetched in few requests. Pure arithmetic.
///
/// Wanted ranges that overlap or touch are one; what is longer than a request's bound is cut; what
/// lies near each other shares a request, whose bound counts the gaps.
///
/// @param requests in order
record RangePlan(List<Request> requests) {
  /// Bytes that are wanted and stay together, from `from` to `to`.
  record Piece(long from, long to) {
    long length() {
      return to - from;
    }
  }

  /// @param pieces in order; what lies between them is thrown away
  record Request(List<Piece> pieces) {
    long from() {
      return pieces.getFirst().from;
    }

    long to() {
      return pieces.getLast().to;
    }
  }

  /// @param ranges in any order, none empty, none beyond the end of the object
  static RangePlan of(List<S3Range> ranges, long rangeBytes, long gapBytes) {
    List<Request> requests = new ArrayList<>();
    List<Piece> together = new ArrayList<>();
    for (Piece wanted : union(ranges)) {
      for (long from = wanted.from; from < wanted.to; from += rangeBytes) {
        Piece piece = new Piece(from, Math.min(wanted.to, from + rangeBytes));
        if (!together.isEmpty()
            && (piece.from - together.getLast().to > gapBytes
                || piece.to - together.getFirst().from > rangeBytes)) {
          requests.add(new Request(List.copyOf(together)));
          together.clear();
        }
        together.add(piece);
      }
    }
    if (!together.isEmpty()) {
      requests.add(new Request(List.copyOf(together)));
    }
    return new RangePlan(List.copyOf(requests));
  }

  /// In order, and apart.
  private static List<Piece> union(List<S3Range> ranges) {
    List<S3Range> sorted =
        ranges.stream().sorted(Comparator.comparingLong(S3Range::position)).toList();
    List<Piece> union = new ArrayList<>();
    for (S3Range each : sorted) {
      Piece last = union.isEmpty() ? null : union.getLast();
      if (last != null && each.position() <= last.to) {
        union.set(union.size() - 1, new Piece(last.from, Math.max(last.to, each.end())));
      } else {
        union.add(new Piece(each.position(), each.end()));
      }
    }
    return union;
  }

  /// All pieces in order.
  List<Piece> pieces() {
    return requests.stream().flatMap(request -> request.pieces.stream()).toList();
  }
}
