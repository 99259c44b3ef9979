package io.stepvault.worker.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void leavesTextThatShowsAsItIs() {
        assertThat(Printable.escape("step-0001 Ü 漢字 \uD83D\uDE00 \\")).isEqualTo("step-0001 Ü 漢字 \uD83D\uDE00 \\");
    }

    @Test
    void escapesWhatCouldTakeOverATerminal() {
        assertThat(Printable.escape("a\u001B[2Jb\u009Bc\u007F")).isEqualTo("a\\u{1B}[2Jb\\u{9B}c\\u{7F}");
        assertThat(Printable.escape("a\nb\tc\rd")).isEqualTo("a\\nb\\tc\\rd");
    }

    @Test
    void escapesWhatWouldReadAsOtherText() {
        assertThat(Printable.escape("gnp\u202Etxt\u200B")).isEqualTo("gnp\\u{202E}txt\\u{200B}");
        assertThat(Printable.escape("\u2028\uD800")).isEqualTo("\\u{2028}\\u{D800}");
    }

    @Property
    void neverLetsAControlCharacterThrough(@ForAll String text) {
        assertThat(Printable.escape(text).codePoints()).noneMatch(Character::isISOControl);
        assertThat(Printable.escape(Printable.escape(text))).isEqualTo(Printable.escape(text));
    }

    @Property
    void cutsToTheWidthAskedFor(@ForAll String text, @ForAll @IntRange(min = 3, max = 60) int width) {
        assertThat(Printable.width(Printable.cut(text, width))).isLessThanOrEqualTo(width);
    }

    @Test
    void countsColumnsNotCharacters() {
        assertThat(Printable.width("漢字")).isEqualTo(4);
        assertThat(Printable.width("e\u0301")).isEqualTo(1);
        assertThat(Printable.cut("漢字漢字", 7)).isEqualTo("漢字...");
    }
}
