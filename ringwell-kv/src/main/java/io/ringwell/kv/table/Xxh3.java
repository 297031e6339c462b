package io.ringwell.kv.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// XXH3 with 64 bits, seed 0 and the default secret, on memory where it lies. Allocates nothing.
///
/// The algorithm is that of the xxHash specification (doc/xxhash_spec.md of Cyan4973/xxHash). Own
/// code because hash4j, which reads memory through an interface, takes 1.6 to 1.9 times as long for
/// what a block has, 2 to 4 KiB; tests hold it against hash4j.
final class Xxh3 {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long PRIME32_1 = 0x9E3779B1L;
  private static final long PRIME32_2 = 0x85EBCA77L;
  private static final long PRIME32_3 = 0xC2B2AE3DL;
  private static final long PRIME64_1 = 0x9E3779B185EBCA87L;
  private static final long PRIME64_2 = 0xC2B2AE3D27D4EB4FL;
  private static final long PRIME64_3 = 0x165667B19E3779F9L;
  private static final long PRIME64_4 = 0x85EBCA77C2B2AE63L;
  private static final long PRIME64_5 = 0x27D4EB2F165667C5L;
  private static final long PRIME_MX1 = 0x165667919E3779F9L;
  private static final long PRIME_MX2 = 0x9FB21C651E98DF25L;

  /// The specification's default secret.
  private static final byte[] SECRET =
      HexFormat.of()
          .parseHex(
              "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f"
                  + "cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
                  + "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
                  + "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364"
                  + "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e"
                  + "2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e");

  /// The secret's words from every byte on: word `i` begins at byte `i`.
  private static final long[] WORD = new long[SECRET.length - 7];

  /// The words that begin at a multiple of eight bytes: stripe `n` of a block begins with the nth.
  private static final long[] STRIPE = new long[SECRET.length / 8];

  static {
    MemorySegment secret = MemorySegment.ofArray(SECRET);
    for (int i = 0; i < WORD.length; i++) {
      WORD[i] = secret.get(LONG, i);
    }
    for (int i = 0; i < STRIPE.length; i++) {
      STRIPE[i] = WORD[i * 8];
    }
  }

  private static final int STRIPE_SHIFT = 6;
  private static final int BLOCK_SHIFT = 10;
  private static final int STRIPES_OF_BLOCK = 1 << (BLOCK_SHIFT - STRIPE_SHIFT);

  /// Where the words begin that the last stripe, a block's end and the result are mixed with.
  private static final int LAST_STRIPE = 121;

  private static final int SCRAMBLE = 16;
  private static final int MERGE = 11;

  private Xxh3() {}

  static long hash(MemorySegment in, long at, int length) {
    if (length > 240) {
      return large(in, at, length);
    }
    if (length > 128) {
      return upTo240(in, at, length);
    }
    if (length > 16) {
      return upTo128(in, at, length);
    }
    if (length > 8) {
      long low = in.get(LONG, at) ^ WORD[24] ^ WORD[32];
      long high = in.get(LONG, at + length - 8) ^ WORD[40] ^ WORD[48];
      return avalanche(length + Long.reverseBytes(low) + high + fold(low, high));
    }
    if (length >= 4) {
      long first = in.get(INT, at);
      long last = in.get(INT, at + length - 4) & 0xFFFF_FFFFL;
      long hash = (last + (first << 32)) ^ WORD[8] ^ WORD[16];
      hash ^= Long.rotateLeft(hash, 49) ^ Long.rotateLeft(hash, 24);
      hash *= PRIME_MX2;
      hash ^= (hash >>> 35) + length;
      hash *= PRIME_MX2;
      return hash ^ (hash >>> 28);
    }
    if (length > 0) {
      int first = in.get(JAVA_BYTE, at) & 0xFF;
      int middle = in.get(JAVA_BYTE, at + (length >> 1)) & 0xFF;
      int last = in.get(JAVA_BYTE, at + length - 1) & 0xFF;
      int combined = first << 16 | middle << 24 | last | length << 8;
      long secret = (WORD[0] ^ WORD[4]) & 0xFFFF_FFFFL;
      return avalanche64((combined & 0xFFFF_FFFFL) ^ secret);
    }
    return avalanche64(WORD[56] ^ WORD[64]);
  }

  private static long upTo128(MemorySegment in, long at, int length) {
    long end = at + length;
    long sum = length * PRIME64_1;
    if (length > 32) {
      if (length > 64) {
        if (length > 96) {
          sum += mix(in, at + 48, 96) + mix(in, end - 64, 112);
        }
        sum += mix(in, at + 32, 64) + mix(in, end - 48, 80);
      }
      sum += mix(in, at + 16, 32) + mix(in, end - 32, 48);
    }
    return avalanche(sum + mix(in, at, 0) + mix(in, end - 16, 16));
  }

  private static long upTo240(MemorySegment in, long at, int length) {
    long sum = length * PRIME64_1;
    for (int i = 0; i < 8; i++) {
      sum += mix(in, at + 16L * i, 16 * i);
    }
    sum = avalanche(sum);
    for (int i = 8; i < length >> 4; i++) {
      sum += mix(in, at + 16L * i, 16 * (i - 8) + 3);
    }
    return avalanche(sum + mix(in, at + length - 16, 136 - 17));
  }

