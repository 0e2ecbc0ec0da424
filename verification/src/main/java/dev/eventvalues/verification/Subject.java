package dev.eventvalues.verification;

import java.util.Objects;

/**
 * What evidence is about. Figures of different subjects are never added up.
 *
 * @param name what was tried, such as {@code schedules with one feed}
 * @param source what was tried it on, see {@link Sources}
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

    /** The subject of this name here and now, without a server. */
    public static Subject named(String name) {
        return named(name, "");
    }

    /** The subject of this name here and now, with a server of this version. */
    public static Subject named(String name, String etcd) {
        return new Subject(name, Sources.current(), System.getProperty("java.version"), etcd);
    }
}
