package dev.eventvalues.etcd.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Who we are to etcd: a name, and somebody who knows the password. */
public final class Credentials {
    /** While a supplier hangs, connections come and go; those long gone need not be kept. */
    private static final int MOST_WAITING = 16;

    private record Asking(Consumer<byte[]> onPassword, Consumer<Throwable> onFailure) {}

    private final String user;
    private final Supplier<char[]> supplier;

    /** Those who wait for the answer of the one thread that asks; it runs while there are any. Guarded by itself. */
    private final Deque<Asking> waiting = new ArrayDeque<>();

    /**
     * Creates credentials without asking for the password.
     *
     * @param user the name
     * @param supplier gives the password in an array that is cleared after use
     * @throws IllegalArgumentException if the name is empty
     */
    public Credentials(String user, Supplier<char[]> supplier) {
        if (user.isEmpty()) {
            throw new IllegalArgumentException("the user is empty (\"\"); give the name of a user that etcd knows");
        }
        this.user = user;
        this.supplier = Objects.requireNonNull(supplier, "password");
    }

    String user() {
        return user;
    }

    /**
     * Asks for the password, on a thread of its own: the supplier is not ours and may block, on a secret store for
     * instance. If it is being asked already, its answer is awaited. One of the two is called, on any thread.
     *
     * @param onPassword gets the UTF-8 bytes, to be cleared after use
     * @param onFailure gets what the supplier threw
     */
    void ask(Consumer<byte[]> onPassword, Consumer<Throwable> onFailure) {
        Asking oldest = null;
        boolean first;
        synchronized (waiting) {
            first = waiting.isEmpty();
            waiting.add(new Asking(onPassword, onFailure));
            if (waiting.size() > MOST_WAITING) {
                oldest = waiting.remove();
            }
        }
        if (oldest != null) {
            oldest.onFailure.accept(new TimeoutException());
        }
        if (first) {
            Thread asking = new Thread(this::ask, "event-values-etcd-password");
            asking.setDaemon(true);
            asking.start();
        }
    }

    private void ask() {
        try {
            char[] characters = Objects.requireNonNull(supplier.get(), "the supplier returned null");
            byte[] password = utf8(characters);
            Arrays.fill(characters, '\0');
            answered().forEach(each -> each.onPassword.accept(password.clone()));
            Arrays.fill(password, (byte) 0);
        } catch (Throwable e) {
            answered().forEach(each -> each.onFailure.accept(e));
        }
    }

    private Deque<Asking> answered() {
        synchronized (waiting) {
            Deque<Asking> all = new ArrayDeque<>(waiting);
            waiting.clear();
            return all;
        }
    }

    /** Leaves no copy behind. */
    private static byte[] utf8(char[] characters) {
        byte[] room = new byte[characters.length * 3]; // what a char takes at most
        ByteBuffer encoded = ByteBuffer.wrap(room);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(characters), encoded, true);
        byte[] exact = Arrays.copyOf(room, encoded.position());
        Arrays.fill(room, (byte) 0);
        return exact;
    }

    /** Names the user; never shows the password. */
    @Override
    public String toString() {
        return "Credentials[" + user + "]";
    }
}
