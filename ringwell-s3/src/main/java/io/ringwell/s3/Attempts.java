package io.ringwell.s3;

import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/// Counts how often a request was sent, where its caller wants to know.
final class Attempts implements ExecutionInterceptor {
  static final ExecutionAttribute<AtomicInteger> COUNT = new ExecutionAttribute<>("ringwell.count");

  @Override
  public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes request) {
    AtomicInteger count = request.getAttribute(COUNT);
    if (count != null) {
      count.incrementAndGet();
    }
  }
}
