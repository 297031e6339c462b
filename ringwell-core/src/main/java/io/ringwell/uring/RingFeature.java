package io.ringwell.uring;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// A kernel feature that a ring uses where it can. Each has a switch:
/// `-Dringwell.uring.disable=defer_taskrun,no_sqarray` leaves features out, so that the paths of
/// older kernels can be run on a new one.
///
/// A feature with a set-up flag is asked for at io_uring_setup(2), newest dropped first when the
/// kernel answers EINVAL.
public enum RingFeature {
  /// `IORING_SETUP_CQSIZE`, Linux 5.5: a completion queue larger than twice the submission queue.
  CQSIZE(1 << 3),
  /// `IORING_SETUP_SUBMIT_ALL`, 5.18: one bad submission does not stop its batch.
  SUBMIT_ALL(1 << 7),
  /// `IORING_SETUP_COOP_TASKRUN`, 5.19: no inter-processor interrupt for completions.
  COOP_TASKRUN(1 << 8),
  /// `IORING_SETUP_TASKRUN_FLAG`, 5.19: the ring tells when completions wait for an enter.
  TASKRUN_FLAG(1 << 9),
  /// `IORING_SETUP_SINGLE_ISSUER`, 6.0: only one thread submits.
  SINGLE_ISSUER(1 << 12),
  /// `IORING_SETUP_DEFER_TASKRUN`, 6.1: completions are worked off in the owner's own enter.
  DEFER_TASKRUN(1 << 13),
  /// `IORING_SETUP_NO_SQARRAY`, 6.6: no indirection between queue and submissions.
  NO_SQARRAY(1 << 16),
  /// `IORING_REGISTER_RING_FDS`, 5.18: enter without looking the descriptor up.
  REGISTERED_RING(0),
  /// `IORING_FEAT_EXT_ARG`, 5.11: waiting with a time limit in the same enter.
  EXT_ARG(0),
  /// `IORING_FEAT_CQE_SKIP`, 5.17, and with it files that are opened into the table of registered
  /// ones (5.15): chains of open, read and close.
  DIRECT_FILES(0),
  /// `IORING_REGISTER_FILES2`, 5.13 (5.19 for an empty table): operations on registered files.
  FIXED_FILES(0),
  /// `IORING_REGISTER_BUFFERS2`, 5.13 (5.19 for an empty table): operations on registered memory.
  FIXED_BUFFERS(0),
  /// `IORING_OP_SEND_ZC`, 6.0: the kernel sends from the memory that it is given, without a copy.
  SEND_ZC(0),
  /// `IORING_RECVSEND_POLL_FIRST`, 5.19: a receive waits for a socket before it looks at it.
  POLL_FIRST(0);

  /// The property that names the features to do without, separated by commas.
  public static final String DISABLE_PROPERTY = "ringwell.uring.disable";

  final int setupFlag;

  RingFeature(int setupFlag) {
    this.setupFlag = setupFlag;
  }

  /// The name that the switch and reports use, such as `defer_taskrun`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Every feature that [#DISABLE_PROPERTY] does not name.
  ///
  /// @throws IllegalArgumentException where the property names a feature that there is not
  public static Set<RingFeature> enabled() {
    EnumSet<RingFeature> features = EnumSet.allOf(RingFeature.class);
    for (String part : System.getProperty(DISABLE_PROPERTY, "").split(",", -1)) {
      String label = part.strip();
      if (!label.isEmpty()) {
        features.remove(of(label));
      }
    }
    return features;
  }

  private static RingFeature of(String label) {
    for (RingFeature feature : values()) {
      if (feature.label().equalsIgnoreCase(label)) {
        return feature;
      }
    }
    throw new IllegalArgumentException(
        "-D" + DISABLE_PROPERTY + " names '" + label + "'; it takes some of " + labels());
  }

  private static String labels() {
    StringBuilder all = new StringBuilder();
    for (RingFeature feature : values()) {
      all.append(all.isEmpty() ? "" : ",").append(feature.label());
    }
    return all.toString();
  }
}
