package org.lossservice.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.Faults;

/** However the 100 000 values of a body are read, each reading of them looks up 97 times or more: once for 1024 of them. */
class JsonTimeTest {

    private static final int VALUES = 100_000;
    private static final int LOOKS = VALUES / 1024;

    /** Thrown by a checkpoint; nothing else here throws it. */
    private static final class Over extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // in order: read from the bytes
                "'input':[[*]] | 1 | 1",
                "'input':[[1]@] | ,[1] | 1",
                "'weight':[*] | 1 | 1",
                "'label':[*] | 0 | 1",
                // not in order: the whole body is gone through by the parser, then the array
                "'input':[[*,'']] | 1 | 3",
                "'input':[[1]@,0] | ,[1] | 3",
                "'weight':[*,''] | 1 | 3",
                "'label':[*,''] | 0 | 3",
                "'input':[[*]] | '' | 2",
                "'input':[@[]] | [1,1], | 3",
                // not known, and of no use
                "'x':[*] | 1 | 1",
                "'x':[*] | {} | 2",
                "'x':[*] | [''] | 2",
                "*,'y':0 | 'x':0 | 1",
            })
    void looksUpAgainAndAgain(String pattern, String value, int readings) {
        int[] looks = {0};
        try {
            read(body(pattern, value), () -> looks[0]++);
        } catch (FaultException e) {
            assertThat(e.total()).isPositive();
        }
        assertThat(looks[0]).isGreaterThanOrEqualTo(LOOKS * readings);
    }

    /** What the checkpoint throws comes out, and at once. */
    @ParameterizedTest
    @ValueSource(strings = {"'input':[[*]]", "'input':[[*,'']]", "'label':[*]", "'label':[*,'']", "'x':[*]"})
    void isEnded(String pattern) {
        int[] looks = {0};
        assertThatExceptionOfType(Over.class)
                .isThrownBy(() -> read(body(pattern, "1"), () -> {
                    looks[0]++;
                    throw new Over();
                }));
        assertThat(looks[0]).isEqualTo(1);
    }

    private static byte[] body(String pattern, String value) {
        String text = pattern.replace("*", value + ("," + value).repeat(VALUES - 1))
                .replace("@", value.repeat(VALUES))
                .replace('\'', '"');
        return ("{" + text + "}").getBytes(StandardCharsets.US_ASCII);
    }

    private static void read(byte[] body, Runnable checkpoint) {
        JsonLimits limits = new JsonLimits(1 << 20, 32, 1000, 1000, checkpoint);
        JsonObject object =
                JsonObject.read(body, body.length, List.of("input", "label", "weight"), limits, new Faults());
        object.matrix("input", DType.FLOAT32);
        object.labels("label", 2);
        object.vector("weight", DType.FLOAT64);
        object.finish();
    }
}
