import org.jspecify.annotations.NullMarked;

/// Objects of S3, and of stores that speak as it does: sinks of owned bytes to them, and sources of
/// windows from them, without a copy in user memory where the way there is plain.
///
/// Stands on the AWS SDK for credentials, regions, endpoints and signatures. Its modules are
/// automatic ones. Profiles that sign in by `sso_session` or `role_arn` need the SDK's modules
/// `sso`, `ssooidc` or `sts` besides, which are not brought along.
@NullMarked
@SuppressWarnings({"module", "requires-automatic"}) // S3 is what it is called.
module io.ringwell.s3 {
  requires transitive io.ringwell.core;
  requires static org.jspecify;
  requires io.netty.buffer;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires org.reactivestreams;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.auth.aws;
  requires software.amazon.awssdk.http.auth.spi;
  requires software.amazon.awssdk.http.nio.netty;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.profiles;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.retries;
  requires software.amazon.awssdk.retries.api;
  requires software.amazon.awssdk.services.s3;
  requires software.amazon.awssdk.utils;

  exports io.ringwell.s3;
}
