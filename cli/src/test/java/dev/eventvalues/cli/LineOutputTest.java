package dev.eventvalues.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineOutputTest {
    @Test
    void aLineIsWrittenInOnePieceAndFlushed() throws IOException {
        List<String> pieces = new ArrayList<>();
        LineOutput out = new LineOutput(new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("byte by byte");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                pieces.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
            }

            @Override
            public void flush() {
                pieces.add("flush");
            }
        });

        out.print("f\u00fcnf");

        assertThat(pieces).containsExactly("f\u00fcnf\n", "flush");
    }

    @Test
    void aReaderThatIsGoneIsToldFromOtherFailures() {
        assertThatThrownBy(() -> failing("Broken pipe").print("a")).isInstanceOf(LineOutput.ReaderGoneException.class);
        assertThatThrownBy(() -> failing("No space left on device").print("a"))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("No space left on device");
    }

    private static LineOutput failing(String reason) {
        return new LineOutput(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        });
    }
}
