package io.ringwell.s3.rig;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A request as a [FaultProxy] sees it.
///
/// @param number how many came before it
/// @param operation what it asks for
/// @param method `GET` and so on
/// @param target path and query
/// @param range the header of that name; null where it has none
/// @param date when it was signed, as S3 has it; null where it was not
/// @param bodyBytes of its body; -1 where that is sent in chunks
public record S3Request(
    long number,
    Operation operation,
    String method,
    String target,
    @Nullable String range,
    @Nullable String date,
    long bodyBytes) {
  private static final Pattern DATE = Pattern.compile("&X-Amz-Date=([0-9TZ]+)");

  /// The operations of S3 that Ringwell uses.
  public enum Operation {
    PUT_OBJECT,
    GET_OBJECT,
    HEAD_OBJECT,
    DELETE_OBJECT,
    CREATE_UPLOAD,
    UPLOAD_PART,
    COMPLETE_UPLOAD,
    ABORT_UPLOAD,
    LIST_PARTS,
    LIST_UPLOADS,
    BUCKET,
    OTHER
  }

  static S3Request of(long number, HttpHead head) {
    String target = head.word(1);
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : "&" + target.substring(mark + 1);
    // Path style: the bucket, and the key behind the next slash.
    int slash = path.indexOf('/', 1);
    String date =
        query
            .transform(DATE::matcher)
            .results()
            .map(found -> found.group(1))
            .findFirst()
            .orElse(null);
    boolean object = slash > 0 && slash + 1 < path.length();
    return new S3Request(
        number,
        object ? ofObject(head.word(0), query) : ofBucket(query),
        head.word(0),
        target,
        head.header("range"),
        date == null ? head.header("x-amz-date") : date,
        head.contentLength());
  }

  private static Operation ofBucket(String query) {
    return has(query, "uploads") ? Operation.LIST_UPLOADS : Operation.BUCKET;
  }

  private static Operation ofObject(String method, String query) {
    boolean upload = has(query, "uploadId");
    return switch (method) {
      case "PUT" -> upload ? Operation.UPLOAD_PART : Operation.PUT_OBJECT;
      case "GET" -> upload ? Operation.LIST_PARTS : Operation.GET_OBJECT;
      case "HEAD" -> Operation.HEAD_OBJECT;
      case "DELETE" -> upload ? Operation.ABORT_UPLOAD : Operation.DELETE_OBJECT;
      case "POST" ->
          upload
              ? Operation.COMPLETE_UPLOAD
              : has(query, "uploads") ? Operation.CREATE_UPLOAD : Operation.OTHER;
      default -> Operation.OTHER;
    };
  }

  private static boolean has(String query, String name) {
    return (query + "&").contains("&" + name + "&") || query.contains("&" + name + "=");
  }
}
