package io.ringwell.kv.table;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/// Compresses by libzstd.
final class ZstdEncoder implements BlockEncoder {
  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final BufferView sources = new BufferView();
  private final BufferView targets = new BufferView();

  ZstdEncoder(int level) {
    context.setLevel(level);
  }

  @Override
  public int room(int length) {
    return Math.toIntExact(Zstd.compressBound(length));
  }

  @Override
  public int encode(
      MemorySegment source, int length, MemorySegment target, long targetOffset, int most) {
    int room = room(length);
    var from = sources.of(source, 0, length);
    var to = targets.of(target, targetOffset, room);
    try {
      int packed =
          context.compressDirectByteBuffer(to, to.position(), room, from, from.position(), length);
      return packed <= most ? packed : -1;
    } finally {
      Reference.reachabilityFence(source);
      Reference.reachabilityFence(target);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
