package dev.eventvalues.verification.repeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestReportsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void report() throws IOException {
        Files.writeString(folder.resolve("TEST-one.xml"), """
                <testsuite name="one">
                  <testcase name="passes" classname="One" time="0.1"/>
                  <testcase name="fails" classname="One"><failure message="a &lt; b">trace</failure></testcase>
                  <testcase name="breaks" classname="One"><error/><system-out>text</system-out></testcase>
                  <testcase name="isSkipped" classname="One"><skipped/></testcase>
                </testsuite>
                """);
        Files.writeString(folder.resolve("one.txt"), "not a report");
    }

    @Test
    void whatFailedIsNamed() throws IOException {
        assertThat(TestReports.read(List.of(folder, folder.resolve("missing"))))
                .isEqualTo(new TestReports(3, List.of("One.fails", "One.breaks")));
    }

    @Test
    void anEarlierRunIsForgotten() throws IOException {
        TestReports.clear(List.of(folder));
        assertThat(TestReports.read(List.of(folder)).tests()).isZero();
        assertThat(folder.resolve("one.txt")).exists();
    }
}
