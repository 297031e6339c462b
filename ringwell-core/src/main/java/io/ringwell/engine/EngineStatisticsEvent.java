package io.ringwell.engine;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// What [Engine#stats] says, as a periodic event of Flight Recorder: one for each open engine.
@Name("io.ringwell.EngineStatistics")
@Label("Engine Statistics")
@Description("Operations, bytes and system calls of one engine since it was opened")
@Category("Ringwell")
@Period("1 s")
@StackTrace(false)
final class EngineStatisticsEvent extends Event {
  @Label("Engine")
  String engine = "";

  @Label("Operations")
  long operations;

  @Label("Failed")
  long failed;

  @Label("Bytes")
  @DataAmount
  long bytes;

  @Label("System Calls")
  long syscalls;

  @Label("Mean Batch")
  double meanBatch;

  @Label("In Flight")
  long inFlight;

  @Label("Waiting")
  long waiting;

  @Label("Refused")
  long refused;

  @Label("Continued")
  long continued;

  @Label("Latency, Median")
  @Timespan(Timespan.NANOSECONDS)
  long latencyMedian;

  @Label("Latency, 99th Percentile")
  @Timespan(Timespan.NANOSECONDS)
  long latency99;

  static void commit(Engine engine) {
    EngineStatisticsEvent event = new EngineStatisticsEvent();
    if (!event.isEnabled()) {
      return;
    }
    EngineStats stats = engine.stats();
    event.engine = engine.info().kind().label();
    event.operations = stats.operations();
    event.failed = stats.failed();
    event.bytes = stats.bytes();
    event.syscalls = stats.syscalls();
    event.meanBatch = stats.meanBatch();
    event.inFlight = stats.inFlight();
    event.waiting = stats.waiting();
    event.refused = stats.refused();
    event.continued = stats.continued();
    event.latencyMedian = stats.latency().p50();
    event.latency99 = stats.latency().p99();
    event.commit();
  }
}
