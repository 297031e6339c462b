/// Iterators over keys and values whose step may suspend.
///
/// [io.ringwell.kv.KvIterator] is the one contract; what implements it is final, save
/// [io.ringwell.kv.CustomIterator], from which users derive their own.
package io.ringwell.kv;
