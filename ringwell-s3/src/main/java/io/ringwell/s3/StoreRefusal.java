package io.ringwell.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What a store says when it refuses, as the SDK would have it.
final class StoreRefusal {
  private static final int MOST_BYTES = 64 << 10;
  private static final String END = "</Error>";

  private static final Set<String> ELSEWHERE =
      Set.of("PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed");

  private StoreRefusal() {}

  /// @param rest what came behind the head
  static AwsServiceException read(AnswerHead head, Wire wire, ByteBuffer rest) throws IOException {
    ByteBuffer body = ByteBuffer.allocate(MOST_BYTES).put(rest);
    long length = head.length();
    if (length >= 0) {
      body.limit(Math.clamp(length, body.position(), MOST_BYTES));
    }
    String text = text(body);
    while (body.hasRemaining() && !text.contains(END) && wire.read(body) >= 0) {
      text = text(body);
    }
    int status = head.status();
    String code = element(text, "Code");
    if (code.isEmpty()) {
      code = status == 412 ? "PreconditionFailed" : status == 404 ? "NoSuchKey" : code;
    }
    String message = element(text, "Message");
    String id = head.header("x-amz-request-id");
    String date = head.header("date");
    SdkHttpResponse.Builder told = SdkHttpResponse.builder().statusCode(status);
    if (date != null) {
      told.putHeader("Date", date);
    }
    return S3Exception.builder()
        .statusCode(status)
        .message(message)
        .requestId(id == null ? element(text, "RequestId") : id)
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .errorCode(code)
                .errorMessage(message)
                .serviceName("S3")
                .sdkHttpResponse(told.build())
                .build())
        .build();
  }

  /// When it was told, by the store's clock and as HTTP has it; null where the store does not say.
  static @Nullable String date(AwsServiceException refusal) {
    return refusal.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("Date").orElse(null);
  }

  private static String text(ByteBuffer body) {
    return StandardCharsets.UTF_8.decode(body.duplicate().flip()).toString();
  }

  private static String element(String text, String name) {
    Matcher found = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(text);
    return found.find() ? found.group(1) : "";
  }

  /// Whether the bucket is in another region than the request was signed for.
  static boolean isElsewhere(Throwable failure) {
    int status = Failures.status(failure);
    return status == 301 || status == 307 || ELSEWHERE.contains(Failures.code(failure));
  }
}
