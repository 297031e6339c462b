package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RangePlanTest {
  private static List<String> requests(long rangeBytes, long gapBytes, long... fromLength) {
    List<S3Range> ranges = new ArrayList<>();
    for (int i = 0; i < fromLength.length; i += 2) {
      ranges.add(new S3Range(fromLength[i], fromLength[i + 1]));
    }
    return RangePlan.of(ranges, rangeBytes, gapBytes).requests().stream()
        .map(request -> request.from() + "-" + request.to() + "/" + request.pieces().size())
        .toList();
  }

  @Test
  void whatTouchesIsOne() {
    assertThat(requests(100, 10, 20, 5, 0, 20, 3, 4)).containsExactly("0-25/1");
  }

  @Test
  void gapsUpToTheBoundShareARequest() {
    assertThat(requests(100, 10, 0, 5, 15, 5)).containsExactly("0-20/2");
    assertThat(requests(100, 10, 0, 5, 16, 5)).containsExactly("0-5/1", "16-21/1");
  }

  @Test
  void noRequestIsLongerThanTheBound() {
    assertThat(requests(100, 10, 0, 250)).containsExactly("0-100/1", "100-200/1", "200-250/1");
    assertThat(requests(100, 10, 0, 95, 100, 5, 105, 1)).containsExactly("0-95/1", "100-106/1");
  }

  @Test
  void everyWantedByteIsInOnePieceAndNoOther() {
    long seed = Long.getLong("ringwell.seed", 1);
    System.out.println("RangePlanTest: -Dringwell.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 1000; round++) {
      BitSet wanted = new BitSet();
      List<S3Range> ranges = new ArrayList<>();
      int count = random.nextInt(1, 12);
      for (int i = 0; i < count; i++) {
        int from = random.nextInt(1000);
        int length = random.nextInt(1, 200);
        wanted.set(from, from + length);
        ranges.add(new S3Range(from, length));
      }
      int bound = random.nextInt(1, 300);
      int gap = random.nextInt(0, bound + 1);
      BitSet planned = new BitSet();
      long before = -1;
      for (RangePlan.Request request : RangePlan.of(ranges, bound, gap).requests()) {
        assertThat(request.to() - request.from()).isPositive().isLessThanOrEqualTo(bound);
        for (RangePlan.Piece piece : request.pieces()) {
          assertThat(piece.from()).isGreaterThanOrEqualTo(before);
          before = piece.to();
          planned.set((int) piece.from(), (int) piece.to());
        }
      }
      assertThat(planned).isEqualTo(wanted);
    }
  }
}
