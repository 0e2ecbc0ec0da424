package dev.eventvalues.verification.campaign;

import dev.eventvalues.verification.campaign.Sighting.Claim;
import dev.eventvalues.verification.campaign.Sighting.Delta;
import dev.eventvalues.verification.campaign.Sighting.Held;
import dev.eventvalues.verification.campaign.Sighting.OfChanges;
import dev.eventvalues.verification.campaign.Sighting.OfFreshness;
import dev.eventvalues.verification.campaign.Sighting.OfKey;
import dev.eventvalues.verification.campaign.Sighting.OfRange;
import dev.eventvalues.verification.campaign.Truth.Moment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What must hold in every schedule. {@link #broken} says what does not.
 *
 * <p>Absent and empty are different states throughout: a key that is not there is not in a map, one without bytes is.
 */
final class Invariants {
    static final long CONVERGE_WITHIN_MILLIS = 10_000;

    private static final long END_WITHIN_MICROS = 100_000;
    private static final long REQUESTS_PER_SECOND_AND_FEED = 10;

    /** How long telling takes beyond the time a proof may be old: the round trip of a probe, and threads. */
    private static final long TELLING_MILLIS = 500;

    private final Case tried;
    private final Truth truth;
    private final List<Breach> broken = new ArrayList<>();
    private String checked = "";

    /**
     * Something that must not be.
     *
     * @param invariant what was broken
     * @param how who saw what
     */
    record Breach(String invariant, String how) {
        @Override
        public String toString() {
            return "broken: " + invariant + ": " + how;
        }
    }

    private Invariants(Case tried) {
        this.tried = tried;
        this.truth = tried.truth();
    }

    /** What a schedule has broken; empty is good. */
    static List<Breach> broken(Case tried) {
        Invariants all = new Invariants(tried);
        all.check("in the end all consumers show what there is", all::inTheEndAllConsumersShowWhatThereIs);
        all.check("what is shown of a key was there, in that order", all::whatIsShownOfAKeyWasThereInThatOrder);
        all.check("a snapshot is the whole range at its revision", all::aSnapshotIsTheWholeRangeAtItsRevision);
        all.check("changes lead from one state to the next", all::changesLeadFromOneStateToTheNext);
        if (!tried.classic()) {
            all.check(
                    "what is called fresh shows all that was written before",
                    all::whatIsCalledFreshShowsAllThatWasWrittenBeforeItWasConfirmed);
            all.check("an outage is told in time", all::anOutageIsToldInTime);
            all.check("only who is refused is told so", all::onlyWhoIsRefusedIsToldSo);
            all.check("nobody is told of a failure that is not promised", all::nobodyIsToldOfAFailureThatIsNotPromised);
            all.check("what is ended ends at once", all::whatIsEndedEndsAtOnce);
            all.check("requests are few", all::requestsAreFew);
            all.check("nothing is left", all::nothingIsLeft);
        }
        return all.broken;
    }

    private void check(String sentence, Runnable invariant) {
        checked = sentence;
        invariant.run();
    }

    private void require(boolean holds, String otherwise, @Nullable Object... details) {
        if (!holds) {
            broken.add(new Breach(checked, filled(otherwise, details)));
        }
    }

    private static String filled(String text, @Nullable Object... details) {
        String[] pieces = text.split("%s", -1);
        StringBuilder filled = new StringBuilder(pieces[0]);
        for (int i = 1; i < pieces.length; i++) {
            filled.append(details[i - 1]).append(pieces[i]);
        }
        return filled.toString();
    }

    /** Convergence; and so every delete is told, and empty is not absent. */
    private void inTheEndAllConsumersShowWhatThereIs() {
        tried.misses().forEach(miss -> require(false, "%s", miss));
    }

    /**
     * Order, no invention, no no-op: what a watcher was shown of a key is a sequence of states that the key had, in that
     * order, some perhaps left out, and none twice in a row. Where a revision was told, it is the one that wrote the state.
     */
    private void whatIsShownOfAKeyWasThereInThatOrder() {
        Map<String, List<OfKey>> sequences = all(OfKey.class)
                .collect(Collectors.groupingBy(
                        one -> one.watcher() + " of " + one.key(), LinkedHashMap::new, Collectors.toList()));
        sequences.forEach(this::isAPathOfTheKey);
    }

    private void isAPathOfTheKey(String watcher, List<OfKey> shown) {
        List<Moment> moments = truth.from(Moment.FIRST);
        int at = 0;
        OfKey last = null;
        for (OfKey one : shown) {
            boolean same = last != null
                    && Objects.equals(last.value(), one.value())
                    && last.modRevision() == one.modRevision();
            require(!same, "%s was shown the same twice: %s", watcher, one);
            last = one;
            int found = at;
            while (found < moments.size() && !isAt(moments.get(found), one)) {
                found++;
            }
            if (found == moments.size()) {
                require(false, "%s was shown what was not there, or no longer: %s", watcher, one);
                return;
            }
            at = found;
        }
    }

    private boolean isAt(Moment moment, OfKey shown) {
        Held held = truth.at(moment).get(shown.key());
        return shown.value() == null
                ? held == null
                : held != null
                        && held.value().equals(shown.value())
                        && (shown.modRevision() == 0 || shown.modRevision() == held.modRevision());
    }

    /** Atomic: a snapshot is the whole range at one revision, never half of a transaction. Revisions never fall. */
    private void aSnapshotIsTheWholeRangeAtItsRevision() {
        Map<String, List<OfRange>> sequences = new LinkedHashMap<>();
        all(OfRange.class)
                .forEach(one -> sequences
                        .computeIfAbsent(one.watcher(), name -> new ArrayList<>())
                        .add(one));
        all(OfChanges.class)
                .forEach(one -> sequences
                        .computeIfAbsent(one.watcher(), name -> new ArrayList<>())
                        .add(one.after()));
        sequences.forEach(this::isAPathOfTheRange);
    }

    private void isAPathOfTheRange(String watcher, List<OfRange> shown) {
        int store = 0;
        OfRange last = null;
        for (OfRange one : shown) {
            boolean newEpoch = last != null && one.epoch() != last.epoch();
            if (last != null) {
                require(one.epoch() >= last.epoch(), "%s was shown an earlier epoch: %s", watcher, one);
                require(
                        newEpoch || one.revision() >= last.revision(),
                        "%s was shown an earlier revision: %s after %s",
                        watcher,
                        one,
                        last);
                require(
                        newEpoch || !values(one.held()).equals(values(last.held())),
                        "%s was shown the same twice: %s",
                        watcher,
                        one);
            }
            long since = last == null || newEpoch ? 0 : last.revision();
            Optional<Integer> found = storeOf(one, newEpoch ? store + 1 : store, since);
            if (found.isEmpty()) {
                require(
                        false,
                        "%s was shown what was not there: %s; there was %s",
                        watcher,
                        one,
                        truth.stores().stream()
                                .map(each -> each.at(one.revision()))
                                .toList());
                return;
            }
            store = found.get();
            last = one;
        }
    }

    /**
     * In which store this was. A client that has just come, or noticed a change of stores, may have skipped some. Nobody
     * can notice a change by which nothing was lost that he knew.
     *
     * @param first the earliest it can have been
     * @param since the revision that the client knew of its store
     */
    private Optional<Integer> storeOf(OfRange shown, int first, long since) {
        for (int store = first; store < truth.stores().size(); store++) {
            if (store > first && truth.stores().get(store).begin() < since) {
                break;
            }
            if (truth.stores().get(store).at(shown.revision()).equals(shown.held())) {
                return Optional.of(store);
            }
        }
        return Optional.empty();
    }

    private static SortedMap<String, String> values(SortedMap<String, Held> held) {
        SortedMap<String, String> values = new TreeMap<>();
        held.forEach((key, one) -> values.put(key, one.value()));
        return values;
    }

    /**
     * Every delete told: changes, applied to what they were applied to before, give exactly the range after them, and each
     * says truly what was before it.
     */
    private void changesLeadFromOneStateToTheNext() {
        Map<String, SortedMap<String, String>> folded = new TreeMap<>();
        all(OfChanges.class).forEach(one -> {
            SortedMap<String, String> state = folded.computeIfAbsent(one.watcher(), name -> new TreeMap<>());
            require(
                    !one.deltas().isEmpty() || one.resync() || state.isEmpty(),
                    "%s was told of no change: %s",
                    one.watcher(),
                    one);
            one.deltas().forEach(delta -> apply(one, delta, state));
            require(
                    state.equals(values(one.after().held())),
                    "the changes told to %s do not lead to the range after them: %s, not %s",
                    one.watcher(),
                    state,
                    one.after());
        });
    }

    private void apply(OfChanges told, Delta delta, SortedMap<String, String> state) {
        require(
                Objects.equals(state.get(delta.key()), delta.before()),
                "%s was told that %s was before, not %s",
                told.watcher(),
                delta,
                state.get(delta.key()));
        require(!Objects.equals(delta.before(), delta.after()), "%s was told of no change: %s", told.watcher(), delta);
        put(state, delta.key(), delta.after());
    }

    private static void put(SortedMap<String, String> state, String key, @Nullable String value) {
        if (value == null) {
            state.remove(key);
        } else {
            state.put(key, value);
        }
    }

    /** Never a false fresh: the state shown is one that was there at or after all writes known to be done by then. */
    private void whatIsCalledFreshShowsAllThatWasWrittenBeforeItWasConfirmed() {
        all(Claim.class).forEach(claim -> {
            Moment due = truth.writtenBefore(claim.confirmedAt());
            require(
                    truth.from(due).stream().anyMatch(moment -> isAt(moment, claim)),
                    "%s was called fresh as of %s and showed %s, though %s was written by then",
                    claim.watcher(),
                    claim.confirmedAt(),
                    claim.state(),
                    due);
            require(
                    claim.oldestMillis() <= EventValuesClients.STALE_AFTER.toMillis(),
                    "%s was called fresh %s ms after it was confirmed",
                    claim.watcher(),
                    claim.oldestMillis());
        });
    }

    private boolean isAt(Moment moment, Claim claim) {
        SortedMap<String, String> values = values(truth.at(moment));
        String key = claim.key();
        return key == null
                ? values.equals(claim.state())
                : Objects.equals(values.get(key), claim.state().get(key));
    }

    /** Staleness is told in time: while nobody can have read anything, nobody is told that it is fresh. */
    private void anOutageIsToldInTime() {
        long patience = (EventValuesClients.STALE_AFTER.toMillis() + TELLING_MILLIS) * 1_000_000;
        Map<String, List<OfFreshness>> told =
                all(OfFreshness.class).collect(Collectors.groupingBy(OfFreshness::watcher));
        for (Case.Period outage : tried.outages()) {
            long due = outage.from() + patience;
            if (due < outage.to()) {
                told.forEach((watcher, all) -> all.stream()
                        .filter(one -> one.nanos() <= due)
                        .reduce((earlier, later) -> later)
                        .ifPresent(last -> require(
                                !last.fresh(),
                                "%s was not told of an outage within %s ms: %s",
                                watcher,
                                patience / 1_000_000,
                                last)));
            }
        }
    }

    /** Only who is refused is told so. */
    private void onlyWhoIsRefusedIsToldSo() {
        if (tried.plan().blows().stream().noneMatch(blow -> blow.fault().harm() == Fault.Harm.REFUSAL)) {
            all(Sighting.OfRefusal.class)
                    .forEach(refusal ->
                            require(false, "%s was refused without a cause: %s", refusal.watcher(), refusal));
        }
    }

    /** What is thrown is a refusal, the end of what was closed, a time that is over, or an interrupt. */
    private void nobodyIsToldOfAFailureThatIsNotPromised() {
        all(Sighting.OfSurprise.class)
                .forEach(surprise -> require(false, "%s was told %s", surprise.watcher(), surprise.failure()));
    }

    /** Closing and cancelling take no more than 100 ms, beyond what threads waited for a processor. */
    private void whatIsEndedEndsAtOnce() {
        tried.testimony()
                .endings()
                .endings()
                .forEach(ending -> require(
                        ending.micros() <= END_WITHIN_MICROS + ending.starvedMicros(),
                        "the end of %s took %s ms, of which %s ms for want of a processor",
                        ending.what(),
                        ending.micros() / 1_000,
                        ending.starvedMicros() / 1_000));
    }

    /** Polite: at most ten requests a second for each feed. A schedule that is over sooner is still one second's. */
    private void requestsAreFew() {
        double most = REQUESTS_PER_SECOND_AND_FEED * tried.feeds() * Math.max(1, tried.seconds());
        require(
                tried.requests() <= most,
                "%s requests in %s s for %s feeds",
                tried.requests(),
                tried.seconds(),
                tried.feeds());
    }

    /** Nothing is left: no thread, no socket, no watch on the server. */
    private void nothingIsLeft() {
        require(
                tried.testimony().leftovers().isEmpty(),
                "left behind: %s",
                tried.testimony().leftovers());
        require(tried.watchesLeft() == 0, "%s watches were left on the servers", tried.watchesLeft());
    }

    private <T extends Sighting> Stream<T> all(Class<T> kind) {
        return tried.testimony().sightings().stream().filter(kind::isInstance).map(kind::cast);
    }
}
