package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3LocationTest {
  @Test
  void bucketAndKeyAreWhatStandsBetweenTheSlashes() {
    assertThat(S3Location.parse("s3://b/k")).isEqualTo(new S3Location("b", "k"));
    assertThat(S3Location.parse("S3://b/a/b c%20//d/"))
        .isEqualTo(new S3Location("b", "a/b c%20//d/"));
    assertThat(S3Location.parse("s3://b")).isEqualTo(new S3Location("b", ""));
    assertThat(S3Location.parse("s3://b/")).isEqualTo(new S3Location("b", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://b", "s3://b/k", "s3://b/a//ü ?#%/"})
  void toStringIsReadBack(String text) {
    assertThat(S3Location.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "b/k", "http://b/k", "s3:/b/k", "s3://", "s3:///k", "s3://a b/k"})
  void whatIsNoLocationIsRefusedInOneLineThatNamesIt(String text) {
    assertThatThrownBy(() -> S3Location.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("s3://bucket/key")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aKeyOfMoreThan1024BytesIsRefused() {
    assertThat(new S3Location("b", "ü".repeat(512)).key()).hasSize(512);
    assertThatThrownBy(() -> new S3Location("b", "ü".repeat(513)))
        .hasMessage("the key in b has 1026 bytes: S3 takes 1024");
  }
}
