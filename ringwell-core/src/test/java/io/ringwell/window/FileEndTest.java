package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;

class FileEndTest {
  @Test
  void withoutAGridNothingIsPadded() {
    FileEnd end = new FileEnd(1, 0);
    end.check(17, 5, 1000);
    end.submitted(17, 5);
    end.completed(17, 5);
    assertThat(end.wide(5)).isEqualTo(5);
    assertThat(end.isPadded()).isFalse();
  }

  @Test
  void lastBlockIsPaddedAndCut() {
    FileEnd end = new FileEnd(512, 0);
    assertThat(end.wide(100)).isEqualTo(512);
    end.submitted(512, 100);
    assertThat(end.isPadded()).isTrue();
    end.completed(512, 100);
    assertThat(end.target(1024)).isEqualTo(612);
    end.settled();
    assertThat(end.isPadded()).isFalse();
    assertThat(end.claimedEnd()).isEqualTo(612);
  }

  @Test
  void fileThatIsLongerThanThisWriterMadeItIsLeftAlone() {
    FileEnd end = new FileEnd(512, 0);
    end.submitted(0, 100);
    end.completed(0, 100);
    assertThat(end.target(513)).isEqualTo(-1);
    assertThat(end.target(100)).isEqualTo(-1);
    assertThat(end.target(50)).isEqualTo(-1);
    assertThat(end.target(512)).isEqualTo(100);
  }

  @Test
  void aLaterBlockMakesThePaddingContent() {
    FileEnd end = new FileEnd(512, 0);
    end.submitted(0, 100);
    end.submitted(512, 512);
    end.completed(512, 512);
    end.completed(0, 100);
    assertThat(end.isPadded()).isFalse();
    assertThat(end.target(1024)).isEqualTo(-1);
  }

  @Test
  void failedBlockCountsWhatWasWritten() {
    FileEnd end = new FileEnd(512, 50);
    end.submitted(512, 700);
    end.completed(512, 0);
    assertThat(end.target(1536)).isEqualTo(50);
    end.completed(512, 512);
    assertThat(end.target(1536)).isEqualTo(1024);
  }

  @Test
  void endInsideTheFileLiesOnTheGrid() {
    FileEnd end = new FileEnd(512, 1000);
    assertThatIllegalArgumentException().isThrownBy(() -> end.check(100, 512, 1000));
    assertThatIllegalArgumentException().isThrownBy(() -> end.check(512, 400, 1000));
    assertThatNoException().isThrownBy(() -> end.check(512, 488, 1000));
    assertThatNoException().isThrownBy(() -> end.check(512, 512, 5000));
  }
}
