package io.ringwell.s3;

import io.ringwell.memory.BufferPool;
import io.ringwell.memory.Bytes;
import io.ringwell.memory.BytesChain;
import io.ringwell.memory.IoBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The memory of one call for many ranges: a buffer for each piece of the plan, and in the end
/// slices of them for each range that was wanted. Used by one thread at a time.
final class ManyRanges {
  private final List<S3Range> wanted;
  private final RangePlan plan;
  private final List<IoBuffer> buffers = new ArrayList<>();

  private ManyRanges(List<S3Range> wanted, RangePlan plan) {
    this.wanted = wanted;
    this.plan = plan;
  }

  /// Takes all the memory at once: who has some while waiting for more may wait for himself.
  ///
  /// @throws IOException where the pool has not so much now
  static ManyRanges of(
      S3Location location, List<S3Range> ranges, long size, S3ReadOptions options, BufferPool pool)
      throws IOException {
    List<S3Range> within =
        ranges.stream()
            .map(range -> {
              long from = Math.min(range.position(), size);
              return new S3Range(from, Math.min(range.end(), size) - from);
            })
            .toList();
    List<S3Range> some = within.stream().filter(range -> range.length() > 0).toList();
    RangePlan plan = RangePlan.of(some, options.rangeBytes(), options.gapBytes());
    ManyRanges many = new ManyRanges(within, plan);
    boolean taken = false;
    try {
      long bytes = 0;
      for (RangePlan.Piece piece : plan.pieces()) {
        bytes += piece.length();
        IoBuffer buffer = bytes > pool.maxBytes() ? null : pool.tryAcquire(piece.length());
        if (buffer == null) {
          throw noMemory(location, plan, pool);
        }
        many.buffers.add(buffer);
      }
      taken = true;
      return many;
    } finally {
      if (!taken) {
        many.abandon();
      }
    }
  }

  private static IOException noMemory(S3Location location, RangePlan plan, BufferPool pool) {
    long bytes = plan.pieces().stream().mapToLong(RangePlan.Piece::length).sum();
    return new IOException(
        "read of "
            + location
            + ": no memory for "
            + bytes
            + " bytes at once in a pool of "
            + pool.maxBytes()
            + " bytes; ask for fewer ranges, or give a larger pool");
  }

  List<RangeGroup.Fetch> fetches(@Nullable Crc kind) {
    List<RangeGroup.Fetch> fetches = new ArrayList<>();
    int next = 0;
    for (RangePlan.Request request : plan.requests()) {
      List<Landing.Piece> pieces = new ArrayList<>();
      for (RangePlan.Piece piece : request.pieces()) {
        pieces.add(new Landing.Piece(piece.from(), buffers.get(next++).segment()));
      }
      Landing landing = new Landing(request.from(), request.to(), pieces, kind);
      fetches.add(new RangeGroup.Fetch(request.from(), request.to(), landing));
    }
    return fetches;
  }

  /// The ranges, in the order in which they were asked for. Ends this.
  List<BytesChain> take() {
    NavigableMap<Long, Bytes> pieces = new TreeMap<>();
    List<RangePlan.Piece> places = plan.pieces();
    for (int i = 0; i < places.size(); i++) {
      pieces.put(places.get(i).from(), buffers.get(i).freeze());
    }
    List<BytesChain> chains = wanted.stream().map(range -> chain(pieces, range)).toList();
    pieces.values().forEach(Bytes::close);
    return chains;
  }

  private static BytesChain chain(NavigableMap<Long, Bytes> pieces, S3Range range) {
    List<Bytes> slices = new ArrayList<>();
    long at = range.position();
    while (at < range.end()) {
      var entry = pieces.floorEntry(at);
      if (entry == null) {
        throw new IllegalStateException("no piece has byte " + at);
      }
      long into = at - entry.getKey();
      long bytes = Math.min(entry.getValue().size() - into, range.end() - at);
      slices.add(entry.getValue().slice(into, bytes));
      at += bytes;
    }
    return BytesChain.of(slices);
  }

  /// Gives the memory back. Ends this.
  void abandon() {
    buffers.forEach(IoBuffer::close);
  }
}
