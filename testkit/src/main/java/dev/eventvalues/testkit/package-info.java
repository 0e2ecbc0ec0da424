/**
 * Real etcd clusters with faults, for tests.
 *
 * <p>{@link dev.eventvalues.testkit.EtcdCluster} starts etcd processes on loopback and is the entry point;
 * {@link dev.eventvalues.testkit.EtcdClusterExtension} gives one to JUnit tests. A
 * {@link dev.eventvalues.testkit.Member} is killed, paused or stopped; the links between members, and those of
 * clients to members, are cut and healed. {@link dev.eventvalues.testkit.EtcdStore} reads and writes the keys without
 * any client library, so that what is tested is not judged by itself.
 *
 * <p><i>Waiting.</i> Methods that wait are bounded and throw {@link java.lang.IllegalStateException} saying what they
 * waited for. They throw it too when interrupted, with the thread's interrupt flag up.
 *
 * <p><i>Reading order:</i> {@link dev.eventvalues.testkit.EtcdBinary}, {@link dev.eventvalues.testkit.EtcdCluster},
 * {@link dev.eventvalues.testkit.Member}, {@link dev.eventvalues.testkit.ClientFaults},
 * {@link dev.eventvalues.testkit.EtcdStore}.
 */
@NullMarked
package dev.eventvalues.testkit;

import org.jspecify.annotations.NullMarked;
