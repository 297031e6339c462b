package io.ringwell.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringwell rm`: removes objects.
@Command(
    name = "rm",
    sortOptions = false,
    description = {
      "Remove objects from S3. With -r s3://bucket/dir means all below dir/, not",
      "what else begins with dir; the bucket itself stays."
    })
final class RmCommand implements Callable<Integer> {
  private final Standard standard;

  @Option(
      names = {"-r", "-R", "--recursive"},
      description = "All objects below a key, or in a bucket.")
  private boolean recursive;

  @Option(
      names = {"-v", "--verbose"},
      description = "Tell of each object.")
  private boolean verbose;

  @Mixin private S3Access access = new S3Access();

  @Parameters(arity = "1..*", paramLabel = "s3://BUCKET/KEY", description = "What to remove.")
  private List<String> locations = List.of();

  RmCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    return new ObjectChanges(standard, access).remove(locations, recursive, verbose);
  }
}
