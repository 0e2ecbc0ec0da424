package dev.eventvalues.etcd.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When linearizable answers tell that the store was replaced. */
class LineageTest {
    private static final long CLUSTER = 7;

    private Lineage lineage = Lineage.UNKNOWN;

    @Test
    void aStoreThatGoesOnIsTheSame() {
        answered(CLUSTER, 10, 2);
        answered(CLUSTER, 10, 2);
        answered(CLUSTER, 12, 3);

        assertThat(lineage.stores()).isEqualTo(1);
    }

    @Test
    void aRevisionThatGoesBackIsOfAnother() {
        answered(CLUSTER, 10, 2);
        answered(CLUSTER, 9, 2);

        assertThat(lineage.stores()).isEqualTo(2);
    }

    @Test
    void aTermThatGoesBackIsOfAnother() {
        answered(CLUSTER, 10, 5);
        answered(CLUSTER, 20, 4);

        assertThat(lineage.stores()).isEqualTo(2);
    }

    @Test
    void anotherClusterIsAnother() {
        answered(CLUSTER, 10, 2);
        answered(CLUSTER + 1, 10, 2);

        assertThat(lineage.stores()).isEqualTo(2);
    }

    @Test
    void whatFollowsOnAnotherStoreIsComparedWithThatOne() {
        answered(CLUSTER, 10, 2);
        answered(CLUSTER, 4, 2);
        answered(CLUSTER, 5, 2);

        assertThat(lineage.stores()).isEqualTo(2);
    }

    @Test
    void anAnswerThatWasOvertakenByALaterOneIsOfTheSameStore() {
        answered(CLUSTER, 10, 2);
        Lineage asked = lineage;
        answered(CLUSTER, 15, 2);
        lineage = lineage.answered(asked, new Origin(CLUSTER, 12, 2));

        assertThat(lineage).isEqualTo(new Lineage(new Origin(CLUSTER, 15, 2), 1));
    }

    @Test
    void aReplacementIsFoundOnceByTwoQuestionsThatWereAskedBefore() {
        answered(CLUSTER, 10, 2);
        Lineage asked = lineage;
        answered(CLUSTER, 5, 2);
        lineage = lineage.answered(asked, new Origin(CLUSTER, 5, 2));

        assertThat(lineage.stores()).isEqualTo(2);
    }

    /** It does not know it before the next entry of its log. */
    @Test
    void aMemberThatWasRestartedMayNotTellItsTerm() {
        answered(CLUSTER, 10, 5);
        answered(CLUSTER, 10, 0);
        assertThat(lineage.stores()).isEqualTo(1);

        answered(CLUSTER, 20, 4);
        assertThat(lineage.stores()).as("and the term is not forgotten").isEqualTo(2);
    }

    private void answered(long cluster, long revision, long term) {
        lineage = lineage.answered(lineage, new Origin(cluster, revision, term));
    }
}
