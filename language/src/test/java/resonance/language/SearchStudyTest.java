package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.evaluation.search.Contender;
import resonance.evaluation.search.Needle;
import resonance.evaluation.search.Objective;
import resonance.evaluation.search.SearchCell;
import resonance.evaluation.search.SearchCell.OfNeedles;
import resonance.evaluation.search.SearchKey;
import resonance.evaluation.search.SearchKey.Stage;
import resonance.evaluation.search.SearchReport;
import resonance.evaluation.search.Space;
import resonance.model.PlacementChoice;
import resonance.rope.EncodingName;
import resonance.rope.RopeFrequencies;
import resonance.rope.Rounding;
import resonance.rope.ScalingSettings;

class SearchStudyTest {
    private static final String VERSION = "1.2.3";
    private static final int LENGTH = 600;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** Letters at random, a token each. */
    private Path text(int characters) throws IOException {
        Random random = new Random(characters);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return Files.writeString(folder.resolve("a.txt"), text);
    }

    /** Of which RULER makes prompts that the length is too short for. */
    private Path prose() throws IOException {
        return Files.writeString(folder.resolve("prose.txt"), "The meadow lay green under the hill. ".repeat(40));
    }

    private SearchSettings settings(Objective objective, Rounding rounding, int length) throws IOException {
        ExtensionSettings extension =
                new ExtensionSettings(length, List.of(text(3000)), PlacementChoice.USUAL, Duration.ZERO);
        return settings(extension, objective, rounding, 2 * LENGTH, 3);
    }

    private SearchSettings settings(
            ExtensionSettings extension, Objective objective, Rounding rounding, int tokens, int seed)
            throws IOException {
        return new SearchSettings(
                extension, prose(), Space.DIVISORS, objective, rounding, OptionalInt.of(tokens), 6, seed);
    }

    private SearchStudy study(LanguageModel model, Objective objective) throws IOException {
        return SearchStudy.prepare(model, settings(objective, Rounding.NONE, LENGTH), VERSION);
    }

    /** Every result as text, losses to the bit. */
    private static List<String> lines(Path study) throws IOException {
        return SearchReport.read(study).records().results().stream()
                .map(SearchCell.class::cast)
                .map(cell -> cell.key() + " " + cell.key().contender().factors() + " "
                        + cell.measured().sum())
                .toList();
    }

    @Test
    void aStoppedSearchGoesOnToTheSameBits() throws IOException {
        try (LanguageModel model = TinyModel.load(5, true)) {
            StudiedFolder<SearchKey, SearchCell> whole =
                    new StudiedFolder<>(study(model, Objective.NEEDLES), folder.resolve("whole"));
            assertThat(whole.run()).isTrue();
            Path stopped = folder.resolve("stopped");
            StudiedFolder<SearchKey, SearchCell> begun = new StudiedFolder<>(study(model, Objective.NEEDLES), stopped);
            assertThat(begun.run(() -> begun.finished.size() == 15)).isFalse();
            assertThat(SearchReport.read(stopped).best()).isPresent();
            StudiedFolder<SearchKey, SearchCell> goneOn = new StudiedFolder<>(study(model, Objective.NEEDLES), stopped);
            assertThat(goneOn.run()).isTrue();
            assertThat(goneOn.finished).hasSize(whole.finished.size() - 15);
            assertThat(lines(stopped)).isEqualTo(lines(folder.resolve("whole")));
        }
    }

