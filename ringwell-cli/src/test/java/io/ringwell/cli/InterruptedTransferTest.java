package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.s3local.LocalS3;
import io.ringwell.s3local.LocalS3Options;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/// Ctrl-C leaves neither half a file nor an upload.
class InterruptedTransferTest {
  private static final int PART_BYTES = 5 << 20;

  @TempDir Path store;
  @TempDir Path dir;

  private LocalS3 server;

  @BeforeEach
  void serve() throws Exception {
    System.setProperty("aws.accessKeyId", "id");
    System.setProperty("aws.secretAccessKey", "secret");
    server = LocalS3.start(LocalS3Options.inDirectory(store, "id", "secret"));
    assertThat(run(InputStream.nullInputStream(), "mb", "s3://bucket").call()).isZero();
  }

  @AfterEach
  void stop() {
    server.close();
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  private Callable<Integer> run(InputStream in, String command, Object... args) {
    Object[] all = new Object[args.length + 2];
    all[0] = command;
    all[1] = "--endpoint-url=" + server.endpoint();
    System.arraycopy(args, 0, all, 2, args.length);
    String[] texts = Stream.of(all).map(Object::toString).toArray(String[]::new);
    return () ->
        Main.run(
            Standard.of(in, OutputStream.nullOutputStream(), new ByteArrayOutputStream()), texts);
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /// What the store says that it has of unfinished uploads.
  private List<MultipartUpload> uploads() {
    try (S3AsyncClient client =
        S3AsyncClient.builder()
            .endpointOverride(server.endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
            .forcePathStyle(true)
            .build()) {
      return client.listMultipartUploads(request -> request.bucket("bucket")).join().uploads();
    }
  }

  /// Gives some parts, and then nothing more until it is interrupted.
  private static final class Stalling extends InputStream {
    final CountDownLatch stalled = new CountDownLatch(1);
    private long left = 3L * PART_BYTES + 1;

    @Override
    public int read() {
      throw new UnsupportedOperationException("read by blocks");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left > 0) {
        int read = (int) Math.min(left, length);
        left -= read;
        return read;
      }
      stalled.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException("interrupted");
      }
      return -1;
    }
  }

  @Test
  void interruptedUploadLeavesNothingInTheStore() throws Exception {
    Stalling input = new Stalling();
    FutureTask<Integer> code =
        new FutureTask<>(run(input, "cp", "--part-size", "5m", "-", "s3://bucket/key"));
    Thread thread = Thread.ofPlatform().start(code);
    input.stalled.await();
    while (files(store).isEmpty()) {
      // Until a part has arrived.
      Thread.onSpinWait();
    }
    assertThat(uploads()).hasSize(1);
    thread.interrupt();
    assertThat(code.get()).isEqualTo(Main.ERROR);
    assertThat(uploads()).isEmpty();
    assertThat(run(InputStream.nullInputStream(), "ls", "s3://bucket/key").call())
        .isEqualTo(Main.NO);
  }

  @Test
  void interruptedDownloadLeavesNoTemporary() throws Exception {
    Path source = dir.resolve("source");
    Files.write(source, new byte[64 << 20]);
    assertThat(run(InputStream.nullInputStream(), "cp", source, "s3://bucket/key").call()).isZero();
    Path into = Files.createDirectory(dir.resolve("into"));
    FutureTask<Integer> code =
        new FutureTask<>(
            run(InputStream.nullInputStream(), "cp", "s3://bucket/key", into.resolve("target")));
    Thread thread = Thread.ofPlatform().start(code);
    while (files(into).isEmpty() && !code.isDone()) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    if (code.get() == Main.OK) {
      assertThat(Files.mismatch(source, into.resolve("target"))).isEqualTo(-1);
      assertThat(files(into)).hasSize(1);
    } else {
      assertThat(files(into)).isEmpty();
    }
  }
}
