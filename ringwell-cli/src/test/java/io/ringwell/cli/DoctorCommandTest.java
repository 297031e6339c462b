package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against what the system says of itself.
class DoctorCommandTest {
  private static final String ENGINE = "ringwell.engine";
  private static final String DISABLE = "ringwell.uring.disable";

  @TempDir Path dir;

  @AfterEach
  void reset() {
    System.clearProperty(ENGINE);
    System.clearProperty(DISABLE);
  }

  private static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private static Map<String, Object> doctor(Object... more) {
    Object[] args = new Object[more.length + 2];
    args[0] = "doctor";
    args[1] = "--json";
    System.arraycopy(more, 0, args, 2, more.length);
    return Run.of(args).succeeds().json();
  }

  @Test
  void factsAreTheSystemsOwn() throws IOException {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "not Linux");
    Map<String, Object> doctor = doctor();
    assertThat(JsonReader.text(doctor, "kernel")).contains(output("uname", "-r"));
    assertThat(doctor).containsEntry("java", Runtime.version().toString());
    String nofile = output("sh", "-c", "ulimit -Sn");
    String told = String.valueOf(JsonReader.inner(doctor, "open_files").get("soft"));
    // The JVM raises its own soft limit to the hard one.
    assertThat(told).isIn(nofile, output("sh", "-c", "ulimit -Hn"));
    String memlock = output("sh", "-c", "ulimit -Sl");
    Object soft = JsonReader.inner(doctor, "locked_memory").get("soft");
    assertThat(soft == null ? "unlimited" : Long.toString((Long) soft / 1024)).isEqualTo(memlock);
    Path sysctl = Path.of("/proc/sys/kernel/io_uring_disabled");
    if (Files.exists(sysctl)) {
      assertThat(doctor.get("io_uring_disabled"))
          .isEqualTo(Long.parseLong(Files.readString(sysctl).strip()));
    }
  }

  @Test
  void degradationIsToldWithItsReasonAndIsNoError() {
    System.setProperty(DISABLE, "defer_taskrun,fixed_buffers");
    Map<String, Object> doctor = doctor();
    assumeTrue(
        JsonReader.text(doctor, "engine").equals("io_uring"), "no io_uring: " + doctor.get("why"));
    assertThat(String.valueOf(doctor.get("degraded")))
        .contains("defer_taskrun: switched off", "-D" + DISABLE, "fixed_buffers");
    assertThat(doctor).containsEntry("memory_registered", false);
    assertThat(Run.of("doctor").succeeds().out())
        .containsPattern("no +defer_taskrun +switched off")
        .contains("not registered");
  }

  @Test
  void portableEngineIsToldWithItsReason() {
    System.setProperty(ENGINE, "channels");
    Map<String, Object> doctor = doctor();
    assertThat(doctor).containsEntry("engine", "channels").containsEntry("why", "asked for");
    assertThat((List<?>) doctor.get("degraded")).isNotEmpty();
    assertThat(String.valueOf(doctor.get("features"))).contains("the engine is no ring");
  }

  @Test
  void fileIsDescribedAsStatAndMountinfoDo() throws IOException {
    Path file = Files.write(dir.resolve("f"), new byte[1_000_000]);
    Map<String, Object> path = JsonReader.inner(doctor(file), "path");
    assertThat(path)
        .containsEntry("path", file.toRealPath().toString())
        .containsEntry("type", "file")
        .containsEntry("size", 1_000_000L);
    String allocated = output("stat", "-c", "%b", file.toString());
    assertThat(path.get("allocated")).isEqualTo(Long.parseLong(allocated) * 512);
    String mount = output("stat", "-c", "%m", file.toString());
    assertThat(path.get("mount_point")).isEqualTo(mount);
    // It was just written.
    assertThat((Long) path.getOrDefault("cached_percent_sampled", 100L)).isGreaterThan(90);
    assertThat(Run.of("doctor", file).succeeds().out())
        .contains("direct I/O", "mount", "of 128 blocks of 4 KiB sampled");
  }

  @Test
  void directoryAndEmptyFileAndLinkAreDescribed() throws IOException {
    Path empty = Files.createFile(dir.resolve("empty"));
    Path link = Files.createSymbolicLink(dir.resolve("link"), empty);
    assertThat(JsonReader.inner(doctor(dir), "path")).containsEntry("type", "directory");
    assertThat(JsonReader.inner(doctor(link), "path"))
        .containsEntry("path", empty.toRealPath().toString())
        .containsEntry("size", 0L);
    assertThat(Run.of("doctor", empty).succeeds().out()).contains("the file is empty");
    Run.of("doctor", "/dev/null").succeeds();
    Run.of("doctor", dir.resolve("no")).fails(dir.resolve("no"), "no such file");
  }
}
