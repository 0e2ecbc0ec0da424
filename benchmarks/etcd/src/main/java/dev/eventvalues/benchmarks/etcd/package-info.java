/**
 * The rows with etcd, as they run in the JVM of one client. {@link dev.eventvalues.benchmarks.etcd.PeerProcess} is its
 * program, {@link dev.eventvalues.benchmarks.etcd.EtcdPeer} what each client offers, {@link
 * dev.eventvalues.benchmarks.etcd.Trials} the list of rows. Figures and questions about the server go to the program that
 * has started it, through {@link dev.eventvalues.benchmarks.etcd.Referee}.
 */
@NullMarked
package dev.eventvalues.benchmarks.etcd;

import org.jspecify.annotations.NullMarked;
