/// What the tests of S3 run against: a real server in this process, and a proxy before it that
/// breaks connections on purpose. Tests of other modules may use it, too.
@NullMarked
package io.ringwell.s3.rig;

import org.jspecify.annotations.NullMarked;
