package io.ringwell.s3;

import static org.assertj.core.api.Assertions.assertThat;

/// Over connections of one's own.
class SocketRangesTest extends S3SourceTest {
  SocketRangesTest() {
    super(false);
  }

  @Override
  void copiesAre(long copied, long bytes) {
    // Four requests.
    assertThat(copied).isLessThanOrEqualTo(4 * 1024);
  }
}
