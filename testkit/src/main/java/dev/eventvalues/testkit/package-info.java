/**
 * Real etcd clusters with faults, for tests.
 *
 * <p>{@link dev.eventvalues.testkit.EtcdCluster} starts etcd processes on loopback and is the entry point;
 * {@link dev.eventvalues.testkit.EtcdClusterExtension} gives one to JUnit tests. A
 * {@link dev.eventvalues.testkit.Member} is killed, paused, stopped or replaced; the links between members, and those of
 * clients to members, are cut, silenced and healed; a cluster is thrown back to a backup.
 * {@link dev.eventvalues.testkit.EtcdStore} reads and writes the keys without any client library, so that what is tested
 * is not judged by itself, and {@link dev.eventvalues.testkit.Requests} says what has reached the servers.
 *
 * <p><i>Security.</i> Clusters serve clients over TLS if they are started with a
 * {@link dev.eventvalues.testkit.ClusterTls}, with certificates of a
 * {@link dev.eventvalues.testkit.CertificateAuthority}; {@link dev.eventvalues.testkit.EtcdAuth} gives them users.
 *
 * <p><i>Waiting.</i> Methods that wait are bounded and throw {@link java.lang.IllegalStateException} saying what they
 * waited for. They throw it too when interrupted, with the thread's interrupt flag up.
 *
 * <p><i>Reading order:</i> {@link dev.eventvalues.testkit.EtcdBinary}, {@link dev.eventvalues.testkit.EtcdCluster},
 * {@link dev.eventvalues.testkit.Member}, {@link dev.eventvalues.testkit.ClientFaults},
 * {@link dev.eventvalues.testkit.EtcdStore}, {@link dev.eventvalues.testkit.EtcdAuth}.
 */
@NullMarked
package dev.eventvalues.testkit;

import org.jspecify.annotations.NullMarked;
