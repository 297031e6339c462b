package io.ringwell.search;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A file of UTF-16 with a byte order mark, as UTF-8, which is what is searched. What is not valid
/// becomes U+FFFD. Positions are those of the UTF-8 text.
final class Utf16Blocks implements Blocks {
  private static final int CHARS = 32 << 10;

  private final Blocks from;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_16
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final CharsetEncoder encoder =
      StandardCharsets.UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE);
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment text = arena.allocate(4L * CHARS);
  private final CharBuffer chars = CharBuffer.allocate(CHARS);
  private ByteBuffer input = ByteBuffer.allocate(0);
  private byte[] rest = new byte[0];
  private long position;
  private long given;
  private boolean ended;

  Utf16Blocks(Blocks from) {
    this.from = from;
  }

  @Override
  public @Nullable MemorySegment next() throws IOException {
    position += given;
    given = 0;
    while (!ended) {
      decoder.decode(input, chars, false);
      if (chars.position() == 0) {
        refill();
      }
      chars.flip();
      ByteBuffer out = text.asByteBuffer();
      encoder.encode(chars, out, ended);
      chars.compact();
      if (out.position() > 0) {
        given = out.position();
        return text.asSlice(0, given);
      }
    }
    return null;
  }

  /// Takes the next block, behind the odd byte of the one before.
  private void refill() throws IOException {
    rest = new byte[input.remaining()];
    input.get(rest);
    MemorySegment block = from.next();
    if (block == null) {
      ended = true;
      decoder.decode(ByteBuffer.wrap(rest), chars, true);
      decoder.flush(chars);
      return;
    }
    input = ByteBuffer.allocate(Math.toIntExact(rest.length + block.byteSize()));
    input.put(rest).put(block.asByteBuffer()).flip();
    decoder.decode(input, chars, false);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public boolean writable() {
    return true;
  }

  @Override
  public void close() {
    arena.close();
    from.close();
  }
}
