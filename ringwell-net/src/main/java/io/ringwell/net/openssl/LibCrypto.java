package io.ringwell.net.openssl;

import java.lang.invoke.MethodHandle;

/// Functions of libcrypto, by their names in C; `man 3` has each.
final class LibCrypto {
  static final MethodHandle OPENSSL_VERSION = bind("OpenSSL_version", 1);

  static final MethodHandle ERR_CLEAR_ERROR = bind("ERR_clear_error", 0);
  static final MethodHandle ERR_GET_ERROR = bind("ERR_get_error", 0);
  static final MethodHandle ERR_REASON_ERROR_STRING = bind("ERR_reason_error_string", 1);

  static final MethodHandle BIO_NEW = bind("BIO_new", 1);
  static final MethodHandle BIO_S_MEM = bind("BIO_s_mem", 0);
  static final MethodHandle BIO_NEW_BIO_PAIR = bind("BIO_new_bio_pair", 4);
  static final MethodHandle BIO_CTRL = bind("BIO_ctrl", 4);
  static final MethodHandle BIO_CTRL_PENDING = bind("BIO_ctrl_pending", 1);
  static final MethodHandle BIO_READ = bind("BIO_read", 3);
  static final MethodHandle BIO_FREE = bind("BIO_free", 1);

  static final MethodHandle D2I_X509 = bind("d2i_X509", 3);
  static final MethodHandle I2D_X509 = bind("i2d_X509", 2);
  static final MethodHandle X509_FREE = bind("X509_free", 1);
  static final MethodHandle X509_STORE_ADD_CERT = bind("X509_STORE_add_cert", 2);
  static final MethodHandle X509_VERIFY_PARAM_SET_FLAGS = bind("X509_VERIFY_PARAM_set_flags", 2);
  static final MethodHandle X509_VERIFY_PARAM_SET_HOSTFLAGS =
      bind("X509_VERIFY_PARAM_set_hostflags", 2);
  static final MethodHandle X509_VERIFY_PARAM_SET1_HOST = bind("X509_VERIFY_PARAM_set1_host", 3);
  static final MethodHandle X509_VERIFY_PARAM_SET1_IP_ASC =
      bind("X509_VERIFY_PARAM_set1_ip_asc", 2);
  static final MethodHandle X509_VERIFY_CERT_ERROR_STRING =
      bind("X509_verify_cert_error_string", 1);
  static final MethodHandle OPENSSL_SK_NUM = bind("OPENSSL_sk_num", 1);
  static final MethodHandle OPENSSL_SK_VALUE = bind("OPENSSL_sk_value", 2);

  private LibCrypto() {}

  private static MethodHandle bind(String name, int arguments) {
    return Libraries.crypto(name, arguments);
  }
}
