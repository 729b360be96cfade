package dev.nearside.edge.key;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectingFieldTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        # name          | value                  | in the key
        foo             | ~ 1, 2 ~               | 1,2
        foo             | ~1 ,  2\t,3~           | 1,2,3
        foo             | 1 2                    | 1 2
        foo             | A, b                   | A,b
        foo             | "1, 2", 3              | "1, 2",3
        foo             | "1\\", 2", 3          | "1\\", 2",3
        foo             | ~~                     | ~~
        accept-language | eN, De;q=0.5           | en,de;q=0.5
        accept-language | de, en                 | de,en
        """)
    void meansTheSameInOneForm(String name, String value, String normalised) {
        assertThat(SelectingField.normalised(name, value)).isEqualTo(normalised);
    }
}
