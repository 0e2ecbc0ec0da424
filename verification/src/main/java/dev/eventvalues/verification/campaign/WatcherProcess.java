package dev.eventvalues.verification.campaign;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** The process with the watchers: does what it is told at its input, and answers at its output. */
final class WatcherProcess {
    private @Nullable Audience audience;

    private WatcherProcess() {}

    public static void main(String[] args) throws Exception {
        OutputStream out = System.out;
        System.setOut(new PrintStream(System.err, true)); // whatever is said must not get among the answers
        ObjectInputStream orders = new ObjectInputStream(new BufferedInputStream(System.in));
        new WatcherProcess().serve(orders, new DataOutputStream(out));
        System.exit(0);
    }

    private void serve(ObjectInputStream orders, DataOutputStream answers) throws Exception {
        while (true) {
            Order order;
            try {
                order = (Order) orders.readObject();
            } catch (EOFException e) {
                return; // who gave the orders is gone
            }
            byte[] answer = serialized(answer(order));
            answers.writeInt(answer.length);
            answers.write(answer);
            answers.flush();
        }
    }

    /** Each on its own: a stream of objects keeps the room that the largest of them took, and the heap is measured. */
    private static byte[] serialized(Serializable answer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream objects = new ObjectOutputStream(bytes)) {
            objects.writeObject(answer);
        }
        return bytes.toByteArray();
    }

    private Serializable answer(Order order) throws InterruptedException, IOException {
        try {
            return carryOut(order);
        } catch (RuntimeException e) {
            e.printStackTrace();
            return new IllegalStateException(e.toString());
        }
    }

    private Serializable carryOut(Order order) throws InterruptedException, IOException {
        if (order instanceof Order.Open open) {
            Audience before = audience;
            if (before != null) {
                before.close(); // its schedule was given up
            }
            audience = Audience.open(open);
            return new Order.Done();
        }
        Audience present = audience;
        if (present == null) {
            throw new IllegalStateException("nobody watches");
        }
        if (order instanceof Order.Await await) {
            return present.await(await);
        }
        if (order instanceof Order.Set set) {
            present.pace(set.pace());
            return new Order.Done();
        }
        if (order instanceof Order.Welcome guests) {
            present.welcome(guests);
            return new Order.Done();
        }
        if (order instanceof Order.Farewell) {
            return present.bidFarewell();
        }
        if (order instanceof Order.Measure) {
            return Footprint.taken();
        }
        if (order instanceof Order.Disturb) {
            present.disturb();
            return new Order.Done();
        }
        audience = null;
        return present.close();
    }
}
