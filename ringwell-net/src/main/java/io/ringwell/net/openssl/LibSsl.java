package io.ringwell.net.openssl;

import java.lang.invoke.MethodHandle;

/// Functions of libssl, by their names in C; `man 3` has each.
final class LibSsl {
  static final MethodHandle OPENSSL_INIT_SSL = bind("OPENSSL_init_ssl", 2);

  static final MethodHandle TLS_METHOD = bind("TLS_method", 0);
  static final MethodHandle SSL_CTX_NEW = bind("SSL_CTX_new", 1);
  static final MethodHandle SSL_CTX_FREE = bind("SSL_CTX_free", 1);
  static final MethodHandle SSL_CTX_CTRL = bind("SSL_CTX_ctrl", 4);
  static final MethodHandle SSL_CTX_SET_OPTIONS = bind("SSL_CTX_set_options", 2);
  static final MethodHandle SSL_CTX_SET_DEFAULT_PASSWD_CB_USERDATA =
      bind("SSL_CTX_set_default_passwd_cb_userdata", 2);
  static final MethodHandle SSL_CTX_USE_CERTIFICATE_CHAIN_FILE =
      bind("SSL_CTX_use_certificate_chain_file", 2);
  static final MethodHandle SSL_CTX_USE_PRIVATEKEY_FILE = bind("SSL_CTX_use_PrivateKey_file", 3);
  static final MethodHandle SSL_CTX_GET_CERT_STORE = bind("SSL_CTX_get_cert_store", 1);
  static final MethodHandle SSL_CTX_ADD1_TO_CA_LIST = bind("SSL_CTX_add1_to_CA_list", 2);
  static final MethodHandle SSL_CTX_SET_ALPN_SELECT_CB = bind("SSL_CTX_set_alpn_select_cb", 3);

  static final MethodHandle SSL_NEW = bind("SSL_new", 1);
  static final MethodHandle SSL_FREE = bind("SSL_free", 1);
  static final MethodHandle SSL_CTRL = bind("SSL_ctrl", 4);
  static final MethodHandle SSL_SET_BIO = bind("SSL_set_bio", 3);
  static final MethodHandle SSL_SET_CONNECT_STATE = bind("SSL_set_connect_state", 1);
  static final MethodHandle SSL_SET_ACCEPT_STATE = bind("SSL_set_accept_state", 1);
  static final MethodHandle SSL_SET_VERIFY = bind("SSL_set_verify", 3);
  static final MethodHandle SSL_SET_ALPN_PROTOS = bind("SSL_set_alpn_protos", 3);
  static final MethodHandle SSL_SELECT_NEXT_PROTO = bind("SSL_select_next_proto", 6);
  static final MethodHandle SSL_SET_EX_DATA = bind("SSL_set_ex_data", 3);
  static final MethodHandle SSL_GET_EX_DATA = bind("SSL_get_ex_data", 2);
  static final MethodHandle SSL_GET0_PARAM = bind("SSL_get0_param", 1);

  static final MethodHandle SSL_DO_HANDSHAKE = bind("SSL_do_handshake", 1);
  static final MethodHandle SSL_READ_EX = bind("SSL_read_ex", 4);
  static final MethodHandle SSL_WRITE_EX = bind("SSL_write_ex", 4);
  static final MethodHandle SSL_SHUTDOWN = bind("SSL_shutdown", 1);
  static final MethodHandle SSL_GET_ERROR = bind("SSL_get_error", 2);
  static final MethodHandle SSL_GET_VERIFY_RESULT = bind("SSL_get_verify_result", 1);

  static final MethodHandle SSL_GET_VERSION = bind("SSL_get_version", 1);
  static final MethodHandle SSL_GET_CURRENT_CIPHER = bind("SSL_get_current_cipher", 1);
  static final MethodHandle SSL_CIPHER_STANDARD_NAME = bind("SSL_CIPHER_standard_name", 1);
  static final MethodHandle SSL_GET0_ALPN_SELECTED = bind("SSL_get0_alpn_selected", 3);
  static final MethodHandle SSL_GET_SERVERNAME = bind("SSL_get_servername", 2);
  static final MethodHandle SSL_GET1_PEER_CERTIFICATE = bind("SSL_get1_peer_certificate", 1);
  static final MethodHandle SSL_GET_PEER_CERT_CHAIN = bind("SSL_get_peer_cert_chain", 1);

  static final MethodHandle SSL_SET_OPTIONS = bind("SSL_set_options", 2);
  static final MethodHandle SSL_SET_SESSION_ID_CONTEXT = bind("SSL_set_session_id_context", 3);
  static final MethodHandle SSL_GET_SESSION = bind("SSL_get_session", 1);
  static final MethodHandle SSL_GET1_SESSION = bind("SSL_get1_session", 1);
  static final MethodHandle SSL_SET_SESSION = bind("SSL_set_session", 2);
  static final MethodHandle SSL_SESSION_IS_RESUMABLE = bind("SSL_SESSION_is_resumable", 1);
  static final MethodHandle SSL_SESSION_FREE = bind("SSL_SESSION_free", 1);

  private LibSsl() {}

  private static MethodHandle bind(String name, int arguments) {
    return Libraries.ssl(name, arguments);
  }
}
