package dev.eventvalues.testkit;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How many requests of clients have reached a member, or a cluster, as counted there. A stream, such as that of watches,
 * is one request. Those of {@link EtcdStore} count too, and those by which the testkit looks for the leader: they are of
 * the method {@code Status}.
 *
 * <p>Methods have the names that etcd's protocol gives them, such as {@code Range} or {@code LeaseKeepAlive}.
 */
public final class Requests {
    /** None at all. */
    static final Requests NONE = new Requests(Map.of());

    private static final Pattern STARTED = Pattern.compile(
            "(?m)^grpc_server_started_total\\{grpc_method=\"(\\w+)\",grpc_service=\"etcdserverpb\\..*} (\\S+)$");
    private static final Pattern HANDLED =
            Pattern.compile("(?m)^grpc_server_handled_total\\{grpc_code=\"(\\w+)\",grpc_method=\"(\\w+)\","
                    + "grpc_service=\"etcdserverpb\\..*} (\\S+)$");
    private static final String NOT_YET = "started";

    private final Map<Kind, Long> counts;

    /** What is counted: the requests of a method that were started, or that have ended with a code. */
    private record Kind(String method, String outcome) implements Comparable<Kind> {
        boolean isOver() {
            return !outcome.equals(NOT_YET);
        }

        boolean isFailed() {
            return isOver() && !outcome.equals("OK");
        }

        @Override
        public int compareTo(Kind other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return method + " " + outcome;
        }
    }

    private Requests(Map<Kind, Long> counts) {
        this.counts = counts;
    }

    /** The counts in what a process tells about itself. */
    static Requests parse(String metrics) {
        Map<Kind, Long> counts = new TreeMap<>();
        for (Matcher line = STARTED.matcher(metrics); line.find(); ) {
            add(counts, new Kind(line.group(1), NOT_YET), number(line.group(2)));
        }
        for (Matcher line = HANDLED.matcher(metrics); line.find(); ) {
            add(counts, new Kind(line.group(2), line.group(1)), number(line.group(3)));
        }
        return new Requests(counts);
    }

    private static long number(String text) {
        return (long) Double.parseDouble(text);
    }

    private static void add(Map<Kind, Long> counts, Kind kind, long more) {
        counts.merge(kind, more, Long::sum);
    }

    private Requests plus(Requests other, int sign) {
        Map<Kind, Long> sums = new TreeMap<>(counts);
        other.counts.forEach((kind, count) -> add(sums, kind, sign * count));
        return new Requests(sums);
    }

    /** These and others. */
    Requests plus(Requests others) {
        return plus(others, 1);
    }

    /**
     * The requests between two looks. Members that were restarted or did not run at either time make it meaningless: each
     * process counts from 0.
     *
     * @param before the earlier look
     * @return the difference
     */
    public Requests since(Requests before) {
        return plus(before, -1);
    }

    /**
     * How many have come.
     *
     * @param method of which method
     * @return the number
     */
    public long started(String method) {
        return sum(kind -> kind.method().equals(method) && !kind.isOver());
    }

    /**
     * How many have ended, well or not.
     *
     * @param method of which method
     * @return the number
     */
    public long handled(String method) {
        return sum(kind -> kind.method().equals(method) && kind.isOver());
    }

    /**
     * How many have ended with a code.
     *
     * @param method of which method
     * @param code the code of gRPC as etcd writes it, for example {@code OK} or {@code PermissionDenied}
     * @return the number
     */
    public long handled(String method, String code) {
        return counts.getOrDefault(new Kind(method, code), 0L);
    }

    /**
     * How many have ended with any other code than {@code OK}. A stream that its client gives up ends so too.
     *
     * @param method of which method
     * @return the number
     */
    public long failed(String method) {
        return sum(kind -> kind.method().equals(method) && kind.isFailed());
    }

    /** {@return how many of all methods have ended with any other code than {@code OK}} */
    public long failed() {
        return sum(Kind::isFailed);
    }

    private long sum(Predicate<Kind> wanted) {
        return counts.entrySet().stream()
                .filter(entry -> wanted.test(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** {@return all that is not 0} */
    @Override
    public String toString() {
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() != 0)
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
