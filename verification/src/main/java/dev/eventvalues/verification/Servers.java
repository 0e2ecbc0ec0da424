package dev.eventvalues.verification;

import dev.eventvalues.testkit.EtcdBinary;
import dev.eventvalues.testkit.EtcdRelease;
import picocli.CommandLine.Option;

/** Against which servers, in the words that all kinds of evidence with real clusters share. */
@SuppressWarnings("unused") // picocli sets the field
public final class Servers {
    @Option(names = "--etcd", defaultValue = "3.4", description = "The release of the servers, 3.4 or 3.5.")
    private String etcd = "3.4";

    /**
     * The release.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public EtcdRelease release() {
        return EtcdRelease.parse(etcd);
    }

    /** Which of its versions is there; it is fetched if there is none. */
    public String version() {
        return EtcdBinary.locate(release()).version();
    }

    /** For Maven: the tests run against that release. */
    public String property() {
        return "-Detcd=" + etcd;
    }
}
