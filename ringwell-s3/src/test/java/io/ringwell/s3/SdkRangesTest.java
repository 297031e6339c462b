package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

/// By the SDK's client.
class SdkRangesTest extends S3SourceTest {
  SdkRangesTest() {
    super(true);
  }

  @Override
  void copiesAre(long copied, long bytes) {
    assertThat(copied).isEqualTo(2 * bytes);
  }
}
