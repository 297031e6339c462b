package io.ringwell.kv.table;

import java.lang.foreign.MemorySegment;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Decodes raw deflate by the JDK's zlib.
final class ZlibDecoder implements BlockDecoder {
  private final Inflater inflater = new Inflater(true);
  private final BufferView sources = new BufferView();
  private final BufferView targets = new BufferView();
  private final byte[] beyond = new byte[1];
  private final byte @Nullable [] dictionary;

  ZlibDecoder(byte @Nullable [] dictionary) {
    this.dictionary = dictionary;
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
    try {
      if (dictionary != null) {
        inflater.setDictionary(dictionary);
      }
      inflater.setInput(sources.of(source, sourceOffset, sourceLength));
      int decoded = inflater.inflate(targets.of(target, targetOffset, targetLength));
      // With the target full, the end of the stream is still to be read.
      if (decoded != targetLength || inflater.inflate(beyond) != 0 || !inflater.finished()) {
        throw new BadBlockException(
            "zlib: it decodes to "
                + (inflater.finished() ? "" : "more than ")
                + inflater.getBytesWritten()
                + " bytes instead of "
                + targetLength);
      }
    } catch (DataFormatException e) {
      throw new BadBlockException("zlib: " + e.getMessage(), e);
    } finally {
      inflater.reset();
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
