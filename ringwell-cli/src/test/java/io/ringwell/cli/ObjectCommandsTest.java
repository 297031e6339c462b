package io.ringwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ObjectCommandsTest extends ObjectCase {
  @Test
  void bucketsAreMadeAndListed() {
    bucket.run("mb", "s3://made-one", "s3://made-two").succeeds();
    assertThat(bucket.run("ls").succeeds().out())
        .contains("s3://bucket/", "s3://made-one/", "s3://made-two/");
    assertThat(bucket.run("ls", "s3://").succeeds().out()).contains("s3://made-one/");
    bucket.run("mb", "s3://made-one").fails("made-one", "409");
    bucket.run("mb", "s3://made-one/key").fails("is an object", "s3://made-one");
    bucket.run("mb", "s3://b").fails("s3://b", "3 to 63");
    bucket.run("mb", "made-one").fails("is not in S3", "s3://");
  }

  @Test
  void nothingThereIsExitCodeOne() {
    bucket.run("mb", "s3://empty").succeeds();
    assertThat(bucket.run("ls", "s3://empty").code()).isEqualTo(Main.NO);
    assertThat(bucket.run("ls", "s3://empty/none").code()).isEqualTo(Main.NO);
  }

  @Test
  void mistakesAreOneLineEach() {
    bucket.run("ls", "s3://no-such-bucket").fails("no-such-bucket", "NoSuchBucket");
    bucket.run("ls", "here").fails("here", "s3://");
    bucket.run("rm", "s3://bucket").fails("is a bucket", "-r");
    bucket.run("rm", "s3://bucket/none").fails("s3://bucket/none", "no such object");
    bucket.run("rm", "-r", "s3://bucket/none").fails("s3://bucket/none/", "nothing below");
    bucket.run("rm", "-r", "s3://no-such-bucket").fails("no-such-bucket", "NoSuchBucket");
    Run.of("ls", "--endpoint-url", "nowhere", "s3://bucket").fails("nowhere", "http://");
    Run.of("ls", "--endpoint-url", "http://a b", "s3://bucket").fails("http://a b", "no URL");
    Run.of("ls", "--profile", "no-such-profile", "s3://bucket").fails("no-such-profile");
  }

  @Test
  void wrongKeysAndAServerThatIsNotThereAreTold() {
    String secret = System.setProperty("aws.secretAccessKey", "wrong");
    try {
      bucket.run("ls", "s3://bucket").fails("secret key", "AWS_SECRET_ACCESS_KEY");
    } finally {
      System.setProperty("aws.secretAccessKey", secret);
    }
    Run.of("ls", "--endpoint-url", "http://127.0.0.1:1", "s3://bucket").fails("nobody answers");
  }
}
