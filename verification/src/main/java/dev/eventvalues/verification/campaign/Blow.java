package dev.eventvalues.verification.campaign;

/**
 * A fault that strikes somebody.
 *
 * @param fault how
 * @param victim whom: so many members after the one that is in use, or {@link #ALL}
 * @param amount how much of it, as the fault understands it
 */
record Blow(Fault fault, int victim, int amount) {
    static final int ALL = -1;

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
