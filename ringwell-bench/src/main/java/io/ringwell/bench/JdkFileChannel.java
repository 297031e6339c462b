package io.ringwell.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/// [FileChannel#read(ByteBuffer, long)] into a direct buffer, the fastest of the JDK's ways for one
/// thread: a heap buffer is copied once more.
final class JdkFileChannel implements Peer {
  private final DataFile data;
  private final FileChannel channel;

  JdkFileChannel(DataFile data, boolean direct) throws IOException {
    this.data = data;
    Set<OpenOption> options =
        direct ? Set.of(StandardOpenOption.READ, direct()) : Set.of(StandardOpenOption.READ);
    this.channel = FileChannel.open(data.path(), options);
  }

  /// `ExtendedOpenOption.DIRECT` of module jdk.unsupported. By its name, since javac warns of the
  /// class itself and knows no way to be told that it is meant.
  private static OpenOption direct() {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (option instanceof OpenOption found && option.toString().equals("DIRECT")) {
          return found;
        }
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("this JDK has no direct I/O", e);
    }
    throw new IllegalStateException("this JDK has no direct I/O");
  }

  @Override
  public Reader reader(long seed) {
    return new Loop(seed);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private final class Loop implements Reader {
    private final Offsets offsets;
    private final ByteBuffer buffer =
        ByteBuffer.allocateDirect(2 * DataFile.BLOCK_BYTES)
            .alignedSlice(DataFile.BLOCK_BYTES)
            .limit(DataFile.BLOCK_BYTES)
            .slice();

    Loop(long seed) {
      offsets = new Offsets(data.bytes(), seed);
    }

    @Override
    public void read(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        buffer.clear();
        DataFile.requireBlock(channel.read(buffer, offsets.next()));
      }
    }

    @Override
    public void close() {}
  }
}