    @Test
    void aNeedlesLossIsThatOfThePasskeyUnderTheEncodingAsItIsWritten() throws IOException {
        try (LanguageModel model = TinyModel.load(5, true)) {
            SearchStudy study = study(model, Objective.NEEDLES);
            Needle needle = study.plan().needles().get(0);
            assertThat(needle.task()).isEqualTo(Needle.PASSKEY);
            StudiedFolder<SearchKey, SearchCell> run = new StudiedFolder<>(study, folder.resolve("study"));
            run.run();
            SearchCell yarn = run.finished.stream()
                    .filter(cell -> cell.key().stage() == Stage.SCREENING
                            && cell.key().contender().encoding().equals(EncodingName.valueOf("yarn")))
                    .findFirst()
                    .orElseThrow();
            PasskeySettings passkeys = new PasskeySettings(
                    List.of(LENGTH),
                    5,
                    1,
                    List.of(EncodingName.valueOf("yarn")),
                    OptionalDouble.of(LENGTH / 32.0),
                    PlacementChoice.USUAL,
                    ScalingSettings.DEFAULTS,
                    3);
            StudiedFolder<?, PasskeyTrial> alone =
                    new StudiedFolder<>(new PasskeyStudy(model, passkeys, VERSION), folder.resolve("alone"));
            alone.run();
            double loss = alone.finished.stream()
                    .filter(trial -> trial.depth() == needle.depth())
                    .findFirst()
                    .orElseThrow()
                    .keyLoss();
            assertThat(((OfNeedles) yarn.measured()).losses().get(0)).isCloseTo(loss, within(1e-9));
        }
    }

    @Test
    void needlesToReportOnAreOthersThanThoseToChooseBy() throws IOException {
        try (LanguageModel model = TinyModel.load(1, true)) {
            SearchStudy study = study(model, Objective.NEEDLES);
            assertThat(study.plan().needles())
                    .hasSize(2)
                    .extracting(Needle::seed)
                    .containsOnly(3L);
            assertThat(study.plan().heldOutNeedles())
                    .hasSize(40)
                    .extracting(Needle::seed)
                    .containsOnly(4L);
            assertThat(study.plan().pieces())
                    .doesNotContainAnyElementsOf(study.plan().heldOutPieces());
        }
    }

    @Test
    void aProposalHasItsDivisorsAndAttentionFactorOnceWritten() throws IOException {
        try (LanguageModel model = TinyModel.load(1, true)) {
            SearchStudy study = study(model, Objective.PERPLEXITY);
            Contender yarn = study.plan().starts().get(0);
            RopeFrequencies proposed = study.served(study.plan().proposal(1, yarn.factors()))
                    .frequencies()
                    .full();
            RopeFrequencies byHand = study.served(yarn).frequencies().full();
            assertThat(proposed.attentionScale()).isEqualTo(byHand.attentionScale());
            assertThat(proposed.radiansPerToken()).containsExactly(byHand.radiansPerToken(), within(1e-15));
        }
    }

    @Test
    void aRoundingGoesOverEveryProposalAndBesideEveryStart() throws IOException {
        try (LanguageModel model = TinyModel.load(1, true)) {
            SearchStudy study =
                    SearchStudy.prepare(model, settings(Objective.PERPLEXITY, Rounding.tokens(32), LENGTH), VERSION);
            assertThat(study.plan().starts())
                    .extracting(start -> start.encoding().toString())
                    .contains("yarn", "resonance-p32-yarn");
            RopeFrequencies proposed = study.example().frequencies().full();
            assertThat(proposed.periodTokens(0)).isBetween(1L, 32L);
            assertThat(study.plan().encoding()).hasToString("resonance-p32-longrope");
        }
    }

    @Test
    void aLengthThatTheModelReadsAndSettingsOutOfRangeAreRefused() throws IOException {
        try (LanguageModel model = TinyModel.load(1, true)) {
            SearchSettings reads = settings(Objective.NEEDLES, Rounding.NONE, 32);
            assertThatThrownBy(() -> SearchStudy.prepare(model, reads, VERSION))
                    .hasMessage(
                            "length must be more than the 32 tokens that the model reads, was 32; it needs no extension");
        }
        ExtensionSettings extension =
                settings(Objective.NEEDLES, Rounding.NONE, LENGTH).extension();
        assertThatThrownBy(() -> settings(extension, Objective.NEEDLES, Rounding.NONE, 0, 3))
                .hasMessage("tokens must be at least 1, was 0");
        int most = 256 * extension.length();
        assertThatThrownBy(() -> settings(extension, Objective.NEEDLES, Rounding.NONE, most + 1, 3))
                .hasMessage("tokens must be at most 256 times the length, " + most + ", was " + (most + 1));
        assertThatThrownBy(() -> settings(extension, Objective.NEEDLES, Rounding.NONE, 2 * LENGTH, -1))
                .hasMessage("seed must be from 0 to 1073741824, was -1");
    }
}
