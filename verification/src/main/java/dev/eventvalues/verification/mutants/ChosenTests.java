package dev.eventvalues.verification.mutants;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherExecutionRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A program that runs tests until the first fails, for a JVM of its own. Its last line is {@code PASSED} with their number,
 * or {@code FAILED} with the test and what it said.
 */
final class ChosenTests {
    static final String PASSED = "PASSED ";
    static final String FAILED = "FAILED ";
    static final String NO_SUCH_TEST = "no such test: ";

    private static final String PACKAGE = "dev.eventvalues.";

    private final Map<String, List<String>> methods = new LinkedHashMap<>();
    private final CancellationToken end = CancellationToken.create();
    private final AtomicReference<String> running = new AtomicReference<>("the JVM");
    private final Set<String> missing;
    private int passed;

    private ChosenTests(List<String> tests) {
        missing = new LinkedHashSet<>(tests);
        for (String test : tests) {
            String[] names = test.split("#", -1);
            List<String> chosen = methods.computeIfAbsent(PACKAGE + names[0], name -> new ArrayList<>());
            chosen.add(names.length > 1 ? names[1] : "");
        }
    }

    /**
     * Runs them.
     *
     * @param arguments how many seconds a test may take, how many all of them may take, and their names
     */
    public static void main(String[] arguments) {
        List<String> rest = List.of(arguments);
        new ChosenTests(rest.subList(2, rest.size())).run(rest.get(0), Integer.parseInt(rest.get(1)));
    }

    private void run(String secondsForEach, int secondsForAll) {
        endAfter(secondsForAll);
        LauncherExecutionRequest request = LauncherExecutionRequestBuilder.request(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(methods.keySet().stream()
                                        .map(DiscoverySelectors::selectClass)
                                        .toList())
                                .filters((PostDiscoveryFilter) this::chosen)
                                .configurationParameter(
                                        "junit.jupiter.execution.timeout.default", secondsForEach + " s")
                                .build())
                .cancellationToken(end)
                .listeners(new Listener())
                .build();
        LauncherFactory.create().execute(request);
        tell(missing.isEmpty() ? PASSED + passed : FAILED + NO_SUCH_TEST + missing);
    }

    private FilterResult chosen(TestDescriptor test) {
        if (!(test.getSource().orElse(null) instanceof MethodSource method)) {
            return FilterResult.included("holds tests");
        }
        TestDescriptor top = test;
        for (TestDescriptor up = test; up != null; up = up.getParent().orElse(null)) {
            top = methods.containsKey(className(up)) ? up : top;
        }
        List<String> names = methods.getOrDefault(className(top), List.of(""));
        boolean chosen = names.contains("") || names.contains(method.getMethodName());
        if (chosen) {
            String name = className(top).replaceFirst(PACKAGE, "");
            missing.removeAll(List.of(name, name + "#" + method.getMethodName()));
        }
        return FilterResult.includedIf(chosen);
    }

    private static String className(TestDescriptor test) {
        return test.getSource()
                .filter(ClassSource.class::isInstance)
                .map(ClassSource.class::cast)
                .map(ClassSource::getClassName)
                .orElse("");
    }

    /** A mutant may hang so that no interrupt ends it. */
    private void endAfter(int seconds) {
        Thread watch = new Thread(() -> {
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            while (System.nanoTime() - end < 0) {
                LockSupport.parkNanos(100_000_000);
            }
            tell(FAILED + running.get() + ": did not end within " + seconds + " s");
        });
        watch.setDaemon(true);
        watch.start();
    }

    /** Ends the JVM, whatever threads a mutant has left behind. */
    private static synchronized void tell(String outcome) {
        System.out.println("\n" + outcome.lines().findFirst().orElse(""));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private final class Listener implements TestExecutionListener {
        @Override
        public void executionStarted(TestIdentifier test) {
            if (test.isTest()) {
                running.set(name(test));
            }
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed += test.isTest() ? 1 : 0;
            } else if (!end.isCancellationRequested()) {
                end.cancel();
                String said = result.getThrowable().map(String::valueOf).orElse("aborted");
                tell(FAILED + name(test) + ": " + said.strip().replaceAll("\\s+", " "));
            }
        }

        private String name(TestIdentifier test) {
            return test.getSource().orElse(null) instanceof MethodSource method
                    ? method.getClassName().replaceFirst(PACKAGE, "") + "#" + method.getMethodName()
                    : test.getDisplayName();
        }
    }
}
