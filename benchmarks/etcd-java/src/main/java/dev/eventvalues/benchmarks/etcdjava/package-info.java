/** etcd-java, with the libraries it asks for. */
@NullMarked
package dev.eventvalues.benchmarks.etcdjava;

import org.jspecify.annotations.NullMarked;
