package io.ringwell.cli;

import io.ringwell.engine.Engine;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ringwell cat`: files, one after another, on standard output.
@Command(
    name = "cat",
    sortOptions = false,
    description = "Write files and objects, one after another, to standard output.")
final class CatCommand implements Callable<Integer> {
  private final Standard standard;

  @Option(
      names = "--range",
      converter = ByteRange.Converter.class,
      paramLabel = "A-B",
      description = {
        "Only the bytes from A to B of each, both included, counted from 0;",
        "A- is to the end, -N the last N bytes."
      })
  private ByteRange range = ByteRange.ALL;

  @Mixin private S3Access access = new S3Access();

  @Parameters(
      arity = "1..*",
      paramLabel = "SRC",
      description = "Files, or s3://BUCKET/KEY; - is standard input.")
  private List<String> sources = List.of();

  CatCommand(Standard standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException {
    return write(access, sources, range);
  }

  int write(S3Access from, List<String> sources, ByteRange range) throws IOException {
    int code = Main.OK;
    if (!S3Access.anyNames(sources)) {
      from.requireUnused();
    }
    try (Engine engine = Engine.open();
        OutputCopy output = new OutputCopy(engine, standard.output(), bytes -> {})) {
      for (String source : sources) {
        try {
          if (source.equals("-")) {
            output.channel(standard.input(), range);
          } else if (S3Access.names(source)) {
            ObjectOutput.write(from, source, range, engine, output);
          } else {
            output.file(Path.of(source), range);
          }
        } catch (OutputLostException e) {
          if (e.readerGone()) {
            return Main.NO;
          }
          throw e;
        } catch (InterruptedIOException e) {
          throw e;
        } catch (IOException e) {
          standard.fail(Failure.describe(e));
          code = Main.ERROR;
        }
      }
    }
    return code;
  }
}
