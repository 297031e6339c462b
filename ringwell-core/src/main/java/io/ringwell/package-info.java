/// The front door: [Ringwell] opens an engine and the files on it.
package io.ringwell;
