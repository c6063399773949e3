package resonance.evaluation.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsTest {
    @Test
    void aDocumentBelongsWhereAPatternFitsItsNameOrPath() {
        Texts books = Texts.of("books=moby*,middle?arch.txt");
        assertThat(books.name()).isEqualTo("books");
        assertThat(books.has("moby-dick.txt")).isTrue();
        assertThat(books.has("texts/middlemarch.txt")).isTrue();
        assertThat(books.has("r46991.txt")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "books,      'texts must be NAME=PATTERN,PATTERN, was ''books'''",
        "=moby*,     'texts must be NAME=PATTERN,PATTERN, was ''=moby*'''",
        "books=,     'texts must be NAME=PATTERN,PATTERN, was ''books='''",
        "books=[moby, 'texts must have file name patterns, was ''[moby'''",
    })
    void whatIsNoGroupIsRefused(String text, String message) {
        assertThatThrownBy(() -> Texts.of(text)).hasMessage(message);
    }
}
