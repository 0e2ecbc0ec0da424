package dev.eventvalues.verification;

import java.util.Objects;

/**
 * What evidence is about. Figures of different subjects are never added up.
 *
 * @param name what was tried, such as {@code schedules with one feed}
 * @param source what it was tried on: a hash of those sources that evidence of its {@link Kind} is about
 * @param java the version of the JVM, such as {@code 17.0.15}
 * @param etcd the version of the server, such as {@code 3.4.23}; empty without one
 */
public record Subject(String name, String source, String java, String etcd) {
    public Subject {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(java, "java");
        Objects.requireNonNull(etcd, "etcd");
    }
}
