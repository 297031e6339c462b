/// What the benches of sockets are compared with, on a class path of its own: Netty 4.2, where the
/// SDK of S3 has 4.1.
package io.ringwell.bench.netty;
