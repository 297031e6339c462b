package io.ringwell.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `ringwell mb`: makes buckets.
@Command(name = "mb", sortOptions = false, description = "Make buckets in S3.")
final class MbCommand implements Callable<Integer> {
  private final Standard standard;

  @Mixin private S3Access access = new S3Access();

  @Parameters(arity = "1..*", paramLabel = "s3://BUCKET", description = "What to make.")
  private List<String> buckets = List.of();

  MbCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    return new ObjectChanges(standard, access).make(buckets);
  }
}
