package io.ringwell.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.opentest4j.TestAbortedException;

/// Runs tests of the contract without JUnit: thousands of seeds make no reports, and a child
/// process needs no launcher. Any number of threads: a test that locks the whole process runs
/// alone.
final class ContractRunner {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final List<Method> TESTS =
      Arrays.stream(EngineContract.class.getMethods())
          .filter(method -> method.isAnnotationPresent(Test.class))
          .sorted(Comparator.comparing(Method::getName))
          .toList();

  /// After so many there is enough to look at.
  private static final int MOST_FAILURES = 5;

  private final ReadWriteLock process = new ReentrantReadWriteLock(true);
  private final Queue<AssertionError> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger passed = new AtomicInteger();
  private final AtomicInteger skipped = new AtomicInteger();

  /// How many tests have passed so far.
  int passed() {
    return passed.get();
  }

  /// How many tests were skipped so far.
  int skipped() {
    return skipped.get();
  }

  /// Whether so many have failed that there is enough to look at.
  boolean hasFailed() {
    return failures.size() >= MOST_FAILURES;
  }

  /// Runs all of the contract.
  void runAll(EngineContract suite) {
    runAll(suite, TESTS);
  }

  /// Runs `count` tests that `seed` chooses.
  void runSome(EngineContract suite, long seed, int count) {
    List<Method> shuffled = new ArrayList<>(TESTS);
    Collections.shuffle(shuffled, new Random(seed));
    runAll(suite, shuffled.subList(0, Math.min(count, shuffled.size())));
  }

  private void runAll(EngineContract suite, List<Method> tests) {
    for (Method test : tests) {
      if (hasFailed()) {
        return;
      }
      boolean alone = test.isAnnotationPresent(ResourceLock.class);
      Lock lock = alone ? process.writeLock() : process.readLock();
      lock.lock();
      try {
        run(suite, test);
      } finally {
        lock.unlock();
      }
    }
  }

  private void run(EngineContract suite, Method test) {
    try {
      Guarded.run(test.getName(), LIMIT, () -> call(suite, test));
      passed.incrementAndGet();
    } catch (TestAbortedException e) {
      skipped.incrementAndGet();
    } catch (RuntimeException | Error e) {
      failures.add(new AssertionError(suite + " fails " + test.getName() + ": " + e, e));
    }
  }

  /// Throws the first failure, with the others beside it, where there was one.
  void throwFailures() {
    AssertionError first = failures.poll();
    if (first != null) {
      failures.forEach(first::addSuppressed);
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
