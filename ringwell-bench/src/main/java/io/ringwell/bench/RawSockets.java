package io.ringwell.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ringwell.uring.Opcode;
import io.ringwell.uring.Ring;
import io.ringwell.uring.RingOptions;
import io.ringwell.uring.Submission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What the kernel's ways of accepting and of receiving small messages cost, on a bare ring with
/// nothing of the engine: the grounds of a decision, see docs/decisions.
///
/// `RawSockets [ROUNDS]`: each round accepts 20,000 connections by one submission each and by one
/// for all, and echoes messages of 64 bytes of 64 connections, received into memory of one's own,
/// into provided buffers, and into these by one submission a connection. Prints processor time of
/// the thread that owns the ring.
final class RawSockets implements AutoCloseable {
  private static final int CONNECTS = 20_000;
  private static final int CONNECTIONS = 64;
  private static final int MESSAGES = 3_000;
  private static final int MESSAGE_BYTES = 64;

  // Opcodes that the engine does not use: the ring makes its listener by itself.
  private static final int BIND = 56;
  private static final int LISTEN = 57;
  private static final int REGISTER_BUFFER_RING = 22;

  private static final int INET = 2;
  private static final int STREAM = 1;
  private static final int ADDRESS_BYTES = 16;
  private static final int BACKLOG = 4096;

  /// `IORING_ACCEPT_MULTISHOT`, `IORING_RECV_MULTISHOT`, `IOSQE_BUFFER_SELECT`.
  private static final int ACCEPTS_ALL = 1;

  private static final int RECEIVES_ALL = 1 << 1;
  private static final int SELECTS_BUFFER = 1 << 5;

  private static final int GOES_ON = 1 << 1;
  private static final int BUFFER_SHIFT = 16;

  private static final int BUFFERS = 128;
  private static final int BUFFER_BYTES = 4096;
  private static final int ENTRY_BYTES = 16;
  private static final long TAIL_AT = 14;
  private static final VarHandle TAIL = JAVA_SHORT.varHandle();

  /// User data of a send: above the connections'.
  private static final int SENT = 1000;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private enum Way {
    OWN_MEMORY,
    PROVIDED,
    PROVIDED_MULTISHOT
  }

  private final Ring ring = Ring.open(RingOptions.of(256));
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment buffers = arena.allocate((long) BUFFERS * BUFFER_BYTES, BUFFER_BYTES);
  private final MemorySegment entries = arena.allocate((long) BUFFERS * ENTRY_BYTES, BUFFER_BYTES);
  private final int listener;
  private final InetSocketAddress address;
  private int tail;

  private RawSockets(int port) throws Exception {
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    next().set(Opcode.SOCKET, 0, 0, INET, STREAM, 0, 0, 0, 0, 0, 0);
    listener = answer("socket");
    MemorySegment name = arena.allocate(ADDRESS_BYTES);
    name.set(JAVA_SHORT, 0, (short) INET);
    name.set(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2, (short) port);
    MemorySegment.copy(address.getAddress().getAddress(), 0, name, JAVA_BYTE, 4, 4);
    next().set(BIND, 0, 0, listener, ADDRESS_BYTES, name.address(), 0, 0, 0, 0, 0);
    answer("bind to " + address);
    next().set(LISTEN, 0, 0, listener, 0, 0, BACKLOG, 0, 0, 0, 0);
    answer("listen");
  }

  public static void main(String... args) throws Exception {
    int rounds = args.length == 0 ? 5 : Integer.parseInt(args[0]);
    int port = 23_456;
    for (int round = 0; round < rounds; round++) {
      for (boolean multishot : new boolean[] {false, true}) {
        try (RawSockets bench = new RawSockets(port++)) {
          bench.accept(multishot);
        }
      }
      for (Way way : Way.values()) {
        try (RawSockets bench = new RawSockets(port++)) {
          bench.echo(way);
        }
      }
    }
  }

  private Submission next() {
    if (ring.room() == 0) {
      ring.enter(0);
    }
    return Objects.requireNonNull(ring.next());
  }

  private int answer(String what) throws IOException {
    ring.enter(1);
    if (!ring.advance() || ring.result() < 0) {
      throw new IOException("cannot " + what + ": error " + -ring.result());
    }
    return ring.result();
  }

  private interface Client {
    void run() throws IOException;
  }

