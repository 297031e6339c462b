/// Connections whose two directions are pipes: protocol code sees bytes that come and bytes that
/// go, and no sockets.
package io.ringwell.net;
