package io.ringwell.net;

import java.util.Arrays;
import java.util.Random;

/// What somebody in between does to one record. The header of a record is five bytes: type,
/// version, and the length of what follows (RFC 8446, 5.1).
enum Mutation {
  BIT {
    @Override
    byte[] of(byte[] record, int at, Random random) {
      record[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      return record;
    }
  },
  BYTE {
    @Override
    byte[] of(byte[] record, int at, Random random) {
      record[at] = (byte) random.nextInt();
      return record;
    }
  },
  NOISE {
    @Override
    byte[] of(byte[] record, int at, Random random) {
      byte[] noise = new byte[Math.min(MOST_NOISE, record.length - at)];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, record, at, noise.length);
      return record;
    }
  },
  LENGTH {
    @Override
    byte[] of(byte[] record, int at, Random random) {
      record[LENGTH_AT + random.nextInt(2)] += (byte) (1 + random.nextInt(255));
      return record;
    }
  },
  BYTE_MISSING {
    @Override
    byte[] of(byte[] record, int at, Random random) {
      byte[] less = Arrays.copyOf(record, record.length - 1);
      System.arraycopy(record, at + 1, less, at, less.length - at);
      return less;
    }
  },
  /// What follows the record goes on in its middle.
  REST_MISSING {
    @Override
    byte[] of(byte[] record, int at, Random random) {
      return Arrays.copyOf(record, at);
    }
  },
  MISSING {
    @Override
    byte[] of(byte[] record, int at, Random random) {
      return new byte[0];
    }
  },
  TWICE {
    @Override
    byte[] of(byte[] record, int at, Random random) {
      byte[] both = Arrays.copyOf(record, 2 * record.length);
      System.arraycopy(record, 0, both, record.length, record.length);
      return both;
    }
  },
  /// A record of anything goes before it.
  INSERTED {
    @Override
    byte[] of(byte[] record, int at, Random random) {
      byte[] body = new byte[random.nextInt(MOST_NOISE)];
      random.nextBytes(body);
      byte[] all = new byte[HEADER_BYTES + body.length + record.length];
      all[0] = (byte) (FIRST_TYPE + random.nextInt(5));
      all[1] = record[1];
      all[2] = record[2];
      all[LENGTH_AT + 1] = (byte) body.length;
      int behind = HEADER_BYTES + body.length;
      System.arraycopy(body, 0, all, behind - body.length, body.length);
      System.arraycopy(record, 0, all, behind, record.length);
      return all;
    }
  },
  /// The one that follows goes first: see [Mutator].
  SWAPPED,
  /// Nothing follows any more: see [Mutator].
  CUT {
    @Override
    byte[] of(byte[] record, int at, Random random) {
      return Arrays.copyOf(record, at);
    }
  };

  static final int HEADER_BYTES = 5;

  /// Of the two bytes of length, the higher one first.
  static final int LENGTH_AT = 3;

  private static final int FIRST_TYPE = 20; // change_cipher_spec
  private static final int MOST_NOISE = 64;

  /// What goes in its place.
  ///
  /// @param at where within the record; not every mutation asks
  byte[] of(byte[] record, int at, Random random) {
    return record;
  }
}
