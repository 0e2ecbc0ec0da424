package dev.eventvalues.cli;

import java.util.Locale;
import java.util.Objects;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How an event is written, as one line. */
enum Format {
    /** For people. */
    TEXT {
        @Override
        String line(Event event) {
            String key = event.key().line();
            return switch (event.type()) {
                case PRESENT, ADDED, UPDATED -> valued(key, Objects.requireNonNull(event.value()));
                case REMOVED -> key + " removed";
                case ABSENT -> key + " is absent";
                case NONE -> "no key begins with \"" + key + "\"";
            };
        }

        private static String valued(String key, Content value) {
            return value.isEmpty() ? key + " is empty" : key + " = " + value.line();
        }
    },

    /** For programs. */
    JSON {
        @Override
        String line(Event event) {
            boolean none = event.type() == Event.Type.NONE;
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("type", none ? "absent" : event.type().name().toLowerCase(Locale.ROOT));
            put(json, none ? "prefix" : "key", event.key());
            if (event.value() != null) {
                put(json, "value", event.value());
            }
            return json.put("revision", event.revision()).toString();
        }

        private static void put(ObjectNode json, String name, Content content) {
            content.text()
                    .ifPresentOrElse(text -> json.put(name, text), () -> json.put(name + "Base64", content.base64()));
        }
    };

    /**
     * The line.
     *
     * @param event what to tell
     * @return without a line break
     */
    abstract String line(Event event);
}
