package io.ringwell.search;

import io.ringwell.engine.EngineInfo;
import io.ringwell.window.AccessHint;
import io.ringwell.window.Environment;
import io.ringwell.window.Plan;
import io.ringwell.window.Planner;
import io.ringwell.window.Route;
import io.ringwell.window.SourceFacts;

/// Has the [Planner] choose how a file is read. Maps are not permitted to it. What of the file is
/// in the page cache is not asked: the planner takes it for cached, and the first block that is not
/// has [PlainSource] read ahead from there on.
///
/// @param route PREAD or RING
/// @param why in the planner's words
record AutoRoute(SearchRoute route, String why) {
  private static final long WINDOW_BYTES = AheadBlocks.BLOCK_BYTES;

  /// The choice for a file of `size` bytes.
  ///
  /// @param kind of the engine that there is, or would be
  static AutoRoute of(EngineInfo.Kind kind, long size) {
    Environment environment =
        new Environment(
            Runtime.getRuntime().availableProcessors(),
            -1,
            kind,
            kind != EngineInfo.Kind.CHANNELS,
            false,
            false,
            WINDOW_BYTES,
            4 * WINDOW_BYTES);
    Plan plan = Planner.choose(SourceFacts.file(size), AccessHint.ONCE, environment);
    return new AutoRoute(
        plan.route() == Route.PREAD_NOWAIT ? SearchRoute.PREAD : SearchRoute.RING, plan.why());
  }
}
