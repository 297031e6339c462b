package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringwell.uring.Ring;
import io.ringwell.uring.RingOptions;
import io.ringwell.uring.RingUnavailableException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BenchCommandTest {
  private static final long SIZE = 4 << 20;

  @TempDir Path dir;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = dir.resolve("data");
  }

  private Run bench(String mode, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "bench",
                mode,
                "--file",
                file,
                "--size",
                "4m",
                "--seconds",
                "0.05",
                "--warmup",
                "0.02"));
    args.addAll(Arrays.asList(more));
    return Run.of(args.toArray());
  }

  private static void assumeRing(BenchPlan.Api api) {
    if (api != BenchPlan.Api.RING) {
      return;
    }
    try {
      Ring.open(RingOptions.of(2)).close();
    } catch (RingUnavailableException e) {
      assumeTrue(false, e.getMessage());
    }
  }

  static Stream<Arguments> everything() {
    return Stream.of(BenchPlan.Api.values())
        .flatMap(api -> Stream.of(BenchMode.values()).map(mode -> Arguments.of(api, mode)));
  }

  private Map<String, Object> measure(BenchPlan.Api api, BenchMode mode, double seconds) {
    List<Object> words = new ArrayList<>(List.of("--api", api.label(), "--seconds", seconds));
    words.addAll(List.of("--jobs", 2, "--depth", 4, "--batch", 3, "--verify", "--json"));
    return bench(mode.label(), words.toArray()).succeeds().json();
  }

  @ParameterizedTest
  @MethodSource("everything")
  void everyApiAndModeWorksAndTellsItsFigures(BenchPlan.Api api, BenchMode mode) {
    assumeRing(api);
    Map<String, Object> result = measure(api, mode, 0.05);
    if (JsonReader.number(result, "ops") == 0) {
      // A busy machine may let no job begin in so short a time.
      result = measure(api, mode, 5);
    }
    assertThat(result)
        .containsEntry("api", api.label())
        .containsEntry("mode", mode.label())
        .containsEntry("block", 4096L)
        .containsEntry("depth", api == BenchPlan.Api.VTHREAD ? 1L : 4L)
        .containsEntry("jobs", 2L)
        .containsEntry("direct", false)
        .containsKeys(
            "engine", "seconds", "cpu_us_per_op", "syscalls_per_op", "alloc_bytes_per_op");
    long operations = (long) JsonReader.number(result, "ops");
    assertThat(operations).isPositive();
    assertThat(JsonReader.number(result, "iops"))
        .isCloseTo(operations / JsonReader.number(result, "seconds"), withinPercentage(2));
    assertThat(result.get("verified_ops")).isEqualTo(mode.writes ? 0L : operations);
    assertThat(JsonReader.inner(result, "lat_us"))
        .containsOnlyKeys("mean", "p50", "p99", "p999", "max");
    // What was written can be read back and compared.
    bench("seqread", "--verify").succeeds();
  }

  @Test
  void fileIsMadeAndEveryBlockReadIsCompared() throws IOException {
    Run run = bench("randread", "--verify").succeeds();
    assertThat(run.out()).contains("blocks read hold what belongs at their offset");
    assertThat(Files.size(file)).isEqualTo(SIZE);
  }

  @ParameterizedTest
  @EnumSource(BenchPlan.Api.class)
  void directWorksWithVerify(BenchPlan.Api api) {
    assumeRing(api);
    Run run = bench("randread", "--verify", "--direct", "--api", api.label(), "--json");
    assumeTrue(!run.err().contains("does not take direct I/O"), run.err());
    assertThat(run.succeeds().json()).containsEntry("direct", true);
  }

  @ParameterizedTest
  @EnumSource(BenchPlan.Api.class)
  void oneWrongByteIsFound(BenchPlan.Api api) throws IOException {
    assumeRing(api);
    bench("seqread").succeeds();
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.seek(1_234_567);
      out.write(out.read() ^ 1);
    }
    bench("seqread", "--verify", "--api", api.label(), "--seconds", "2")
        .fails(file, "wrong contents at offset 12345");
  }

  @Test
  void filesOfOthersAreLeftAlone() throws IOException {
    byte[] precious = new byte[(int) SIZE];
    Arrays.fill(precious, (byte) 'x');
    Files.write(file, precious);
    bench("randwrite").fails(file, "was not made by this command", "--force");
    bench("randread", "--verify").fails(file, "--verify", "--force");
    bench("randread", "--size", "8m").fails(file, "has " + SIZE + " bytes", "--size");
    assertThat(Files.readAllBytes(file)).isEqualTo(precious);
    // Reading does no harm.
    bench("randread").succeeds();
    assertThat(Files.readAllBytes(file)).isEqualTo(precious);
    bench("randwrite", "--force").succeeds();
    bench("seqread", "--verify").succeeds();
  }

  @Test
  void ownFileIsMadeLonger() throws IOException {
    bench("seqread").succeeds();
    bench("seqread", "--size", "6m", "--verify").succeeds();
    assertThat(Files.size(file)).isEqualTo(6 << 20);
  }

  @Test
  void enginesAndHandOffAreWhatWasAskedFor() {
    Map<String, Object> threads =
        bench("randread", "--engine", "threads", "--handoff", "always", "--json").succeeds().json();
    assertThat(threads).containsEntry("engine", "threads").containsEntry("handoff", "always");
    Map<String, Object> ticks =
        bench("randread", "--api", "vthread", "--jobs", 8, "--ticks", "--json").succeeds().json();
    assertThat(ticks).containsKey("ticks_percent");
  }

  /// The file was just made, so that it is cached: a read on the caller's thread is one call each,
  /// and a batch shares one.
  @Test
  void handOffIsAvoidedWhereItMayBe() {
    Map<String, Object> auto = bench("randread", "--handoff", "auto", "--json").succeeds().json();
    assumeTrue(JsonReader.text(auto, "engine").equals("io_uring"), "no io_uring");
    assertThat(JsonReader.number(auto, "syscalls_per_op")).isBetween(0.95, 1.05);
    Map<String, Object> always =
        bench("randread", "--handoff", "always", "--json").succeeds().json();
    assertThat(JsonReader.number(always, "syscalls_per_op")).isLessThan(0.9);
  }

  @Test
  void senselessPlansAreRefused() {
    bench("randread", "--block", "12").fails("--block", "multiple of 8");
    bench("randread", "--block", "0").fails("--block");
    bench("randread", "--size", "1k").fails("--size");
    bench("randread", "--depth", "0").fails("--depth", "from 1");
    bench("randread", "--jobs", "0").fails("--jobs");
    bench("randread", "--seconds", "0").fails("--seconds");
    bench("randread", "--api", "ring", "--engine", "threads").fails("--api ring");
    bench("randread", "--direct", "--block", "24").fails(file, "EINVAL");
    Run.of("bench", "randread", "--file", dir).fails(dir, "is a directory");
    Run.of("bench", "randread", "--file", "/dev/null").fails("not a regular file");
    Run.of("bench", "randread", "--file", dir.resolve("no/f"))
        .fails(dir.resolve("no/f"), "no such");
  }
}
