package io.ringwell.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The command for a small JVM of its own, on the class path, from copies of the classes that every
/// user may read.
public final class SecureChild {
  private SecureChild() {}

  /// What `main` says, as nobody, who has no capability, with a limit of locked memory.
  public static String runAsNobody(Path dir, int memlock, Class<?> main, String... args)
      throws Exception {
    boolean root = System.getProperty("user.name").equals("root");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "no prlimit(1)");
    assumeTrue(!root || Files.isExecutable(Path.of("/usr/bin/setpriv")), "no setpriv(1)");
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/usr/bin/prlimit", "--memlock=" + memlock + ":" + memlock));
    if (root) {
      command.addAll(
          List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    command.addAll(command(dir, main));
    command.addAll(List.of(args));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    child.getOutputStream().close();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(said).isZero();
    return said;
  }

  static List<String> command(Path copies, Class<?> main) throws Exception {
    Path classes =
        Path.of(BufferPool.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<Path> places = new LinkedHashSet<>();
    places.add(classes);
    places.add(classes.resolveSibling("test-classes"));
    places.add(placeOf(main));
    List<Path> path = new ArrayList<>();
    for (Path place : places) {
      Path copy = copies.resolve(place.getFileName());
      if (!Files.exists(copy)) {
        copy(place, copy);
      }
      path.add(copy);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx24m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-XX:-UsePerfData", "-XX:ReservedCodeCacheSize=8m"));
    command.addAll(List.of("-XX:CompressedClassSpaceSize=16m", "-Xshare:auto"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(path.stream().map(Path::toString).collect(Collectors.joining(":")));
    command.add(main.getName());
    return command;
  }

  private static Path placeOf(Class<?> one) throws URISyntaxException {
    return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void copy(Path from, Path to) throws IOException {
    if (!Files.exists(from)) {
      return;
    }
    try (Stream<Path> files = Files.walk(from)) {
      files.forEach(file -> {
        try {
          Files.copy(file, to.resolve(from.relativize(file).toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
  }
}
