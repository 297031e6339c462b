package io.ringwell.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/// Puts the open engines' statistics into Flight Recorder, once there is a recording: touching an
/// event class before costs a tenth of a second.
final class EngineEvents {
  private static final Set<Engine> OPEN = ConcurrentHashMap.newKeySet();

  static {
    FlightRecorder.addListener(
        new FlightRecorderListener() {
          @Override
          public void recorderInitialized(FlightRecorder recorder) {
            FlightRecorder.addPeriodicEvent(EngineStatisticsEvent.class, EngineEvents::commitAll);
          }
        });
  }

  private EngineEvents() {}

  static void opened(Engine engine) {
    OPEN.add(engine);
  }

  static void closed(Engine engine) {
    OPEN.remove(engine);
  }

  private static void commitAll() {
    OPEN.forEach(EngineStatisticsEvent::commit);
  }
}
