package io.ringwell.engine;

import java.util.List;

/// What an engine is: shown by logs and by `ringwell doctor`.
///
/// @param kind how it does I/O
/// @param why why this kind was taken
/// @param features what it uses, by name
/// @param degraded what it would use and cannot, each with the reason
public record EngineInfo(Kind kind, String why, List<String> features, List<String> degraded) {
  public EngineInfo {
    features = List.copyOf(features);
    degraded = List.copyOf(degraded);
  }

  /// How an engine does I/O.
  public enum Kind {
    /// io_uring, through `java.lang.foreign`.
    URING("io_uring"),
    /// System calls on a pool of threads.
    THREADS("threads"),
    /// `FileChannel` on a pool of threads.
    CHANNELS("channels");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /// The name that reports use.
    public String label() {
      return label;
    }
  }
}
