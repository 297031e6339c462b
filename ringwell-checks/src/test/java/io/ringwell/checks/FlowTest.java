package io.ringwell.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/// Sources, sinks and pipes keep the rules of Reactive Streams: its own test kit says so, which
/// runs on TestNG.
final class FlowTest {
  @Test
  void sourceIsAPublisher() {
    run(SourceVerification.class, 20);
  }

  @Test
  void sinkIsASubscriber() {
    run(SinkVerification.class, 11);
  }

  @Test
  void sourceIsASubscriber() {
    run(PublisherSourceVerification.class, 11);
  }

  @Test
  void pipeIsAPublisher() {
    run(PipePublisherVerification.class, 20);
  }

  @Test
  void pipeIsASubscriber() {
    run(PipeSubscriberVerification.class, 11);
    run(PipeBufferVerification.class, 11);
  }

  private static void run(Class<?> verification, int least) {
    TestListenerAdapter results = new TestListenerAdapter();
    TestNG runner = new TestNG(false);
    runner.setVerbose(0);
    runner.setTestClasses(new Class<?>[] {verification});
    runner.addListener((org.testng.ITestNGListener) results);
    runner.run();
    List<String> failed = new ArrayList<>();
    for (ITestResult each : results.getFailedTests()) {
      failed.add(each.getName() + ": " + each.getThrowable());
    }
    for (ITestResult each : results.getConfigurationFailures()) {
      failed.add(each.getName() + ": " + each.getThrowable());
    }
    assertThat(failed).isEmpty();
    // Those that are skipped are for what one need not do, and for what nobody can check.
    assertThat(results.getPassedTests()).hasSizeGreaterThanOrEqualTo(least);
  }
}
