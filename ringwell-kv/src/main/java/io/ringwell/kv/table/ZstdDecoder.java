package io.ringwell.kv.table;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/// Decodes zstd frames by libzstd, which is fuzzed against hostile input and writes nothing beyond
/// the target. A context keeps some 100 KiB of native memory.
final class ZstdDecoder implements BlockDecoder {
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final BufferView sources = new BufferView();
  private final BufferView targets = new BufferView();

  ZstdDecoder(byte @Nullable [] dictionary) {
    if (dictionary != null) {
      context.loadDict(dictionary);
    }
  }

  @Override
  public void decode(
      MemorySegment source,
      long sourceOffset,
      int sourceLength,
      MemorySegment target,
      long targetOffset,
      int targetLength)
      throws BadBlockException {
    var from = sources.of(source, sourceOffset, sourceLength);
    var to = targets.of(target, targetOffset, targetLength);
    int decoded;
    try {
      decoded =
          context.decompressDirectByteBuffer(
              to, to.position(), targetLength, from, from.position(), sourceLength);
    } catch (ZstdException e) {
      throw new BadBlockException("zstd: " + e.getMessage(), e);
    } finally {
      Reference.reachabilityFence(source);
      Reference.reachabilityFence(target);
    }
    if (decoded != targetLength) {
      throw new BadBlockException(
          "zstd: it decodes to " + decoded + " bytes instead of " + targetLength);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
