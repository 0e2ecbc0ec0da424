package dev.eventvalues.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EtcdReleaseTest {
    @ParameterizedTest
    @EnumSource
    void everyReleaseIsParsedFromItsNumber(EtcdRelease release) {
        assertThat(EtcdRelease.parse(release.number())).isEqualTo(release);
    }

    @Test
    void anUnknownNumberIsRefusedAndTheKnownOnesAreNamed() {
        assertThatThrownBy(() -> EtcdRelease.parse("3.9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3.9")
                .hasMessageContaining("3.4, 3.5");
    }

    @Test
    void aReleaseIncludesItsVersionsOnly() {
        assertThat(EtcdRelease.V3_4.includes("3.4.23")).isTrue();
        assertThat(EtcdRelease.V3_4.includes("3.40.1")).isFalse();
        assertThat(EtcdRelease.V3_4.includes("3.5.16")).isFalse();
    }
}
