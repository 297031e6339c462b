package io.ringwell.engine;

import io.ringwell.uring.SqeFlags;
import io.ringwell.uring.Submission;

/// An operation on an open file that moves no payload.
abstract class FileKind extends Kind {
  FileKind(OpCode code, int ringOpcode) {
    super(code, ringOpcode);
  }

  final void set(
      Operation op,
      Submission to,
      int sqeFlags,
      long offset,
      long address,
      int length,
      int operationFlags,
      long userData) {
    FileHandle file = op.handle();
    boolean fixedFile = file.fixedIndex >= 0;
    to.set(
        ringOpcode,
        fixedFile ? sqeFlags | SqeFlags.FIXED_FILE : sqeFlags,
        0,
        fixedFile ? file.fixedIndex : file.descriptor,
        offset,
        address,
        length,
        operationFlags,
        userData,
        0,
        0);
  }
}
