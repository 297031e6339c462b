package io.ringwell.pipe;

import org.jspecify.annotations.Nullable;

/// The segments that the reader has passed, to be linked anew by the writer, whose this is.
final class PassedSegments {
  private final PipeCore core;
  private Segment oldest;

  /// Up to this one the reader is known to have passed them.
  private Segment seen;

  /// Taken, and not linked after all.
  private @Nullable Segment kept;

  PassedSegments(PipeCore core) {
    this.core = core;
    this.oldest = core.first();
    this.seen = oldest;
  }

  /// One that is not linked; a new one where none was passed.
  Segment take() {
    Segment segment = kept;
    if (segment != null) {
      kept = null;
      return segment;
    }
    if (oldest == seen) {
      seen = core.first();
    }
    segment = oldest;
    if (segment == seen || segment.next == null) {
      return new Segment();
    }
    oldest = segment.next;
    return segment;
  }

  /// Keeps one at hand that was taken: what was to be done with it failed.
  void keep(Segment segment) {
    kept = segment;
  }

  void reset() {
    oldest = core.first();
    seen = oldest;
    kept = null;
  }
}
