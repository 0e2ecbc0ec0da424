package dev.eventvalues.verification.states;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What may be tried, as it is named on the command line. */
final class Candidates implements Iterable<String>, ITypeConverter<List<Candidate>> {
    private static final String PRODUCT = "product";
    private static final String CONTROL = "control";
    private static final String FLAWS = "flaws";

    @Override
    public List<Candidate> convert(String name) {
        return switch (name) {
            case PRODUCT -> List.of(Candidate.PRODUCT);
            case CONTROL -> List.of(Classic.CONTROL);
            case FLAWS -> List.of(Flaw.values());
            default -> {
                try {
                    yield List.of(Flaw.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')));
                } catch (IllegalArgumentException e) {
                    throw new TypeConversionException("there is no \"" + name + "\" to be tried");
                }
            }
        };
    }

    @Override
    public Iterator<String> iterator() {
        List<String> names = new ArrayList<>(List.of(PRODUCT, CONTROL, FLAWS));
        for (Flaw flaw : Flaw.values()) {
            names.add(flaw.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        return names.iterator();
    }
}
