package dev.eventvalues.verification.lincheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpecificationTest {
    @ParameterizedTest
    @EnumSource(Specification.class)
    void aNumberNamesAScenario(Specification specification) {
        String first = specification.scenario(7).toString();

        assertEquals(first, specification.scenario(7).toString());
    }

    @ParameterizedTest
    @EnumSource(Specification.class)
    void numbersNameManyDifferentScenarios(Specification specification) {
        long different = LongStream.rangeClosed(1, 100)
                .mapToObj(seed -> specification.scenario(seed).toString())
                .distinct()
                .count();

        assertTrue(different > 60, different + " of 100");
    }
}
