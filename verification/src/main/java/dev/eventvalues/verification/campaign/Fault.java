package dev.eventvalues.verification.campaign;

import dev.eventvalues.testkit.ClientFaults;
import dev.eventvalues.testkit.EtcdCluster;
import dev.eventvalues.testkit.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A way in which something fails, and how it is mended. */
enum Fault {
    KILLED("a member is killed", Harm.MEMBER) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.victim(blow).kill();
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.victim(blow).start();
        }
    },

    RESTARTED("a member is stopped and started again", Harm.MEMBER) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.victim(blow).stop();
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.victim(blow).start();
        }
    },

    FROZEN("a member is frozen", Harm.MEMBER) {
        @Override
        void inflict(Scene scene, Blow blow) {
            if (scene.victim(blow).isRunning()) {
                scene.victim(blow).pause();
            }
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.victim(blow).resume();
        }
    },

    REPLACED("a member is replaced by a new one", Harm.MEMBER, Trait.ASKS, Trait.PASSES) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.victim(blow).replace();
        }
    },

    ISOLATED("a member is cut off from the others", Harm.MEMBER, Trait.ON_LINKS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.cluster().isolate(scene.victim(blow));
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.cluster().heal();
        }
    },

    SILENCED("the links of a member to the others stall", Harm.MEMBER, Trait.ON_LINKS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.cluster().silence(scene.victim(blow));
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.cluster().heal();
        }
    },

    MUTED("nothing that a member sends reaches the others", Harm.MEMBER, Trait.ON_LINKS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.cluster().mute(scene.victim(blow));
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.cluster().heal();
        }
    },

    DEAFENED("nothing that the others send reaches a member", Harm.MEMBER, Trait.ON_LINKS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.cluster().deafen(scene.victim(blow));
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.cluster().heal();
        }
    },

    DISK_FULL("the disk of a member is full", Harm.MEMBER) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.disks().fill(scene.victim(blow));
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.disks().empty(scene.victim(blow));
        }
    },

    HALF_OPEN("a member is gone and its clients are not told", Harm.MEMBER, Trait.ON_CLIENTS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.victim(blow).blackHoleClients();
            scene.victim(blow).kill();
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.victim(blow).start();
            scene.victim(blow).healClients();
        }
    },

    LEADER_MOVED("the leadership moves", Harm.NOTHING, Trait.ASKS, Trait.PASSES) {
        @Override
        void inflict(Scene scene, Blow blow) {
            Member leader = scene.cluster().leader();
            scene.cluster().members().stream()
                    .filter(member -> member != leader && scene.answers(member))
                    .findFirst()
                    .ifPresent(Member::moveLeaderHere);
        }
    },

    SCATTERED("all members are cut off from each other", Harm.CLUSTER, Trait.ON_LINKS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.cluster().members().forEach(scene.cluster()::isolate);
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.cluster().heal();
        }
    },

    CLUSTER_DOWN("all members are killed", Harm.CLUSTER) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.cluster().members().forEach(Member::kill);
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.cluster().members().forEach(Member::start);
        }
    },

    RESTORED("a backup is restored", Harm.CLUSTER, Trait.ASKS, Trait.PASSES) {
        @Override
        void inflict(Scene scene, Blow blow) {
            EtcdCluster cluster = scene.cluster();
            Path backup = cluster.saveSnapshot();
            Scene.pass(Duration.ofMillis(blow.amount() % 200)); // so that something is lost
            scene.journal().whileStoreIsReplaced(() -> cluster.restore(backup));
        }
    },

    DEFRAGMENTED("members are defragmented", Harm.NOTHING, Trait.PASSES) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.cluster().members().stream()
                    .filter(scene::answers)
                    .forEach(member -> member.call("/v3/maintenance/defragment", "{}"));
        }
    },

    COMPACTED("the history is compacted at its head", Harm.NOTHING, Trait.ASKS, Trait.PASSES) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.cluster().compact();
        }
    },

    COMPACTED_WHILE_CUT(
            "the history is compacted while clients are cut off", Harm.CLIENTS, Trait.ASKS, Trait.ON_CLIENTS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.cluster().refuseClients();
            scene.cluster().cutClients();
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.cluster().compact();
            scene.cluster().healClients();
        }
    },

    NO_SPACE("the alarm for the quota is raised", Harm.NOTHING, Trait.ASKS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.raiseAlarm();
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.endAlarms();
        }
    },

    DELAYED("what goes between clients and members is delayed", Harm.PATHS, Trait.ON_CLIENTS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.paths(blow).delayClients(Duration.ofMillis(20 + blow.amount() % 100));
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.paths(blow).healClients();
        }
    },

    BLACK_HOLED("nothing goes between clients and members, and nobody is told", Harm.PATHS, Trait.ON_CLIENTS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.paths(blow).blackHoleClients();
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.paths(blow).healClients();
        }
    },

    REFUSED("clients are cut and refused", Harm.PATHS, Trait.ON_CLIENTS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.paths(blow).refuseClients();
            scene.paths(blow).cutClients();
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.paths(blow).healClients();
        }
    },

    CUT("clients are cut", Harm.PATHS, Trait.PASSES) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.paths(blow).cutClients();
        }
    },

    CUT_AMONG_BYTES("clients are cut after some bytes, again and again", Harm.PATHS, Trait.ON_CLIENTS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            int bytes = blow.amount();
            for (int round = 0; round < 5; round++) {
                ClientFaults paths = scene.paths(blow);
                paths.cutClientsAfter(bytes % 3_000);
                bytes = bytes / 3 + round;
                Scene.pass(Duration.ofMillis(bytes % 40));
            }
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.paths(blow).healClients();
        }
    },

    PROCESS_FROZEN("the process with the watchers is frozen", Harm.WATCHERS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.watchers().freeze();
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.watchers().thaw();
        }
    },

    CONSUMERS_SLOW("consumers take their time", Harm.NOTHING) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.watchers().pace(Pace.resting(50 + blow.amount() % 200));
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.watchers().pace(Pace.EAGER);
        }
    },

    CONSUMERS_PAUSED("consumers take nothing", Harm.NOTHING) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.watchers().pace(Pace.NONE);
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.watchers().pace(Pace.EAGER);
        }
    },

    TOKEN_EXPIRED("the process is frozen for longer than its token lives", Harm.WATCHERS, Trait.SECURED) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.watchers().freeze();
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.watchers().thaw();
        }
    },

    PASSWORD_CHANGED(
            "the password is changed, and clients learn of it later", Harm.REFUSAL, Trait.SECURED, Trait.ASKS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.secrets().changePassword("p" + blow.amount());
            scene.cluster().cutClients();
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.secrets().tellPassword();
        }
    },

    ROLE_REVOKED("the role is taken away, and given back", Harm.REFUSAL, Trait.SECURED, Trait.ASKS) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.secrets().revokeRole();
            scene.cluster().cutClients();
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.secrets().grantRole();
        }
    },

    CERTIFICATE_ROTATED(
            "members show a certificate of another authority, and clients trust it later",
            Harm.REFUSAL,
            Trait.SECURED) {
        @Override
        void inflict(Scene scene, Blow blow) {
            scene.secrets().rotateServer();
            scene.cluster().cutClients();
        }

        @Override
        void heal(Scene scene, Blow blow) {
            scene.secrets().rotateTrust();
        }
    };

    /** What a fault does to the rest, at its worst. */
    enum Harm {
        NOTHING,
        /** Paths between clients and one member, or all. */
        PATHS,
        /** All paths between clients and members. */
        CLIENTS,
        /** Clients are told that they may not. */
        REFUSAL,
        /** The process with the watchers. */
        WATCHERS,
        /** One member. */
        MEMBER,
        /** There is no majority. */
        CLUSTER
    }

    private enum Trait {
        /** It can be inflicted and mended only while there is a majority. */
        ASKS,
        /** It is over once it is inflicted. */
        PASSES,
        /** Healing it heals whatever is wrong with the links between members. */
        ON_LINKS,
        /** Healing it heals whatever is wrong with the paths of clients. */
        ON_CLIENTS,
        /** It needs a cluster with TLS and users. */
        SECURED
    }

    private final String description;
    private final Harm harm;
    private final boolean asks;
    private final boolean passes;
    private final boolean onLinks;
    private final boolean onClients;
    private final boolean secured;

    Fault(String description, Harm harm, Trait... traits) {
        this.description = description;
        this.harm = harm;
        List<Trait> all = List.of(traits);
        this.asks = all.contains(Trait.ASKS);
        this.passes = all.contains(Trait.PASSES);
        this.onLinks = all.contains(Trait.ON_LINKS);
        this.onClients = all.contains(Trait.ON_CLIENTS);
        this.secured = all.contains(Trait.SECURED);
    }

    abstract void inflict(Scene scene, Blow blow);

    /** Nothing to do for one that is over. */
    void heal(Scene scene, Blow blow) {}

    Harm harm() {
        return harm;
    }

    boolean asks() {
        return asks;
    }

    boolean passes() {
        return passes;
    }

    boolean isSecured() {
        return secured;
    }

    /** Whether mending the one mends the other too, so that it has to be inflicted again. */
    boolean sharesItsCureWith(Fault other) {
        return (onLinks && other.onLinks) || (onClients && other.onClients);
    }

    static List<Fault> all() {
        return Arrays.asList(values());
    }

    @Override
    public String toString() {
        return description;
    }
}
