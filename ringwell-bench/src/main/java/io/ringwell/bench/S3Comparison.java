package io.ringwell.bench;

import io.ringwell.s3.S3Location;
import io.ringwell.s3.S3Options;
import io.ringwell.s3.S3Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// A file of 1 GiB sent to a store on this machine and fetched from it, by Ringwell and by the AWS
/// SDK's `S3TransferManager`, taking turns, each turn in a JVM of its own; medians of five,
/// `-Drounds=N` changes that. Arguments: any of `up down up-tls down-tls`.
///
/// The store has a folder beside `-Dringwell.bench.file=F`, F.s3, which is deleted in the end.
public final class S3Comparison {
  private static final int ROUNDS = Integer.getInteger("rounds", 5);
  private static final long FILE_BYTES = 1L << 30;
  private static final long WARM_UP_BYTES = 128 << 20;
  private static final String PASSWORD = "ringwell";
  private static final List<String> CONTENDERS = List.of("sdk", "ringwell");
  private static final String[] FIGURES = {
    "seconds", "seconds of processor time", "MiB of resident memory", "MiB allocated"
  };
  private static final double[] UNITS = {1e3, 1e3, 1 << 10, 1 << 20};

  private final Path folder;
  private final Path keyStore;
  private final Path authority;

  private S3Comparison(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    this.keyStore = folder.resolve("keys.p12");
    this.authority = folder.resolve("ca.pem");
    Files.createDirectories(folder.resolve("store"));
    keytool(
        "-genkeypair -alias server -dname CN=localhost -keyalg EC -groupname secp256r1 -validity 9"
            + " -ext san=dns:localhost,ip:127.0.0.1");
    keytool("-exportcert -rfc -alias server -file " + authority);
  }

  /// Runs it; the figures go to standard output.
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(DataFile.defaultPath() + ".s3");
    try {
      new S3Comparison(folder).run(List.of(arguments));
    } finally {
      delete(folder);
    }
  }

  private void run(List<String> rows) throws Exception {
    Path file = made("file", FILE_BYTES);
    Path small = made("small", WARM_UP_BYTES);
    Process server =
        new ProcessBuilder(
                java(
                    List.of(),
                    S3Server.class,
                    folder.resolve("store").toString(),
                    keyStore.toString(),
                    PASSWORD))
            .redirectError(folder.resolve("server.log").toFile())
            .start();
    try (BufferedReader said = server.inputReader(StandardCharsets.US_ASCII)) {
      URI plain = URI.create(said.readLine());
      URI secure = URI.create(said.readLine());
      try (S3Store store =
          S3Store.open(
              S3Options.defaults()
                  .withEndpoint(plain)
                  .withKeys(S3Server.ACCESS_KEY, S3Server.SECRET_KEY))) {
        store.createBucket(S3Transfer.BUCKET);
        for (String row : rows) {
          row(row, row.endsWith("-tls") ? secure : plain, file, small);
          if (row.startsWith("down")) {
            verify(file);
          }
        }
        store.delete(new S3Location(S3Transfer.BUCKET, "file"));
      }
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  private void row(String row, URI endpoint, Path file, Path small) throws Exception {
    String way = row.startsWith("up") ? "up" : "down";
    if (way.equals("down")) {
      turn("sdk", "up", endpoint, file, small);
    }
    Map<String, List<long[]>> results = new LinkedHashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (String who : round % 2 == 0 ? CONTENDERS : CONTENDERS.reversed()) {
        results
            .computeIfAbsent(who, key -> new ArrayList<>())
            .add(turn(who, way, endpoint, file, small));
      }
    }
    for (int figure = 0; figure < FIGURES.length; figure++) {
      for (String who : CONTENDERS) {
        print(row, who, figure, results);
      }
    }
  }

  private static void print(String row, String who, int figure, Map<String, List<long[]>> results) {
    double[] mine = sorted(results.getOrDefault(who, List.of()), figure);
    double[] theirs = sorted(results.getOrDefault(CONTENDERS.getFirst(), List.of()), figure);
    System.out.printf(
        Locale.ROOT,
        "%-8s %-9s %9.2f (%.2f-%.2f) %s, %.2f x%n",
        row,
        who,
        mine[mine.length / 2],
        mine[0],
        mine[mine.length - 1],
        FIGURES[figure],
        mine[mine.length / 2] / theirs[theirs.length / 2]);
  }

  private static double[] sorted(List<long[]> results, int figure) {
    return results.stream().mapToDouble(one -> one[figure] / UNITS[figure]).sorted().toArray();
  }

  private long[] turn(String who, String way, URI endpoint, Path file, Path small)
      throws Exception {
    List<String> options =
        who.equals("sdk")
            ? List.of(
                "-Djavax.net.ssl.trustStore=" + keyStore,
                "-Djavax.net.ssl.trustStorePassword=" + PASSWORD)
            : List.of();
    Process process =
        new ProcessBuilder(
                java(
                    options,
                    S3Transfer.class,
                    who,
                    way,
                    endpoint.toString(),
                    authority.toString(),
                    file.toString(),
                    small.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      String line = said.readLine();
      if (process.waitFor() != 0 || line == null) {
        throw new IOException(who + " " + way + " ended with " + process.exitValue());
      }
      return Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
    }
  }

  private static void verify(Path file) throws IOException {
    if (Files.mismatch(file, Path.of(file + ".back")) != -1) {
      throw new IOException("what came back differs from " + file);
    }
  }

  private Path made(String name, long bytes) throws IOException {
    DataFile data = new DataFile(folder.resolve(name), bytes);
    data.make();
    return data.path();
  }

  private static List<String> java(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx2g",
            "-cp",
            System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  private void keytool(String what) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(what.split(" ")));
    command.addAll(
        List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", keyStore.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool: " + said);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(java.util.Comparator.reverseOrder())
          .forEach(path -> {
            try {
              Files.delete(path);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
