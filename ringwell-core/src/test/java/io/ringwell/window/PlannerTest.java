package io.ringwell.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.ringwell.engine.EngineInfo;
import io.ringwell.window.SourceFacts.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Plans for files that nobody has: the planner looks at nothing but its arguments.
class PlannerTest {
  private static final long GIB = 1L << 30;

  private static final Environment RING =
      new Environment(2, 8 * GIB, EngineInfo.Kind.URING, true, true, false, 4 << 20, 16 << 20);

  private static final Environment CHANNELS =
      new Environment(2, 8 * GIB, EngineInfo.Kind.CHANNELS, false, false, false, 4 << 20, 16 << 20);

  private static final Environment MAPS =
      new Environment(2, 8 * GIB, EngineInfo.Kind.URING, true, true, true, 4 << 20, 16 << 20);

  private static final Environment OLD_KERNEL =
      new Environment(2, 8 * GIB, EngineInfo.Kind.URING, true, false, false, 4 << 20, 16 << 20);

  private static SourceFacts file(long size, double cached) {
    return SourceFacts.file(size).withCachedShare(cached);
  }

  static List<Arguments> choices() {
    return List.of(
        // What is read, how, where; by which route, and a word of the reason.
        arguments(file(GIB, 1), AccessHint.SEQUENTIAL, RING, Route.PREAD_NOWAIT, "100 %"),
        arguments(file(GIB, -1), AccessHint.AUTOMATIC, RING, Route.PREAD_NOWAIT, "will tell"),
        arguments(file(GIB, 0), AccessHint.SEQUENTIAL, RING, Route.RING, "not in the page cache"),
        arguments(file(GIB, 0.5), AccessHint.BACKWARD, RING, Route.RING, "overlap"),
        arguments(file(GIB, 1), AccessHint.RANDOM, RING, Route.PREAD_NOWAIT, "100 %"),
        arguments(file(GIB, 1), AccessHint.SEQUENTIAL, CHANNELS, Route.RING, "cannot read"),
        // Large beside free memory, and once: past the cache. Once alone is no reason.
        arguments(
            file(100 * GIB, 0).withDirectAlign(512),
            AccessHint.ONCE,
            RING,
            Route.DIRECT,
            "device takes it"),
        arguments(file(100 * GIB, 0), AccessHint.ONCE, OLD_KERNEL, Route.RING, "not in the page"),
        arguments(
            file(GIB, 0).withDirectAlign(512), AccessHint.ONCE, RING, Route.RING, "not in the"),
        arguments(
            file(100 * GIB, 0).withDirectAlign(512),
            AccessHint.SEQUENTIAL,
            RING,
            Route.RING,
            "not in the page cache"),
        // Permitted maps are weighed, and cost more than the copy that they save.
        arguments(file(GIB, 1), AccessHint.SEQUENTIAL, MAPS, Route.PREAD_NOWAIT, "MAPPED "),
        // What the file system says.
        arguments(
            file(GIB, 1).withFileSystem(FileSystemKind.EXT),
            AccessHint.SEQUENTIAL,
            RING,
            Route.PREAD_NOWAIT,
            "on ext4, 100 % of it is in the page cache"),
        arguments(
            file(GIB, 0.1).withFileSystem(FileSystemKind.XFS),
            AccessHint.SEQUENTIAL,
            RING,
            Route.RING,
            "on xfs, 90 % of it not in the page cache, and reads ahead overlap"),
        arguments(
            file(GIB, -1).withFileSystem(FileSystemKind.BTRFS),
            AccessHint.SEQUENTIAL,
            RING,
            Route.PREAD_NOWAIT,
            "on btrfs, whether it is in the page cache the first reads will tell"),
        arguments(
            file(GIB, 1).withFileSystem(FileSystemKind.TMPFS),
            AccessHint.SEQUENTIAL,
            RING,
            Route.RING,
            "on tmpfs, which is in memory"),
        arguments(
            file(100 * GIB, 0).withDirectAlign(512).withFileSystem(FileSystemKind.TMPFS),
            AccessHint.ONCE,
            RING,
            Route.RING,
            "in memory"),
        arguments(
            file(GIB, 1).withFileSystem(FileSystemKind.TMPFS),
            AccessHint.SEQUENTIAL,
            MAPS,
            Route.RING,
            "on tmpfs, which is in memory"),
        arguments(
            file(GIB, 0).withFileSystem(FileSystemKind.NFS),
            AccessHint.SEQUENTIAL,
            RING,
            Route.RING,
            "what each question costs there"),
        arguments(
            file(100 * GIB, 0).withDirectAlign(4096).withFileSystem(FileSystemKind.EXT),
            AccessHint.ONCE,
            RING,
            Route.DIRECT,
            "on ext4, read once"),
        // Many small files side by side share calls.
        arguments(
            file(4096, 1).withFiles(1000), AccessHint.RANDOM, RING, Route.RING, "1000 files"));
  }

