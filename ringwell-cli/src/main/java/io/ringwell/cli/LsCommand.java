package io.ringwell.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringwell ls`: buckets, and what is in them.
@Command(
    name = "ls",
    sortOptions = false,
    description = {
      "List what begins with a location in S3, up to the next slash; all buckets",
      "where none is named. Exit code 1 where there is nothing."
    })
final class LsCommand implements Callable<Integer> {
  private final Standard standard;

  @Option(
      names = {"-r", "-R", "--recursive"},
      description = "All objects, by their whole key.")
  private boolean recursive;

  @Option(names = "--json", description = "One JSON object a line for each.")
  private boolean json;

  @Mixin private S3Access access = new S3Access();

  @Parameters(arity = "0..*", paramLabel = "s3://BUCKET/PREFIX", description = "What to list.")
  private List<String> locations = List.of();

  LsCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    return new ObjectListing(standard, recursive, json).run(access, locations);
  }
}
