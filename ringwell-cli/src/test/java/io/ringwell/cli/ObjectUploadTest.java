package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringwell.s3.S3Location;
import io.ringwell.s3.S3Object;
import io.ringwell.s3.S3Options;
import io.ringwell.s3.S3Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `cp` says of the objects that it makes.
class ObjectUploadTest extends ObjectCase {
  private static S3Object head(String key) throws IOException {
    S3Options options =
        S3Options.defaults()
            .withEndpoint(bucket.endpoint())
            .withKeys(Bucket.ACCESS_KEY, Bucket.SECRET_KEY);
    try (S3Store store = S3Store.open(options)) {
      return store.head(new S3Location("bucket", key));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, (5 << 20) + 1})
  void typeAndMetadataAreTheObjects(int size) throws IOException {
    Path file = file("page.html", size);
    String to = "s3://bucket/told/" + size;
    bucket
        .run(
            "cp",
            "--part-size=5m",
            "--metadata",
            "colour=blue",
            "--metadata=made-by=a=b, c",
            "--content-type=text/x-test",
            "--checksum-algorithm=md5",
            file,
            to)
        .succeeds();
    S3Object found = head("told/" + size);
    assertThat(found.contentType()).isEqualTo("text/x-test");
    assertThat(found.metadata()).containsEntry("colour", "blue").containsEntry("made-by", "a=b, c");
    bucket.run("cp", file, "s3://bucket/told/guessed").succeeds();
    assertThat(head("told/guessed").contentType()).isEqualTo("text/html");
  }

  @Test
  void createOnlyLeavesAloneWhatIsThere() throws IOException {
    Path one = file("one", 10);
    Path other = file("other", 20);
    String to = "s3://bucket/only/here";
    bucket.run("cp", "--create-only", one, to).succeeds();
    bucket.run("cp", "--create-only", other, to).fails(to, "it is there already");
    assertThat(bucket.run("cat", to).succeeds().bytes()).isEqualTo(Files.readAllBytes(one));
    bucket.run("cp", other, to).succeeds();
    assertThat(bucket.run("cat", to).succeeds().bytes()).isEqualTo(Files.readAllBytes(other));
  }

  /// The embedded server keeps nothing encrypted, and does not say so; what it is asked is right.
  @Test
  void encryptionIsAskedFor() throws IOException {
    Path file = file("file", 10);
    try (Heads heads = new Heads()) {
      Run.of(
              "cp",
              "--endpoint-url=" + heads.endpoint(),
              "--sse=aws:kms",
              "--sse-kms-key-id=alias/mine",
              "--create-only",
              "--checksum-algorithm=CRC32",
              file,
              "s3://bucket/key")
          .succeeds();
      assertThat(heads.lines())
          .contains(
              "x-amz-server-side-encryption: aws:kms",
              "x-amz-server-side-encryption-aws-kms-key-id: alias/mine",
              "if-none-match: *")
          .anyMatch(line -> line.startsWith("put /bucket/key?"))
          .anyMatch(line -> line.startsWith("x-amz-checksum-crc32: "));
    }
    bucket.run("cp", "--sse", "AES256", file, "s3://bucket/sse").succeeds();
  }

  @Test
  void mistakesAreOneLineEach() throws IOException {
    Path file = file("file", 10);
    String to = "s3://bucket/mistake";
    bucket.run("cp", "--metadata", "blue", file, to).fails("--metadata blue", "KEY=VALUE");
    bucket.run("cp", "--metadata", "=blue", file, to).fails("--metadata =blue", "KEY=VALUE");
    bucket.run("cp", "--metadata", "a b=c", file, to).fails("--metadata a b=c", "KEY=VALUE");
    bucket.run("cp", "--metadata", "a=\u00e4", file, to).fails("--metadata", "ASCII");
    bucket.run("cp", "--metadata", "a=1", "--metadata", "A=2", file, to).fails("A=2", "before");
    bucket.run("cp", "--sse", "DES", file, to).fails("--sse DES", "AES256 or aws:kms");
    bucket.run("cp", "--sse-kms-key-id", "k", file, to).fails("--sse-kms-key-id", "--sse aws:kms");
    bucket
        .run("cp", "--sse=AES256", "--sse-kms-key-id", "k", file, to)
        .fails("--sse-kms-key-id", "--sse aws:kms");
    bucket
        .run("cp", "--checksum-algorithm", "SHA1", file, to)
        .fails("--checksum-algorithm SHA1", "CRC32, CRC32C, CRC64NVME, MD5");
    bucket.run("cp", "--create-only", to, dir.resolve("to")).fails("--create-only", "goes to s3:");
    Run.of("cp", "--metadata", "a=b", file, dir.resolve("to")).fails("--metadata", "goes to s3:");
    assertThat(keys(to)).isEmpty();
    assertThat(dir.resolve("to")).doesNotExist();
  }
}
