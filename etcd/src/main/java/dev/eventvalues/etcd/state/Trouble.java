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
        /** The user may not do this: only an operator can mend it. */
        ACCESS_DENIED(true),
        /** etcd does not know the user with this password, or demands a name and got none. */
        UNAUTHENTICATED(true),
        /** The two sides do not agree on who they are, or on whether to use TLS at all. */
        TLS(true),
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
