package io.ringwell.engine;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// Every kind of operation by its code.
final class Kinds {
  private static final Map<OpCode, Kind> BY_CODE = new EnumMap<>(OpCode.class);

  static {
    Kind[] all = {
      NopKind.INSTANCE,
      OpenKind.INSTANCE,
      CloseKind.INSTANCE,
      ReadKind.INSTANCE,
      WriteKind.INSTANCE,
      VectorKind.READ,
      VectorKind.WRITE,
      SyncKind.FSYNC,
      SyncKind.FDATASYNC,
      RangeSyncKind.INSTANCE,
      AllocateKind.ALLOCATE,
      AllocateKind.PUNCH_HOLE,
      StatKind.INSTANCE,
      TruncateKind.INSTANCE,
      RenameKind.INSTANCE,
      UnlinkKind.INSTANCE,
      MkdirKind.INSTANCE,
      AdviseKind.INSTANCE,
      SpliceKind.INSTANCE,
      TimeoutKind.INSTANCE,
      LockKind.INSTANCE,
      CloneKind.INSTANCE,
      CopyRangeKind.INSTANCE,
      SeekKind.INSTANCE,
      AttributesKind.INSTANCE,
      ReadFileKind.INSTANCE,
      ListenKind.INSTANCE,
      AcceptKind.INSTANCE,
      ConnectKind.INSTANCE,
      ReceiveKind.INSTANCE,
      SendKind.INSTANCE,
      ShutdownKind.INSTANCE,
    };
    for (Kind kind : all) {
      BY_CODE.put(kind.code, kind);
    }
  }

  private Kinds() {}

  static Kind of(OpCode code) {
    return Objects.requireNonNull(BY_CODE.get(code));
  }
}