  private static long large(MemorySegment in, long start, int length) {
    long a0 = PRIME32_3;
    long a1 = PRIME64_1;
    long a2 = PRIME64_2;
    long a3 = PRIME64_3;
    long a4 = PRIME64_4;
    long a5 = PRIME32_2;
    long a6 = PRIME64_5;
    long a7 = PRIME32_1;
    // The eight sums stay in registers; an array of them, or one loop body for both kinds of
    // stripe, halves the speed.
    int blocks = (length - 1) >>> BLOCK_SHIFT;
    int stripesLeft = (length - 1 - (blocks << BLOCK_SHIFT)) >>> STRIPE_SHIFT;
    long base = start;
    for (int block = 0; block <= blocks; block++) {
      int stripes = block < blocks ? STRIPES_OF_BLOCK : stripesLeft;
      for (int s = 0; s < stripes; s++) {
        long at = base + ((long) s << STRIPE_SHIFT);
        long v0 = in.get(LONG, at);
        long v1 = in.get(LONG, at + 8);
        long v2 = in.get(LONG, at + 16);
        long v3 = in.get(LONG, at + 24);
        long v4 = in.get(LONG, at + 32);
        long v5 = in.get(LONG, at + 40);
        long v6 = in.get(LONG, at + 48);
        long v7 = in.get(LONG, at + 56);
        a0 += v1 + halves(v0 ^ STRIPE[s]);
        a1 += v0 + halves(v1 ^ STRIPE[s + 1]);
        a2 += v3 + halves(v2 ^ STRIPE[s + 2]);
        a3 += v2 + halves(v3 ^ STRIPE[s + 3]);
        a4 += v5 + halves(v4 ^ STRIPE[s + 4]);
        a5 += v4 + halves(v5 ^ STRIPE[s + 5]);
        a6 += v7 + halves(v6 ^ STRIPE[s + 6]);
        a7 += v6 + halves(v7 ^ STRIPE[s + 7]);
      }
      if (block < blocks) {
        a0 = scramble(a0, 0);
        a1 = scramble(a1, 1);
        a2 = scramble(a2, 2);
        a3 = scramble(a3, 3);
        a4 = scramble(a4, 4);
        a5 = scramble(a5, 5);
        a6 = scramble(a6, 6);
        a7 = scramble(a7, 7);
      }
      base += 1 << BLOCK_SHIFT;
    }
    // The last 64 bytes once more, which may overlap the stripe before.
    long at = start + length - 64;
    long v0 = in.get(LONG, at);
    long v1 = in.get(LONG, at + 8);
    long v2 = in.get(LONG, at + 16);
    long v3 = in.get(LONG, at + 24);
    long v4 = in.get(LONG, at + 32);
    long v5 = in.get(LONG, at + 40);
    long v6 = in.get(LONG, at + 48);
    long v7 = in.get(LONG, at + 56);
    a0 += v1 + halves(v0 ^ WORD[LAST_STRIPE]);
    a1 += v0 + halves(v1 ^ WORD[LAST_STRIPE + 8]);
    a2 += v3 + halves(v2 ^ WORD[LAST_STRIPE + 16]);
    a3 += v2 + halves(v3 ^ WORD[LAST_STRIPE + 24]);
    a4 += v5 + halves(v4 ^ WORD[LAST_STRIPE + 32]);
    a5 += v4 + halves(v5 ^ WORD[LAST_STRIPE + 40]);
    a6 += v7 + halves(v6 ^ WORD[LAST_STRIPE + 48]);
    a7 += v6 + halves(v7 ^ WORD[LAST_STRIPE + 56]);
    return avalanche(
        length * PRIME64_1
            + fold(a0 ^ WORD[MERGE], a1 ^ WORD[MERGE + 8])
            + fold(a2 ^ WORD[MERGE + 16], a3 ^ WORD[MERGE + 24])
            + fold(a4 ^ WORD[MERGE + 32], a5 ^ WORD[MERGE + 40])
            + fold(a6 ^ WORD[MERGE + 48], a7 ^ WORD[MERGE + 56]));
  }

  /// The low half times the high half.
  private static long halves(long word) {
    return (word & 0xFFFF_FFFFL) * (word >>> 32);
  }

  private static long scramble(long sum, int lane) {
    return (sum ^ (sum >>> 47) ^ STRIPE[SCRAMBLE + lane]) * PRIME32_1;
  }

  /// 16 bytes with the secret from byte `secret` on.
  private static long mix(MemorySegment in, long at, int secret) {
    return fold(in.get(LONG, at) ^ WORD[secret], in.get(LONG, at + 8) ^ WORD[secret + 8]);
  }

  /// The two halves of the product of 128 bits, one exclusive-or the other.
  private static long fold(long a, long b) {
    return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
  }

  private static long avalanche(long hash) {
    long mixed = (hash ^ (hash >>> 37)) * PRIME_MX1;
    return mixed ^ (mixed >>> 32);
  }

  /// As XXH64 ends.
  private static long avalanche64(long hash) {
    long mixed = (hash ^ (hash >>> 33)) * PRIME64_2;
    mixed = (mixed ^ (mixed >>> 29)) * PRIME64_3;
    return mixed ^ (mixed >>> 32);
  }
}