  private static Thread start(Client client) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            client.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private void accept(boolean multishot) throws Exception {
    Thread client =
        start(() -> {
          for (int i = 0; i < CONNECTS; i++) {
            try (SocketChannel channel = SocketChannel.open(address)) {
              channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
          }
        });
    boolean armed = false;
    int enters = 0;
    int accepted = 0;
    int closed = 0;
    long cpu = THREADS.getCurrentThreadCpuTime();
    while (closed < CONNECTS) {
      if (!armed && accepted < CONNECTS) {
        next().set(Opcode.ACCEPT, 0, multishot ? ACCEPTS_ALL : 0, listener, 0, 0, 0, 0, 0, 0, 0);
        armed = true;
      }
      ring.enter(1);
      enters++;
      while (ring.advance()) {
        if (ring.userData() == SENT) {
          closed++;
          continue;
        }
        accepted++;
        armed = (ring.completionFlags() & GOES_ON) != 0;
        next().set(Opcode.CLOSE, 0, 0, ring.result(), 0, 0, 0, 0, SENT, 0, 0);
      }
    }
    cpu = THREADS.getCurrentThreadCpuTime() - cpu;
    client.join();
    print(multishot ? "accept, one submission for all" : "accept, one each", CONNECTS, cpu, enters);
  }

  private void echo(Way way) throws Exception {
    List<SocketChannel> channels = new ArrayList<>();
    int[] files = new int[CONNECTIONS];
    for (int i = 0; i < CONNECTIONS; i++) {
      SocketChannel channel = SocketChannel.open(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channels.add(channel);
      next().set(Opcode.ACCEPT, 0, 0, listener, 0, 0, 0, 0, 0, 0, 0);
      files[i] = answer("accept");
    }
    if (way != Way.OWN_MEMORY) {
      provideAll();
    }
    Thread client = start(() -> talk(channels));
    for (int i = 0; i < CONNECTIONS; i++) {
      receive(way, files[i], i);
    }
    int total = CONNECTIONS * MESSAGES;
    int sent = 0;
    int enters = 0;
    long cpu = THREADS.getCurrentThreadCpuTime();
    while (sent < total) {
      ring.enter(1);
      enters++;
      while (ring.advance()) {
        int tag = (int) ring.userData();
        if (tag >= SENT) {
          sent++;
          if (way != Way.OWN_MEMORY) {
            provide(tag - SENT);
          }
          continue;
        }
        int buffer = way == Way.OWN_MEMORY ? tag : ring.completionFlags() >>> BUFFER_SHIFT;
        long at = buffers.address() + (long) buffer * BUFFER_BYTES;
        next().set(Opcode.SEND, 0, 0, files[tag], 0, at, ring.result(), 0, SENT + buffer, 0, 0);
        if ((ring.completionFlags() & GOES_ON) == 0) {
          receive(way, files[tag], tag);
        }
      }
    }
    cpu = THREADS.getCurrentThreadCpuTime() - cpu;
    client.join();
    print("echo, " + way, total, cpu, enters);
    for (int i = 0; i < CONNECTIONS; i++) {
      channels.get(i).close();
    }
  }

  private static void talk(List<SocketChannel> channels) throws IOException {
    ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
    for (int i = 0; i < MESSAGES; i++) {
      for (SocketChannel channel : channels) {
        channel.write(message.clear());
      }
      for (SocketChannel channel : channels) {
        message.clear();
        while (message.hasRemaining()) {
          channel.read(message);
        }
      }
    }
  }

  private void receive(Way way, int file, int tag) {
    if (way == Way.OWN_MEMORY) {
      long at = buffers.address() + (long) tag * BUFFER_BYTES;
      next().set(Opcode.RECV, 0, 0, file, 0, at, BUFFER_BYTES, 0, tag, 0, 0);
    } else {
      int flags = way == Way.PROVIDED_MULTISHOT ? RECEIVES_ALL : 0;
      next().set(Opcode.RECV, SELECTS_BUFFER, flags, file, 0, 0, 0, 0, tag, 0, 0);
    }
  }

  /// Registers group 0: `struct io_uring_buf_reg` has the address of the ring, and its entries.
  private void provideAll() throws IOException {
    MemorySegment group = arena.allocate(40, Long.BYTES);
    group.set(JAVA_LONG, 0, entries.address());
    group.set(JAVA_INT, 8, BUFFERS);
    int result = ring.register(REGISTER_BUFFER_RING, group, 1);
    if (result < 0) {
      throw new IOException("cannot register provided buffers: error " + -result);
    }
    for (int buffer = 0; buffer < BUFFERS; buffer++) {
      provide(buffer);
    }
  }

  private void provide(int buffer) {
    long at = (long) (tail & (BUFFERS - 1)) * ENTRY_BYTES;
    entries.set(JAVA_LONG, at, buffers.address() + (long) buffer * BUFFER_BYTES);
    entries.set(JAVA_INT, at + 8, BUFFER_BYTES);
    entries.set(JAVA_SHORT, at + 12, (short) buffer);
    tail++;
    TAIL.setRelease(entries, TAIL_AT, (short) tail);
  }

  private static void print(String what, int count, long cpuNanos, int enters) {
    System.out.printf(
        "%-32s %6.2f us of processor, %.2f enters each%n",
        what, cpuNanos / 1e3 / count, enters / (double) count);
  }

  @Override
  public void close() throws IOException {
    next().set(Opcode.CLOSE, 0, 0, listener, 0, 0, 0, 0, 0, 0, 0);
    answer("close");
    ring.close();
    arena.close();
  }
}
