package io.ringwell.s3;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// Makes one line out of what the SDK says, with the remedy where there is one.
final class Failures {
  private static final String CLOCK =
      "this machine's clock differs from the store's; set it (timedatectl set-ntp true)";

  private Failures() {}

  /// What the SDK threw, as it is to be told.
  static IOException of(S3Location location, String operation, Throwable thrown) {
    Throwable failure = unwrap(thrown);
    if (failure instanceof AwsServiceException refused) {
      return refusal(location, operation, refused);
    }
    if (failure instanceof S3Exception || !(failure instanceof SdkException)) {
      return failure instanceof IOException io
          ? io
          : new IOException(operation + " of " + location + " failed: " + failure, failure);
    }
    return new S3Exception(
        operation + " of " + location + ": " + noAnswer(failure),
        location,
        operation,
        0,
        "",
        "",
        failure);
  }

  static Throwable unwrap(Throwable thrown) {
    Throwable failure = thrown;
    while ((failure instanceof CompletionException || failure instanceof ExecutionException)
        && failure.getCause() != null) {
      failure = failure.getCause();
    }
    return failure;
  }

  /// The store's own word for it; empty where there is none.
  static String code(Throwable thrown) {
    Throwable failure = unwrap(thrown);
    if (failure instanceof AwsServiceException refused) {
      AwsErrorDetails details = refused.awsErrorDetails();
      String code = details == null ? null : details.errorCode();
      return code == null ? "" : code;
    }
    return failure instanceof S3Exception own ? own.code() : "";
  }

  static int status(Throwable thrown) {
    Throwable failure = unwrap(thrown);
    return failure instanceof AwsServiceException refused
        ? refused.statusCode()
        : failure instanceof S3Exception own ? own.status() : 0;
  }

  /// Whether there was no answer, or one that says nothing of what was asked: it may have been done
  /// all the same, and may go well another time.
  static boolean mayPass(S3Exception failure) {
    return failure.status() < 400 || failure.status() >= 500;
  }

  /// How often it was tried.
  static int attempts(S3Exception failure) {
    return failure.getCause() instanceof SdkException told && told.numAttempts() != null
        ? told.numAttempts()
        : 1;
  }

  private static S3Exception refusal(
      S3Location location, String operation, AwsServiceException refused) {
    AwsErrorDetails details = refused.awsErrorDetails();
    String code = code(refused);
    String said = details == null || details.errorMessage() == null ? "" : details.errorMessage();
    String id = refused.requestId() == null ? "" : refused.requestId();
    int status = refused.statusCode();
    String why = isForTheClock(said) ? CLOCK : remedy(location, code, status);
    if (why.isEmpty()) {
      why = said.isEmpty() ? "the store refused" : oneLine(said);
    }
    return refusal(location, operation, why, status, code, id, refused);
  }

  /// One that is told like a store's own.
  static S3Exception refusal(
      S3Location location,
      String operation,
      String why,
      int status,
      String code,
      String requestId,
      @Nullable Throwable cause) {
    StringBuilder line = new StringBuilder(operation).append(" of ").append(location);
    line.append(": ").append(why).append(" (").append(status);
    if (!code.isEmpty()) {
      line.append(' ').append(code);
    }
    if (!requestId.isEmpty()) {
      line.append(", request ").append(requestId);
    }
    return new S3Exception(
        line.append(')').toString(), location, operation, status, code, requestId, cause);
  }

  /// Some stores have no code for it.
  private static boolean isForTheClock(String said) {
    return said.startsWith("Request has expired") || said.startsWith("Request is not valid yet");
  }

  private static String remedy(S3Location location, String code, int status) {
    return switch (code) {
      case "NoSuchBucket" ->
          "there is no bucket " + location.bucket() + "; make it, or look for a slip in its name";
      case "NoSuchKey" -> "there is no such object";
      case "NoSuchUpload" -> "the upload is gone: somebody aborted it, or a rule of the bucket did";
      case "InvalidAccessKeyId" ->
          "the store does not know the access key; look at AWS_ACCESS_KEY_ID or the profile";
      case "SignatureDoesNotMatch" ->
          "the secret key does not belong to the access key; look at AWS_SECRET_ACCESS_KEY or the"
              + " profile";
      case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" ->
          "the session token is no longer good; sign in again";
      case "AccessDenied", "AllAccessDisabled", "Forbidden" ->
          "these credentials may not; ask for the right, or use others (AWS_PROFILE)";
      case "RequestTimeTooSkewed", "RequestExpired" -> CLOCK;
      case "PermanentRedirect", "AuthorizationHeaderMalformed", "TemporaryRedirect" ->
          "the bucket is in another region; name it (AWS_REGION)";
      case "BucketAlreadyOwnedByYou" -> "you have this bucket already";
      case "BucketAlreadyExists" -> "somebody else has a bucket of this name; take another";
      case "BucketNotEmpty" -> "there are objects in it; delete them before";
      case "InvalidBucketName" ->
          "a bucket's name has 3 to 63 letters (a to z), digits, dots and hyphens";
      case "PreconditionFailed" -> "it is there already, or not what it was expected to be";
      case "ConditionalRequestConflict" ->
          "somebody else writes the same object at the same time; try again";
      case "BadDigest",
          "InvalidDigest",
          "XAmzContentChecksumMismatch",
          "XAmzContentSHA256Mismatch" ->
          "what arrived is not what was sent; the store kept nothing of it";
      case "EntityTooLarge", "EntityTooSmall" ->
          "a part has 5 MiB to 5 GiB, the last one up to that";
      case "SlowDown", "ServiceUnavailable", "Throttling", "RequestLimitExceeded" ->
          "the store asked to slow down, again and again; send less at once, or later";
      case "NotImplemented", "MethodNotAllowed" -> "the store cannot do that";
      default -> remedy(status);
    };
  }

  /// A HEAD has a status alone.
  private static String remedy(int status) {
    return switch (status) {
      case 301, 307 -> "the bucket is in another region; name it (AWS_REGION)";
      case 403 ->
          "the store refuses these credentials, or they may not; look at the profile and keys";
      case 404 -> "there is no such object, or no such bucket";
      case 412 -> "it is there already, or not what it was expected to be";
      case 416 -> "there are no bytes in that range";
      default -> "";
    };
  }

  private static String noAnswer(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String said = oneLine(String.valueOf(cause.getMessage()));
      if (cause instanceof ConnectException) {
        return "nobody answers there; is the store running, and the endpoint right? (" + said + ")";
      }
      if (cause instanceof UnknownHostException) {
        return "there is no such host; look at the endpoint, the region and the bucket's name ("
            + said
            + ")";
      }
      if (cause instanceof SSLHandshakeException) {
        return "no trust in the store's certificate; name its authority with AWS_CA_BUNDLE ("
            + said
            + ")";
      }
    }
    String said = oneLine(String.valueOf(failure.getMessage()));
    if (said.toLowerCase(Locale.ROOT).contains("unable to load credentials")) {
      return "no credentials were found; export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
          + " name a profile (AWS_PROFILE)";
    }
    return "no answer that can be used: " + said;
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
