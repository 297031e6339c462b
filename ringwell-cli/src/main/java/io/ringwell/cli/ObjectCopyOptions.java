package io.ringwell.cli;

/// How `ringwell cp` copies where S3 is on a side.
///
/// @param partBytes of an upload; 0 lets the sink choose
/// @param inFlight parts of an upload, or ranges of a download, under way at once; 0 leaves it open
/// @param atOnce files under way at once
/// @param upload what is said of what goes up
record ObjectCopyOptions(
    boolean recursive,
    boolean direct,
    boolean verify,
    boolean sync,
    boolean verbose,
    boolean json,
    long partBytes,
    int inFlight,
    int atOnce,
    UploadOptions upload) {
  /// As the sink has it, in bytes, and how many.
  private static final long USUAL_PART_BYTES = 8 << 20;

  private static final int USUAL_IN_FLIGHT = 4;

  /// What an upload holds in its sink: what is in flight, and the part that is being gathered.
  long sinkBytes() {
    long part = partBytes > 0 ? partBytes : USUAL_PART_BYTES;
    return part * ((inFlight > 0 ? inFlight : USUAL_IN_FLIGHT) + 1);
  }

  /// What the windows of an object's reader take.
  long readerBytes() {
    return USUAL_PART_BYTES * (inFlight > 0 ? inFlight : USUAL_IN_FLIGHT);
  }
}
