package dev.eventvalues.verification.lincheck;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.function.BiFunction;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Loads a class of Lincheck with one instruction changed. Another release of the tool is refused if it lacks the place. */
final class ChangedClass extends ClassVisitor {
    private final String where;
    private final BiFunction<MethodVisitor, Runnable, MethodVisitor> change;
    private int changes;

    private ChangedClass(ClassVisitor next, String where, BiFunction<MethodVisitor, Runnable, MethodVisitor> change) {
        super(Opcodes.ASM9, next);
        this.where = where;
        this.change = change;
    }

    /**
     * Loads it. Call before it is used.
     *
     * @param name of the class
     * @param neighbour a class of the same package that does not use it
     * @param where the method
     * @param change writes the method's code in the place of the visitor it is given, and runs what it is given for each
     *     change
     */
    static void load(
            String name, String neighbour, String where, BiFunction<MethodVisitor, Runnable, MethodVisitor> change)
            throws IOException, ReflectiveOperationException {
        ClassLoader loader = ChangedClass.class.getClassLoader();
        byte[] changed;
        try (InputStream stream = loader.getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (stream == null) {
                throw new IllegalStateException("this is not the Lincheck that is known: no " + name);
            }
            ClassReader reader = new ClassReader(stream);
            ClassWriter writer = new ClassWriter(reader, 0);
            ChangedClass visitor = new ChangedClass(writer, where, change);
            reader.accept(visitor, 0);
            if (visitor.changes != 1) {
                throw new IllegalStateException("this is not the Lincheck that is known: " + name + " has "
                        + visitor.changes + " places to change");
            }
            changed = writer.toByteArray();
        }
        Class<?> beside = Class.forName(neighbour, false, loader);
        MethodHandles.privateLookupIn(beside, MethodHandles.lookup()).defineClass(changed);
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String method, String descriptor, String signature, String[] exceptions) {
        MethodVisitor next = super.visitMethod(access, method, descriptor, signature, exceptions);
        return method.equals(where) ? change.apply(next, () -> changes++) : next;
    }
}
