package dev.eventvalues.verification;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The kinds of evidence there are, and what each is about: a change of anything else leaves it as it is. */
public enum Kind {
    SEQUENCES,
    SCHEDULES,
    CAMPAIGN,
    SOAK,
    MODELS {
        @Override
        List<String> about(String subject) {
            return CORE;
        }
    },
    RACES {
        @Override
        List<String> about(String subject) {
            return subject.startsWith("SnapshotRaces.") ? PRODUCT : CORE;
        }
    },
    MUTANTS,
    FUZZ,
    REPEAT;

    private static final List<String> CORE = List.of("core/src/main");
    private static final List<String> PRODUCT = List.of("core/src/main", "etcd/src/main");

    /** The kind that is written so. */
    static Kind of(String written) {
        return Arrays.stream(values())
                .filter(kind -> kind.written().equals(written))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no kind of evidence is called " + written + "; there are " + Arrays.toString(values())));
    }

    /** As the page and the names of the ledgers have it. */
    String written() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The subject of this name here and now, without a server. */
    public Subject subject(String name) {
        return subject(name, "");
    }

    /** The subject of this name here and now, with a server of this version. */
    public Subject subject(String name, String etcd) {
        return new Subject(name, sources(Sources.root(), name), System.getProperty("java.version"), etcd);
    }

    /** Whether nothing has changed since that this evidence is about. */
    boolean isCurrent(Path root, Subject subject) {
        return subject.source().equals(sources(root, subject.name()));
    }

    String sources(Path root, String subject) {
        return Sources.of(root, about(subject));
    }

    /** Folders of sources, from the root: whatever takes part when a subject of this name is tried. */
    List<String> about(String subject) {
        return PRODUCT;
    }
}
