package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FileRangesTest {
  private final Object identity = new FileIdentity(1, 2);
  private final FileRanges ranges = FileRanges.open(identity);

  @AfterEach
  void close() {
    ranges.close();
  }

  private static FileRange window() {
    return new FileRange("window", null);
  }

  private static FileRange claim() {
    return new FileRange("claim", null);
  }

  private boolean read(FileRange range, long from, long length) {
    return ranges.tryEnterRead(range, from, length, Overlap.WAIT);
  }

  private boolean write(FileRange range, long from, long length) {
    return ranges.tryEnterWrite(range, from, length, Overlap.WAIT);
  }

  @Test
  void windowsOverlapWindows() {
    FileRange one = window();
    FileRange two = window();
    assertThat(read(one, 0, 100)).isTrue();
    assertThat(read(two, 50, 100)).isTrue();
    ranges.exit(one);
    ranges.exit(two);
  }

  @Test
  void claimsOverlapNothing() {
    FileRange window = window();
    FileRange claim = claim();
    FileRange other = claim();
    assertThat(read(window, 0, 100)).isTrue();
    assertThat(write(claim, 99, 1)).isFalse();
    assertThat(write(claim, 100, 100)).isTrue();
    assertThat(write(other, 199, 1)).isFalse();
    assertThat(write(other, 200, 1)).isTrue();
    assertThat(read(window(), 150, 1)).isFalse();
    ranges.exit(window);
    ranges.exit(claim);
    ranges.exit(other);
    assertThat(write(claim, 0, Long.MAX_VALUE)).isTrue();
    assertThat(read(window, Long.MAX_VALUE - 1, 1)).isFalse();
    ranges.exit(claim);
  }

  @Test
  void refusalNamesBoth() {
    FileRange claim = claim();
    assertThat(write(claim, 10, 20)).isTrue();
    assertThatIllegalStateException()
        .isThrownBy(() -> ranges.tryEnterRead(window(), 0, 11, Overlap.REFUSE))
        .withMessageContaining("window [0, 11)")
        .withMessageContaining("claim [10, 30)");
    assertThatIllegalStateException()
        .isThrownBy(() -> ranges.enterRead(window(), 0, 11, Overlap.REFUSE));
    ranges.exit(claim);
  }

  @Test
  void rangesAreNotEmptyAndNotEnteredTwice() {
    FileRange claim = claim();
    assertThatIllegalArgumentException().isThrownBy(() -> write(claim, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> write(claim, -1, 1));
    assertThat(write(claim, 0, 1)).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> write(claim, 5, 1));
    ranges.exit(claim);
  }

  @Test
  void filesAreKeptApartAndForgotten() {
    int before = FileRanges.openFiles();
    FileRanges same = FileRanges.open(new FileIdentity(1, 2));
    FileRanges other = FileRanges.open(new FileIdentity(1, 3));
    assertThat(same).isSameAs(ranges);
    assertThat(FileRanges.openFiles()).isEqualTo(before + 1);
    FileRange claim = claim();
    assertThat(write(claim, 0, 10)).isTrue();
    FileRange elsewhere = claim();
    assertThat(other.tryEnterWrite(elsewhere, 0, 10, Overlap.REFUSE)).isTrue();
    other.exit(elsewhere);
    ranges.exit(claim);
    other.close();
    same.close();
    assertThat(FileRanges.openFiles()).isEqualTo(before);
  }

  /// Gives its range up when asked, and has the next one there at once, as busy readers do.
  private final class Busy implements FileRange.Owner {
    private FileRange range = new FileRange("read", this);
    private final boolean sameAgain;
    private int left;

    Busy(int times, boolean sameAgain) {
      this.left = times;
      this.sameAgain = sameAgain;
    }

    @Override
    public void requireOpen() {}

    @Override
    public void progress() {
      ranges.exit(range);
      if (--left > 0) {
        range = sameAgain ? range : new FileRange("read", this);
        assertThat(read(range, 0, 10)).isTrue();
      }
    }

    @Override
    public void awaitExit(FileRange its, int use) {
      throw new AssertionError("nobody waits here");
    }
  }

  @Test
  void claimIsNotRefusedForReadsThatGiveWayOneAfterTheOther() {
    for (boolean sameAgain : new boolean[] {false, true}) {
      Busy busy = new Busy(20, sameAgain);
      assertThat(read(busy.range, 0, 10)).isTrue();
      FileRange claim = claim();
      assertThat(ranges.tryEnterWrite(claim, 5, 1, Overlap.REFUSE)).isTrue();
      assertThat(busy.left).isZero();
      ranges.exit(claim);
    }
  }

  @Test
  void ownerThatCanDoNothingIsAskedOnce() {
    int[] asked = {0};
    FileRange stays =
        new FileRange(
            "claim",
            new FileRange.Owner() {
              @Override
              public void requireOpen() {}

              @Override
              public void progress() {
                asked[0]++;
              }

              @Override
              public void awaitExit(FileRange its, int use) {
                throw new AssertionError("nobody waits here");
              }
            });
    assertThat(write(stays, 0, 10)).isTrue();
    assertThatIllegalStateException()
        .isThrownBy(() -> ranges.tryEnterWrite(claim(), 5, 1, Overlap.REFUSE));
    assertThat(asked[0]).isEqualTo(1);
    ranges.exit(stays);
  }

  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(thread.isAlive()).isTrue();
      Thread.onSpinWait();
    }
  }

  @Test
  void readerWaitsUntilTheClaimIsLeft() throws Exception {
    FileRange claim = claim();
    assertThat(write(claim, 0, 10)).isTrue();
    FileRange window = window();
    FutureTask<Boolean> task =
        new FutureTask<>(() -> {
          ranges.enterRead(window, 5, 10, Overlap.WAIT);
          return true;
        });
    awaitParked(Thread.ofVirtual().start(task));
    ranges.shrink(claim, 5);
    assertThat(task.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(write(claim(), 12, 1)).isFalse();
    ranges.exit(window);
    ranges.exit(claim);
  }

  @Test
  void claimWaitsUntilWindowsAreLeftOrItIsInterrupted() throws Exception {
    FileRange window = window();
    assertThat(read(window, 0, 10)).isTrue();
    FileRange claim = claim();
    FutureTask<Boolean> task =
        new FutureTask<>(() -> {
          ranges.enterWrite(claim, 9, 1, Overlap.WAIT);
          return true;
        });
    Thread thread = Thread.ofVirtual().start(task);
    awaitParked(thread);
    thread.interrupt();
    assertThatThrownBy(task::get).hasCauseInstanceOf(InterruptedIOException.class);
    assertThat(claim.isEntered()).isFalse();
    ranges.exit(window);
    assertThat(write(claim, 9, 1)).isTrue();
    ranges.exit(claim);
  }

  /// What is entered against a plain list; a seed brings a run back.
  @Test
  void randomRangesMeetAsTheyShould() {
    long seed = Long.getLong("ringwell.seed", 1);
    SplittableRandom random = new SplittableRandom(seed);
    List<FileRange> entered = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      if (!entered.isEmpty() && random.nextInt(3) == 0) {
        ranges.exit(entered.remove(random.nextInt(entered.size())));
        continue;
      }
      boolean writing = random.nextBoolean();
      long from = random.nextLong(200);
      long length = random.nextLong(1, 20);
      boolean free =
          entered.stream()
              .noneMatch(other ->
                  (writing || other.writing) && from < other.to && other.from < from + length);
      FileRange range = writing ? claim() : window();
      boolean got = writing ? write(range, from, length) : read(range, from, length);
      assertThat(got).as("seed %d, step %d", seed, i).isEqualTo(free);
      if (got) {
        entered.add(range);
      }
    }
    entered.forEach(ranges::exit);
  }
}
