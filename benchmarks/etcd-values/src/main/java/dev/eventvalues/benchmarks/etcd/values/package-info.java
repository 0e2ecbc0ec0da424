/** Event Values, and what nothing that speaks gRPC with Java can be faster than: the stubs alone. */
@NullMarked
package dev.eventvalues.benchmarks.etcd.values;

import org.jspecify.annotations.NullMarked;
