package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private final Failures failures = new Failures();

  private static Failures.Failure failure(String name) {
    return new Failures.Failure(new IOException(name));
  }

  @Test
  void eachIsToldOnce() {
    Failures.Failure known = failure("known");
    failures.add(known);
    failures.add(failure("first"));
    failures.add(failure("second"));
    assertThat(known.tell()).hasMessage("known");
    assertThat(failures.tell())
        .hasMessage("first")
        .satisfies(e ->
            assertThat(e.getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("second"));
    assertThat(failures.tell()).isNull();
    failures.add(failure("later"));
    assertThat(failures.tell()).hasMessage("later").hasNoSuppressedExceptions();
  }

  @Test
  void oneErrorOfSeveralOperationsIsToldOnce() {
    IOException one = new IOException("the device is gone");
    Failures.Failure first = new Failures.Failure(one);
    first.add(one);
    failures.add(first);
    failures.add(new Failures.Failure(one));
    assertThat(failures.tell()).isSameAs(one).hasNoSuppressedExceptions();
    assertThat(failures.tell()).isNull();
  }

  @Test
  void thousandsTakeNoMoreRoomThanAFew() {
    for (int i = 0; i < 10_000; i++) {
      failures.add(failure("" + i));
    }
    IOException told = Objects.requireNonNull(failures.tell());
    assertThat(told).hasMessage("0");
    assertThat(told.getSuppressed().length).isLessThan(40);
  }
}
