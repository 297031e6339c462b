package io.ringwell.cli;

import io.ringwell.engine.Engine;
import io.ringwell.memory.CopyCounter;
import io.ringwell.s3.S3Location;
import io.ringwell.s3.S3Options;
import io.ringwell.s3.S3Store;
import io.ringwell.s3local.LocalS3;
import io.ringwell.s3local.LocalS3Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The part of the demo that has to do with S3: a file goes to a server in this process, and comes
/// back the same.
final class DemoObjects {
  private static final String KEY = "demo";
  private static final S3Location OBJECT = new S3Location("demo", "file");

  private final Engine engine;
  private final Path work;
  private final Table table;

  DemoObjects(Engine engine, Path work, Table table) {
    this.engine = engine;
    this.work = work;
    this.table = table;
  }

  /// @param file what to send
  void run(Path file) throws IOException {
    long size = Files.size(file);
    Path back = work.resolve("from-s3");
    ObjectCopyOptions options =
        new ObjectCopyOptions(
            false, false, false, false, false, false, 0, 0, 1, new UploadOptions());
    Path directory = Files.createDirectory(work.resolve("s3"));
    try (LocalS3 server = LocalS3.start(LocalS3Options.inDirectory(directory, KEY, KEY));
        S3Store store =
            S3Store.open(S3Options.defaults().withEndpoint(server.endpoint()).withKeys(KEY, KEY))) {
      store.createBucket(OBJECT.bucket());
      ObjectCopy copy = new ObjectCopy(engine, store, options, bytes -> {});
      table.row(
          "to S3",
          timed(size, () -> copy.up(file, OBJECT, size)) + ", to a server in this process");
      String returned = timed(size, () -> copy.down(OBJECT, back));
      long differs = Files.mismatch(file, back);
      if (differs >= 0) {
        throw new IOException(back + ": differs from " + file + " at offset " + differs);
      }
      table.row("from S3", returned + ", verified");
    }
  }

  private interface Transfer {
    long run() throws IOException;
  }

  private static String timed(long size, Transfer transfer) throws IOException {
    long copiedBefore = CopyCounter.bytesCopied();
    long start = System.nanoTime();
    long moved = transfer.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (moved != size) {
      throw new IOException("moved " + moved + " bytes of " + size);
    }
    return String.format(
        Locale.ROOT,
        "%s in %.2f s, %s/s, %s copied in user memory",
        ByteSize.format(size),
        seconds,
        ByteSize.format(Math.round(size / seconds)),
        ByteSize.format(CopyCounter.bytesCopied() - copiedBefore));
  }
}
