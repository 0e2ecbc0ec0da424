package dev.eventvalues.verification.fuzz;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Fuzzes one method for a time. Its JVM ends with 1 if there is a finding. */
public final class FuzzRun {
    private FuzzRun() {}

    /**
     * Runs.
     *
     * @param arguments the class, the method, for how many seconds, and with how many inputs; 0 is without a bound
     */
    public static void main(String[] arguments) throws ClassNotFoundException {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectMethod(
                        Class.forName(arguments[0]),
                        arguments[1],
                        "com.code_intelligence.jazzer.api.FuzzedDataProvider"))
                .configurationParameter("jazzer.max_duration", arguments[2] + "s")
                .configurationParameter("jazzer.max_executions", arguments[3])
                .configurationParameter("jazzer.instrument", "dev.eventvalues.**")
                // for one input, as Jazzer reads it; JUnit itself would end the whole run after that time
                .configurationParameter("junit.jupiter.execution.timeout.default", "20 s")
                .configurationParameter("junit.jupiter.execution.timeout.mode", "disabled")
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        listener.getSummary().printFailuresTo(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        boolean good = listener.getSummary().getTestsSucceededCount() > 0
                && listener.getSummary().getTotalFailureCount() == 0;
        System.exit(good ? 0 : 1);
    }
}
