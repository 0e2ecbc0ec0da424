package dev.eventvalues.testkit;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A release line of etcd that tests can ask for. */
public enum EtcdRelease {
    /** etcd 3.4. */
    V3_4("3.4"),
    /** etcd 3.5. */
    V3_5("3.5");

    private static final String PROPERTY = "etcd";

    private final String number;

    EtcdRelease(String number) {
        this.number = number;
    }

    /**
     * The release named by a number such as {@code 3.5}.
     *
     * @param number the major and minor number
     * @return the release
     * @throws IllegalArgumentException if there is no such release here
     */
    public static EtcdRelease parse(String number) {
        return Arrays.stream(values())
                .filter(release -> release.number.equals(number))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no etcd release \"" + number + "\" here, use one of "
                        + Arrays.stream(values()).map(EtcdRelease::number).collect(Collectors.joining(", "))));
    }

    /**
     * The release this run is to test: the system property {@code etcd}, else 3.4.
     *
     * @return the release
     * @throws IllegalArgumentException if the property names no release
     */
    public static EtcdRelease requested() {
        return insistedOn().orElse(V3_4);
    }

    /** The release named by the system property, empty if any will do. */
    static Optional<EtcdRelease> insistedOn() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .filter(text -> !text.isBlank())
                .map(text -> parse(text.strip()));
    }

    /** {@return the major and minor number, such as {@code 3.5}} */
    public String number() {
        return number;
    }

    /**
     * Whether a version belongs to this release.
     *
     * @param version a full version, such as {@code 3.5.16}
     * @return true if its major and minor numbers are this release's
     */
    public boolean includes(String version) {
        return version.startsWith(number + ".");
    }
}
