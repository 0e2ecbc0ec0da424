package dev.eventvalues.verification.campaign;

import java.io.BufferedInputStream;
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
        try (ObjectOutputStream answers = new ObjectOutputStream(out)) {
            answers.flush();
            ObjectInputStream orders = new ObjectInputStream(new BufferedInputStream(System.in));
            new WatcherProcess().serve(orders, answers);
        }
        System.exit(0);
    }

    private void serve(ObjectInputStream orders, ObjectOutputStream answers) throws Exception {
        while (true) {
            Order order;
            try {
                order = (Order) orders.readObject();
            } catch (EOFException e) {
                return; // who gave the orders is gone
            }
            answers.writeObject(answer(order));
            answers.flush();
            answers.reset();
        }
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
        if (order instanceof Order.Disturb) {
            present.disturb();
            return new Order.Done();
        }
        audience = null;
        return present.close();
    }
}
