package io.ringwell.cli;

import io.ringwell.engine.EngineInfo;
import io.ringwell.uring.RingFeature;
import java.util.ArrayList;
import java.util.List;

/// Every feature that Ringwell can use, with whether it does and why not.
record FeatureReport(List<Row> rows, List<String> degraded) {
  /// @param why what it is for where it is used, else what stands against it
  record Row(String name, boolean used, String why, String since) {}

  static FeatureReport of(EngineInfo info) {
    List<Row> rows = new ArrayList<>();
    List<String> degraded = new ArrayList<>();
    boolean ring = info.kind() == EngineInfo.Kind.URING;
    for (RingFeature feature : RingFeature.values()) {
      boolean used = info.features().contains(feature.label());
      String why = used ? purpose(feature) : ring ? lack(info, feature) : "the engine is no ring";
      rows.add(new Row(feature.label(), used, why, since(feature)));
    }
    if (!ring) {
      degraded.add("engine " + info.kind().label() + ": " + info.why());
    }
    for (String one : info.degraded()) {
      degraded.add(one + remedy(one));
    }
    return new FeatureReport(rows, degraded);
  }

  private static String lack(EngineInfo info, RingFeature feature) {
    String prefix = feature.label() + ":";
    for (String one : info.degraded()) {
      if (one.startsWith(prefix)) {
        return one.substring(prefix.length()).strip();
      }
    }
    return "not in use";
  }

  private static String remedy(String degradation) {
    if (degradation.endsWith(": switched off")) {
      return "; take it out of -D" + RingFeature.DISABLE_PROPERTY;
    }
    for (RingFeature feature : RingFeature.values()) {
      if (degradation.startsWith(feature.label() + ": this kernel")) {
        return "; Linux " + since(feature) + " has it";
      }
    }
    return "";
  }

  private static String since(RingFeature feature) {
    return switch (feature) {
      case CQSIZE -> "5.5";
      case EXT_ARG -> "5.11";
      case DIRECT_FILES -> "5.17";
      case SUBMIT_ALL, REGISTERED_RING -> "5.18";
      case COOP_TASKRUN, TASKRUN_FLAG, FIXED_FILES, FIXED_BUFFERS, POLL_FIRST -> "5.19";
      case SINGLE_ISSUER, SEND_ZC -> "6.0";
      case DEFER_TASKRUN -> "6.1";
      case NO_SQARRAY -> "6.6";
    };
  }

  private static String purpose(RingFeature feature) {
    return switch (feature) {
      case CQSIZE -> "more completions than submissions may wait";
      case SUBMIT_ALL -> "one bad submission does not stop its batch";
      case COOP_TASKRUN -> "completions interrupt no processor";
      case TASKRUN_FLAG -> "the ring tells when completions wait";
      case SINGLE_ISSUER -> "one thread submits";
      case DEFER_TASKRUN -> "completions are worked off by the ring's thread";
      case NO_SQARRAY -> "no indirection in front of submissions";
      case REGISTERED_RING -> "no look-up of the ring at each enter";
      case EXT_ARG -> "waiting with a time limit";
      case DIRECT_FILES -> "a small file is opened, read and closed by one chain";
      case FIXED_FILES -> "no look-up of the file at each operation";
      case FIXED_BUFFERS -> "memory is mapped once, not at each operation";
      case SEND_ZC -> "large sends are not copied in the kernel";
      case POLL_FIRST -> "a receive waits for its socket before it looks at it";
    };
  }
}
