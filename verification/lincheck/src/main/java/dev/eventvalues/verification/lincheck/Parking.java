package dev.eventvalues.verification.lincheck;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
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

    /** Whether a park may end for no reason. Written between scenarios. */
    @SuppressWarnings("WeakerAccess") // read by the changed class
    public static volatile boolean endsForNoReason;

    private Parking() {}

    /** Changes the tool. Call before it is used. */
    static void makeVariable() throws IOException, ReflectiveOperationException {
        ClassLoader loader = Parking.class.getClassLoader();
        String name = (PACKAGE + "ModelCheckingParkingTracker").replace('.', '/') + ".class";
        int[] changes = {0};
        byte[] changed;
        try (InputStream stream = loader.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("this is not the Lincheck that is known: no " + name);
            }
            ClassReader reader = new ClassReader(stream);
            ClassWriter writer = new ClassWriter(reader, 0);
            reader.accept(new FlagFromHere(writer, changes), 0);
            changed = writer.toByteArray();
        }
        if (changes[0] != 1) {
            throw new IllegalStateException(
                    "this is not the Lincheck that is known: its flag is read " + changes[0] + " times");
        }
        Class<?> neighbour = Class.forName(PACKAGE + "LocalObjectManager", false, loader);
        MethodHandles.privateLookupIn(neighbour, MethodHandles.lookup()).defineClass(changed);
    }

    private static final class FlagFromHere extends ClassVisitor {
        private final int[] changes;

        FlagFromHere(ClassVisitor next, int[] changes) {
            super(Opcodes.ASM9, next);
            this.changes = changes;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, method, descriptor, signature, exceptions);
            if (!method.equals("isParked")) {
                return next;
            }
            return new MethodVisitor(Opcodes.ASM9, next) {
                @Override
                public void visitFieldInsn(int opcode, String owner, String field, String type) {
                    super.visitFieldInsn(opcode, owner, field, type);
                    if (opcode == Opcodes.GETFIELD && field.equals(FLAG)) {
                        visitInsn(Opcodes.POP);
                        visitFieldInsn(
                                Opcodes.GETSTATIC, Parking.class.getName().replace('.', '/'), "endsForNoReason", "Z");
                        changes[0]++;
                    }
                }
            };
        }
    }
}
