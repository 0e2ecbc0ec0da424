package dev.eventvalues.verification.lincheck;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Lincheck's {@code System.nanoTime}. As it comes, it always says the same, so no timeout would ever be over. Its class is
 * loaded with the constant replaced by a count of the looks: how much time passes between two of them is a matter of the
 * interleaving, and the same when that is run again.
 */
public final class Clock {
    private static final String PACKAGE = "org.jetbrains.kotlinx.lincheck.strategy.nativecalls.";
    private static final long STANDSTILL = 1337;
    private static final AtomicLong LOOKS = new AtomicLong();

    private Clock() {}

    /** Changes the tool. Call before it is used. */
    static void makeMove() throws IOException, ReflectiveOperationException {
        ChangedClass.load(
                PACKAGE + "DeterministicTimeMethodDescriptorKt",
                PACKAGE + "MethodCallInfo",
                "getDeterministicTimeMethodDescriptorOrNull$lambda$0",
                LooksFromHere::new);
    }

    /** The time, for the changed class. */
    @SuppressWarnings("WeakerAccess") // called by it
    public static long look() {
        return LOOKS.incrementAndGet();
    }

    /**
     * A timeout that is over after one park, or before it where parks do not end by themselves: a call looks at the clock as
     * it begins, and before each park.
     */
    static Duration soon() {
        return Duration.ofNanos(Parking.endsForNoReason ? 2 : 1);
    }

    private static final class LooksFromHere extends MethodVisitor {
        private final Runnable changed;

        LooksFromHere(MethodVisitor next, Runnable changed) {
            super(Opcodes.ASM9, next);
            this.changed = changed;
        }

        @Override
        public void visitLdcInsn(Object constant) {
            if (constant.equals(STANDSTILL)) {
                visitMethodInsn(Opcodes.INVOKESTATIC, Clock.class.getName().replace('.', '/'), "look", "()J", false);
                changed.run();
            } else {
                super.visitLdcInsn(constant);
            }
        }
    }
}
