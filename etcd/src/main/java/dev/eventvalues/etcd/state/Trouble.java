package dev.eventvalues.etcd.state;

/**
 * Why an attempt to reach etcd failed.
 *
 * @param kind what can be done about it
 * @param message what happened, with the endpoint; never a value or a secret
 */
public record Trouble(Kind kind, String message) {
    /** What can be done about it. */
    public enum Kind {
        /** It may pass: tried again until it does. */
        UNREACHABLE(false),
        /** The user may not do this, or is not known: only an operator can mend it. */
        ACCESS_DENIED(true),
        /** What answers does not speak etcd's protocol: wrong endpoint. */
        NOT_ETCD(true),
        /** There is more than may be kept here: only another limit, or fewer keys, can mend it. */
        TOO_LARGE(true),
        /** The server refused for another reason that will not pass by itself. */
        REFUSED(true);

        private final boolean permanent;

        Kind(boolean permanent) {
            this.permanent = permanent;
        }

        /**
         * Whether consumers are told, rather than kept waiting.
         *
         * @return true for a refusal
         */
        public boolean isPermanent() {
            return permanent;
        }
    }
}
