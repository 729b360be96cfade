package dev.nearside.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Texts of people and machines who may say anything.
class PlainTextTest {
    private static final String SMILE = Character.toString(0x1F600);

    @Test
    void oneLineOfWhatAnybodySays() {
        assertThat(PlainText.lineOf("why not", 10)).isEqualTo("why not");
        assertThat(PlainText.lineOf("two\nlines", 10)).isEqualTo("two?lines");
        assertThat(PlainText.lineOf("\0", 10)).isEqualTo("?");
        assertThat(PlainText.lineOf(Character.toString(27) + "[2J", 10)).isEqualTo("?[2J");
        assertThat(PlainText.lineOf(Character.toString(0x9b) + "2J", 10)).isEqualTo("?2J");
        assertThat(PlainText.lineOf(SMILE, 10)).isEqualTo(SMILE);
        assertThat(PlainText.lineOf(SMILE.substring(1), 10)).isEqualTo("?");
    }

    @Test
    void noCharacterIsCutInHalf() {
        assertThat(PlainText.lineOf("cut off", 3)).isEqualTo("cut…");
        assertThat(PlainText.lineOf("cut" + SMILE, 4)).isEqualTo("cut…");
        assertThat(PlainText.cut("cut" + SMILE, 5)).isEqualTo("cut" + SMILE);
        assertThat(PlainText.cut("cut" + SMILE + SMILE, 6)).isEqualTo("cut" + SMILE);
    }
}
