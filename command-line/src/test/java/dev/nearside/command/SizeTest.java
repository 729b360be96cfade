package dev.nearside.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            512B,                     512
            4KB,                     4096
            512MB,              536870912
            2 GB,              2147483648
            2G,                2147483648
            2g,                2147483648
            1GiB,              1073741824
            1tb,            1099511627776
            8388607TB, 9223370937343148032
            """)
    void isReadInUnitsOf1024(String said, long bytes) {
        assertThat(Size.parse(said)).isEqualTo(OptionalLong.of(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "512", "1.5GB", "GB", "-1GB", "1PB", "2GBs", "lots", "8388608TB", "99999999999999999999B"})
    void isNothingElse(String said) {
        assertThat(Size.parse(said)).isEmpty();
    }
}
