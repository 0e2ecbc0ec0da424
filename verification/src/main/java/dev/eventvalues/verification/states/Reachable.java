package dev.eventvalues.verification.states;

import dev.eventvalues.etcd.state.Change;
import dev.eventvalues.etcd.state.Item;
import dev.eventvalues.etcd.state.Pulse;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what an object keeps alive, whatever its fields are called. */
final class Reachable {
    private static final String PRODUCT = "dev.eventvalues.";

    private static final ClassValue<List<Field>> REFERENCES = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            List<Field> fields = new ArrayList<>();
            for (Class<?> part = type;
                    part != null && part.getName().startsWith(PRODUCT);
                    part = part.getSuperclass()) {
                for (Field field : part.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()) {
                        field.setAccessible(true);
                        fields.add(field);
                    }
                }
            }
            return List.copyOf(fields);
        }
    };

    private Reachable() {}

    /** How many items, and removals that are not applied yet, a machine keeps, but not through the connection it is on. */
    static int items(Candidate.Machine machine) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> left = new ArrayDeque<>();
        left.add(machine);
        int items = 0;
        while (!left.isEmpty()) {
            Object object = left.remove();
            if (object instanceof Pulse || !seen.add(object)) {
                continue;
            }
            boolean removal = object instanceof Change change && change.item() == null;
            items += object instanceof Item || removal ? 1 : 0;
            if (object instanceof Collection<?> collection) {
                left.addAll(collection);
            }
            for (Field field : REFERENCES.get(object.getClass())) {
                Object value = read(field, object);
                if (value != null) {
                    left.add(value);
                }
            }
        }
        return items;
    }

    private static @Nullable Object read(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("no access to " + field, e);
        }
    }
}
