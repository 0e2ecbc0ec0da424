package dev.eventvalues.verification.campaign;

import java.util.Random;

/**
 * A fault that strikes somebody.
 *
 * @param fault how
 * @param victim whom: so many members after the one that is in use, or {@link #ALL}
 * @param amount how much of it, as the fault understands it
 */
record Blow(Fault fault, int victim, int amount) {
    static final int ALL = -1;

    private static final int MEMBERS = 3;

    /** Whom it strikes, and how much of it there is, is drawn. */
    static Blow drawn(Fault fault, Random random) {
        boolean all = fault.harm() == Fault.Harm.PATHS && random.nextBoolean();
        int victim = all ? ALL : random.nextInt(5) < 3 ? 0 : random.nextInt(MEMBERS);
        return new Blow(fault, victim, random.nextInt(10_000));
    }

    /** Whether no member can serve the clients any more. */
    boolean isOutage() {
        return switch (fault.harm()) {
                    case CLUSTER, CLIENTS -> true;
                    case PATHS -> victim == ALL && fault != Fault.DELAYED && fault != Fault.CUT_AMONG_BYTES;
                    default -> false;
                }
                && !fault.passes();
    }

    @Override
    public String toString() {
        String whom = switch (fault.harm()) {
            case MEMBER -> "member in use + " + victim;
            case PATHS -> victim == ALL ? "all members" : "member in use + " + victim;
            default -> "";
        };
        return fault + " (" + fault.name() + (whom.isEmpty() ? "" : ", " + whom) + ", " + amount + ")";
    }
}
