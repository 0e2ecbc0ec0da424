package dev.eventvalues.verification.lincheck;

import java.io.IOException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * How Lincheck's {@code LockSupport.park} ends. As it comes, a park may end for no reason at any time, as the JDK allows;
 * then a lost wake-up never shows, since whoever waits looks again. So its class is loaded with the constant that says so
 * made a variable: scenarios are tried either way.
 */
public final class Parking {
    private static final String PACKAGE = "org.jetbrains.kotlinx.lincheck.strategy.managed.modelchecking.";
    private static final String FLAG = "allowSpuriousWakeUps";

    /** Whether a park may end for no reason; if not, one with a time limit does not end by itself, either. Written between scenarios. */
    @SuppressWarnings("WeakerAccess") // read by the changed class
    public static volatile boolean endsForNoReason;

    private Parking() {}

    /** Changes the tool. Call before it is used. */
    static void makeVariable() throws IOException, ReflectiveOperationException {
        ChangedClass.load(
                PACKAGE + "ModelCheckingParkingTracker", PACKAGE + "LocalObjectManager", "isParked", FlagFromHere::new);
    }

    private static final class FlagFromHere extends MethodVisitor {
        private final Runnable changed;

        FlagFromHere(MethodVisitor next, Runnable changed) {
            super(Opcodes.ASM9, next);
            this.changed = changed;
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String type) {
            super.visitFieldInsn(opcode, owner, field, type);
            if (opcode == Opcodes.GETFIELD && field.equals(FLAG)) {
                visitInsn(Opcodes.POP);
                super.visitFieldInsn(
                        Opcodes.GETSTATIC, Parking.class.getName().replace('.', '/'), "endsForNoReason", "Z");
                changed.run();
            }
        }
    }
}
