package io.ringwell.memory;

/// The system does not give memory that can be locked, left out of dumps and kept from forks; no
/// ordinary memory is given in its place.
///
/// The message names what was refused, the limit in force, and the remedy.
public final class SecureMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SecureMemoryException(String message) {
    super(message);
  }
}
