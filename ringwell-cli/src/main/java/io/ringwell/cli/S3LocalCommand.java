package io.ringwell.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringwell s3-local`: an S3 server on this machine, for a first try.
@Command(
    name = "s3-local",
    sortOptions = false,
    description = {
      "Serve S3 on this machine alone, from memory or a directory, until Ctrl-C, and",
      "print the lines that let other commands find it. It checks signatures. It is",
      "there to try things out, and no store for data of worth."
    })
final class S3LocalCommand implements Callable<Integer> {
  private static final String ACCESS_KEY = "ringwell";

  private final Standard standard;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Where it listens; one that is free without it.")
  private int port;

  @Option(
      names = "--secret",
      paramLabel = "KEY",
      description = "The secret key; a new one each time without it.")
  private @Nullable String secret;

  @Option(
      names = "--run",
      paramLabel = "COMMAND",
      description = {
        "Run this by sh, for which the server is found, and end with its exit",
        "code, instead of waiting for Ctrl-C."
      })
  private @Nullable String command;

  @Option(names = "--json", description = "Print one JSON object on one line instead.")
  private boolean json;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "Where buckets are directories and objects files; memory without it.")
  private @Nullable Path directory;

  S3LocalCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    String key = secret != null ? secret : HexFormat.of().formatHex(random());
    if (json && command != null) {
      throw new UsageException("--json tells of a server that stays; --run tells the command");
    }
    S3LocalRun run = new S3LocalRun(standard, directory, port, ACCESS_KEY, key);
    return command != null ? run.around(command) : run.serve(json);
  }

  private static byte[] random() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
