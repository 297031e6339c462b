package io.ringwell.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/// Runs tests of the contract without JUnit: thousands of seeds make no reports, and a child
/// process needs no launcher.
final class ContractRunner {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final List<Method> TESTS =
      Arrays.stream(EngineContract.class.getMethods())
          .filter(method -> method.isAnnotationPresent(Test.class))
          .sorted(Comparator.comparing(Method::getName))
          .toList();

  /// After so many there is enough to look at.
  private static final int MOST_FAILURES = 5;

  private final List<AssertionError> failures = new ArrayList<>();
  private int passed;
  private int skipped;

  /// How many tests have passed so far.
  int passed() {
    return passed;
  }

  /// How many tests were skipped so far.
  int skipped() {
    return skipped;
  }

  /// Runs all of the contract.
  void runAll(EngineContract suite) {
    for (Method test : TESTS) {
      run(suite, test);
    }
  }

  /// Runs `count` tests that `seed` chooses.
  void runSome(EngineContract suite, long seed, int count) {
    List<Method> shuffled = new ArrayList<>(TESTS);
    Collections.shuffle(shuffled, new Random(seed));
    for (Method test : shuffled.subList(0, Math.min(count, shuffled.size()))) {
      run(suite, test);
    }
  }

  private void run(EngineContract suite, Method test) {
    try {
      Guarded.run(test.getName(), LIMIT, () -> call(suite, test));
      passed++;
    } catch (TestAbortedException e) {
      skipped++;
    } catch (RuntimeException | Error e) {
      failures.add(new AssertionError(suite + " fails " + test.getName() + ": " + e, e));
      if (failures.size() == MOST_FAILURES) {
        throwFailures();
      }
    }
  }

  /// Throws the first failure, with the others beside it, where there was one.
  void throwFailures() {
    if (!failures.isEmpty()) {
      AssertionError first = failures.removeFirst();
      failures.forEach(first::addSuppressed);
      failures.clear();
      throw first;
    }
  }

  private static void call(EngineContract suite, Method test) throws Exception {
    suite.openEngineAndDirectory();
    try {
      test.setAccessible(true);
      test.invoke(suite);
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case Error error -> throw error;
        case Exception exception -> throw exception;
        case null, default -> throw e;
      }
    } finally {
      suite.closeEnginesAndLookForLeaks();
    }
  }
}