  @ParameterizedTest
  @MethodSource("choices")
  void routeFollowsFromTheFacts(
      SourceFacts facts, AccessHint hint, Environment environment, Route route, String why) {
    Plan plan = Planner.choose(facts, hint, environment);
    assertThat(plan.route()).as(plan.toString()).isEqualTo(route);
    assertThat(plan.why()).contains(why);
  }

  @Test
  void uncachedReadsAreUsedWhereDirectOnesCannotBe() {
    // The same price as by the ring: so they are made dearer by nothing, and chosen when forced.
    Plan plan = Planner.forced(Route.UNCACHED, file(100 * GIB, 0), AccessHint.ONCE, RING);
    assertThat(plan.route()).isEqualTo(Route.UNCACHED);
    assertThat(plan.why()).isEqualTo("forced");
    assertThat(plan.ahead()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void everyRouteCanBeForced(Route route) {
    Plan plan = Planner.forced(route, file(GIB, 1), AccessHint.SEQUENTIAL, RING);
    assertThat(plan.route()).isEqualTo(route);
    assertThat(plan.window()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(AccessHint.class)
  void plansStayWithinTheirBounds(AccessHint hint) {
    for (Route route : Route.values()) {
      for (long size : new long[] {0, 1, 4096, 1 << 20, 100 * GIB}) {
        for (long window : new long[] {4096, 12288, 65536, 4 << 20}) {
          Environment tight =
              new Environment(2, GIB, EngineInfo.Kind.URING, true, true, true, window, 2 * window);
          Plan plan = Planner.forced(route, file(size, 0), hint, tight);
          assertThat(plan.window()).isBetween(4096L, window);
          assertThat(plan.window() % 4096).isZero();
          assertThat(plan.ahead() * plan.window()).isLessThanOrEqualTo(window);
          assertThat(plan.behind() * plan.window()).isLessThanOrEqualTo(window);
        }
      }
    }
  }

  @Test
  void hintsSayOnWhichSideToReadAhead() {
    SourceFacts cold = file(GIB, 0);
    assertThat(Planner.choose(cold, AccessHint.SEQUENTIAL, RING).ahead()).isPositive();
    assertThat(Planner.choose(cold, AccessHint.SEQUENTIAL, RING).behind()).isZero();
    assertThat(Planner.choose(cold, AccessHint.BACKWARD, RING).ahead()).isZero();
    assertThat(Planner.choose(cold, AccessHint.BACKWARD, RING).behind()).isPositive();
    assertThat(Planner.choose(cold, AccessHint.RANDOM, RING).ahead()).isZero();
    assertThat(Planner.choose(cold, AccessHint.RANDOM, RING).behind()).isZero();
  }

  @Test
  void farAwayMoreIsReadAhead() {
    SourceFacts near = file(GIB, 0).withFileSystem(FileSystemKind.EXT);
    SourceFacts far = near.withFileSystem(FileSystemKind.NFS);
    Environment roomy =
        new Environment(2, 8 * GIB, EngineInfo.Kind.URING, true, true, false, 64 << 10, 16 << 20);
    assertThat(Planner.choose(far, AccessHint.SEQUENTIAL, roomy).ahead())
        .isGreaterThan(Planner.choose(near, AccessHint.SEQUENTIAL, roomy).ahead());
  }

  /// Between the two the planner changes its mind once.
  @Test
  void lessCachedMeansSoonerTheRing() {
    Route before = Route.PREAD_NOWAIT;
    int changes = 0;
    for (int percent = 100; percent >= 0; percent--) {
      Route route = Planner.choose(file(GIB, percent / 100.0), AccessHint.SEQUENTIAL, RING).route();
      changes += route == before ? 0 : 1;
      before = route;
    }
    assertThat(before).isEqualTo(Route.RING);
    assertThat(changes).isEqualTo(1);
  }

  @Test
  void fileSystemsAreToldByTheirNumbers() {
    assertThat(FileSystemKind.ofMagic(0xef53)).isEqualTo(FileSystemKind.EXT);
    assertThat(FileSystemKind.ofMagic(0x01021994)).isEqualTo(FileSystemKind.TMPFS);
    // Sign-extended, as f_type comes on processors where it is an int.
    assertThat(FileSystemKind.ofMagic(0xffffffff9123683eL)).isEqualTo(FileSystemKind.BTRFS);
    assertThat(FileSystemKind.ofMagic(42)).isEqualTo(FileSystemKind.OTHER);
    assertThat(FileSystemKind.ofMagic(-1)).isEqualTo(FileSystemKind.OTHER);
  }

  @Test
  void wholeFileIsOneWindowWhereItFits() {
    assertThat(Planner.choose(file(3_000_000, 1), AccessHint.WHOLE, RING).window())
        .isEqualTo(3_002_368);
    assertThat(Planner.choose(file(30_000_000, 1), AccessHint.WHOLE, RING).window())
        .isEqualTo(4 << 20);
  }

  @Test
  void memoryAndSourcesHaveTheirOwnRoutes() {
    SourceFacts memory = new SourceFacts(Kind.MEMORY, 100, -1, 0, 512, 1);
    SourceFacts source = new SourceFacts(Kind.SOURCE, -1, -1, 0, 4096, 1);
    assertThat(Planner.choose(memory, AccessHint.AUTOMATIC, RING).route()).isEqualTo(Route.MEMORY);
    Plan plan = Planner.choose(source, AccessHint.AUTOMATIC, RING);
    assertThat(plan.route()).isEqualTo(Route.SOURCE);
    assertThat(plan.ahead()).isPositive();
  }

  @Test
  void sourcesSayWhichWindowsAndHowMuchAheadSuitThem() {
    SourceFacts source = new SourceFacts(Kind.SOURCE, GIB, -1, 0, 4096, 1).withSource(2 << 20, 0);
    assertThat(Planner.choose(source, AccessHint.SEQUENTIAL, RING).window()).isEqualTo(2 << 20);
    assertThat(Planner.choose(source.withSource(64 << 20, 0), AccessHint.SEQUENTIAL, RING).window())
        .isEqualTo(RING.maxWindow());
    assertThat(Planner.choose(source, AccessHint.RANDOM, RING).window()).isEqualTo(64 << 10);
    Environment roomy = new Environment(2, -1, RING.engine(), true, true, false, 2 << 20, 1L << 30);
    int near = Planner.choose(source, AccessHint.SEQUENTIAL, roomy).ahead();
    int far =
        Planner.choose(source.withSource(2 << 20, 10_000_000), AccessHint.SEQUENTIAL, roomy)
            .ahead();
    assertThat(far).isGreaterThan(near);
  }

  @Test
  void planIsRevisedByWhatWasSeen() {
    SourceFacts facts = SourceFacts.file(GIB);
    Plan first = Planner.choose(facts, AccessHint.SEQUENTIAL, RING);
    assertThat(first.route()).isEqualTo(Route.PREAD_NOWAIT);
    Plan cold = Planner.revise(first, facts, AccessHint.SEQUENTIAL, RING, 0, 4);
    assertThat(cold.route()).isEqualTo(Route.RING);
    assertThat(cold.why()).startsWith("now, as 0 of 4 windows looked at were cached");
    assertThat(cold.ahead()).isPositive();
    Plan warm = Planner.revise(cold, facts, AccessHint.SEQUENTIAL, RING, 2, 0);
    assertThat(warm.route()).isEqualTo(Route.PREAD_NOWAIT);
    Plan same = Planner.revise(warm, facts, AccessHint.SEQUENTIAL, RING, 4, 0);
    assertThat(same.why()).startsWith("still, as 4 of 4");
  }

  @Test
  void costsDecide() {
    CostFactors c = CostFactors.FIRST;
    CostFactors dearCalls = costs(1_000_000, c.touchRate(), 1);
    assertThat(Planner.choose(file(GIB, 1), AccessHint.SEQUENTIAL, RING, dearCalls).route())
        .isEqualTo(Route.RING);
    CostFactors cheapMaps = costs(c.syscall(), 10 * c.copyRate(), c.handOff());
    Plan plan = Planner.choose(file(GIB, 1), AccessHint.SEQUENTIAL, MAPS, cheapMaps);
    assertThat(plan.route()).isEqualTo(Route.MAPPED);
    assertThat(plan.why()).contains("save the copy");
    // Only where they are permitted.
    assertThat(Planner.choose(file(GIB, 1), AccessHint.SEQUENTIAL, RING, cheapMaps).route())
        .isEqualTo(Route.PREAD_NOWAIT);
  }

  private static CostFactors costs(long syscall, long touchRate, long handOff) {
    CostFactors c = CostFactors.FIRST;
    return new CostFactors(
        syscall,
        c.copyRate(),
        touchRate,
        handOff,
        c.miss(),
        c.deviceLatency(),
        c.remoteLatency(),
        c.deviceRate(),
        c.assumedCachedShare(),
        c.batch(),
        c.cachedWindow(),
        c.coldWindow(),
        c.randomWindow(),
        c.leastAhead(),
        c.mostAhead());
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> file(1, 1.5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SourceFacts.file(-2)).isInstanceOf(IllegalArgumentException.class);
    ReaderOptions defaults = ReaderOptions.defaults();
    assertThatThrownBy(() -> defaults.withRoute(Route.MAPPED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowMapped");
    assertThatThrownBy(() -> defaults.withWindowSize(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> defaults.withWindowSize(1L << 40))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> defaults.withMaxBytes(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> defaults.withMaxWindow(100))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(defaults::lockMapped).isInstanceOf(IllegalArgumentException.class);
  }
}
