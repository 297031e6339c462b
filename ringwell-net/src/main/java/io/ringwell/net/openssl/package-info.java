/// libssl and libcrypto of OpenSSL 3, as far as TLS between pipes needs them: contexts,
/// connections, errors. Knows addresses and lengths, nothing of pipes. Not exported.
package io.ringwell.net.openssl;
