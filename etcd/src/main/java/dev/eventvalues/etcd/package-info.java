/**
 * Values and ranges of values kept in etcd, read and written with the same few words as values in memory.
 *
 * <pre>{@code
 * try (EtcdValues etcd = EtcdValues.connect("http://127.0.0.1:2379")) {
 *     WritableEtcdValue<String> address = etcd.value("service/address", Codec.utf8());
 *     address.set("203.0.113.24");
 *
 *     try (Watcher<String> watcher = address.present().watch()) {
 *         while (true) {
 *             updateHostsFile(watcher.next());
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Start with {@link dev.eventvalues.etcd.EtcdValues}; then {@link dev.eventvalues.etcd.EtcdKeys} says how to name a
 * key, a prefix or a range, {@link dev.eventvalues.etcd.EtcdValue} what one key is, and
 * {@link dev.eventvalues.etcd.EtcdRange} what many are.
 *
 * <p><b>Null.</b> Passing null anywhere throws {@link NullPointerException} at the call.
 */
@NullMarked
package dev.eventvalues.etcd;

import org.jspecify.annotations.NullMarked;
