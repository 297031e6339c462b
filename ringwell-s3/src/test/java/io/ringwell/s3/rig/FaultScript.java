package io.ringwell.s3.rig;

/// Says what happens to each request. Asked from many threads at once.
@FunctionalInterface
public interface FaultScript {
  Fault on(S3Request request);
}
