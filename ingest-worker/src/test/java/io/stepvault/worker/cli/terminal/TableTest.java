package io.stepvault.worker.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void alignsTextLeftAndNumbersRight() {
        Table table = new Table().column("NAME").numbers("SIZE").column("KIND");

        table.row("html", "1", "x").row("screenshot", "1000", "");

        assertThat(table.lines()).containsExactly("NAME        SIZE  KIND", "html           1  x", "screenshot  1000");
    }

    @Test
    void keepsAHostileCellOnItsLine() {
        Table table = new Table().column("SESSION").column("DAY");

        table.row("a\u001B[31m\nb", "1").row("漢字", "2");

        assertThat(table.lines()).containsExactly("SESSION         DAY", "a\\u{1B}[31m\\nb  1", "漢字            2");
    }

    @Test
    void saysNothingWithoutRows() {
        assertThat(new Table().column("SESSION").lines()).isEmpty();
    }

    @Test
    void refusesARowOfTheWrongLength() {
        Table table = new Table().column("SESSION");

        assertThatThrownBy(() -> table.row("a", "b")).isInstanceOf(IllegalArgumentException.class);
    }
}
