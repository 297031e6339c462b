package io.ringwell.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The command for a small JVM of its own, on the class path, from copies of the classes that every
/// user may read.
final class SecureChild {
  private SecureChild() {}

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
