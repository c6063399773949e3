package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.SuiteSource;
import resonance.evaluation.task.study.TaskAnswer;
import resonance.evaluation.task.study.TaskAnswer.Written;
import resonance.evaluation.task.study.TaskKey;
import resonance.evaluation.task.study.TaskReport;
import resonance.model.EncodingChoice;
import resonance.model.PlacementChoice;
import resonance.rope.EncodingName;
import resonance.rope.LayerFrequencies;
import resonance.rope.ScalingSettings;
import resonance.study.StudyListener.Progress;
import resonance.transformer.inference.InferenceMemory;
import resonance.transformer.position.RotaryEncoding;

class TaskStudyTest {
    private static final String VERSION = "1.2.3";

    private static final MeadowSuite SUITE = new MeadowSuite(Integer.MAX_VALUE, List.of());

    private static TaskSettings settings(MeadowSuite suite, List<String> tasks, int questions, String... encodings) {
        return settings(suite, tasks, List.of(90, 60), questions, encodings);
    }

    private static TaskSettings settings(
            MeadowSuite suite, List<String> tasks, List<Integer> lengths, int questions, String... encodings) {
        return new TaskSettings(
                suite,
                new SuiteSource(Optional.empty(), 1),
                tasks,
                lengths,
                OptionalInt.of(questions),
                OptionalInt.empty(),
                PromptStyle.PLAIN,
                Stream.of(encodings).map(EncodingName::valueOf).toList(),
                OptionalDouble.empty(),
                PlacementChoice.USUAL,
                ScalingSettings.DEFAULTS);
    }

    private static StudiedFolder<TaskKey, TaskAnswer> open(LanguageModel model, TaskSettings settings, Path folder)
            throws IOException {
        return new StudiedFolder<>(new TaskStudy(model, settings, VERSION), folder);
    }

    @Test
    void memoryIsThatOfTheLongestLengthWithThePromptsOfAQuestionSideBySide() throws IOException {
        try (LanguageModel model = TinyModel.load(11, false)) {
            long files = model.model().sizes().bytes();
            assertThat(new TaskStudy(model, settings(SUITE, List.of("colours"), 5, "yarn"), VERSION).memory())
                    .isEqualTo(InferenceMemory.continuing(model.running(), 90, 90 + 5, files));
            int further = "Again 0".length() + 5;
            assertThat(new TaskStudy(model, settings(SUITE, List.of("twice", "colours"), 5, "yarn"), VERSION).memory())
                    .isEqualTo(InferenceMemory.continuing(model.running(), 90, 90 + 5 + further, files));
            InferenceMemory.Decoder running = model.running();
            InferenceMemory.Decoder remapped =
                    new InferenceMemory.Decoder(running.config(), running.precision(), running.threads(), true);
            assertThat(new TaskStudy(model, settings(SUITE, List.of("colours"), 5, "yarn", "rerope"), VERSION).memory())
                    .isEqualTo(InferenceMemory.continuing(remapped, 90, 90 + 5, files));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answersAndLossesAreThoseOfFullLogitsWhateverWasReadBefore(boolean bos, @TempDir Path folder)
            throws IOException {
        try (LanguageModel model = TinyModel.load(11, bos)) {
            StudiedFolder<TaskKey, TaskAnswer> run =
                    open(model, settings(SUITE, List.of("colours", "twice"), 5, "yarn"), folder);
            assertThat(run.run()).isTrue();
            assertThat(run.finished).hasSize(2 * 2 * 5);
            List<Double> told = run.progress.stream().map(Progress::fraction).toList();
            assertThat(told).isSorted();
            assertThat(told.get(told.size() - 1)).isCloseTo(1, within(1e-9));
            for (TaskAnswer answer : run.finished) {
                LayerFrequencies frequencies = EncodingChoice.of("yarn", ScalingSettings.ofFactor(90 / 32.0))
                        .frequencies(model.description().positions(), answer.length());
                String document = (answer.question() / 3 + "The grass is green. The sky is blue. ".repeat(40))
                        .substring(0, answer.length() - 20);
                String prompt = document + "\nQuestion " + answer.question() + ":";
                Written written = answer.written().get(0);
                assertThat(written.promptTokens()).isEqualTo(prompt.length() + (bos ? 1 : 0));
                assertThat(written.loss()).isCloseTo(loss(model, frequencies, prompt, " blue"), within(1e-4));
                assertThat(written.lossTokens()).isEqualTo(5);
                assertThat(answer.loss()).isEqualTo(written.loss());
                assertThat(written.answer()).isEqualTo(continued(model, frequencies, prompt, 5));
                if (answer.task().equals("twice")) {
                    Written again = answer.written().get(1);
                    assertThat(again.loss()).isNaN();
                    assertThat(again.answer())
                            .isEqualTo(continued(model, frequencies, "Again " + answer.question(), 5));
                }
            }
        }
    }

    private static double loss(LanguageModel model, LayerFrequencies frequencies, String prompt, String target) {
        int[] tokens = PromptTokens.of(model.tokenizer(), prompt + target);
        int vocabulary = model.description().decoder().vocabularySize();
        float[] logits = model.decoder().logits(new RotaryEncoding(frequencies), tokens);
        double loss = 0;
        for (int i = tokens.length - target.length(); i < tokens.length; i++) {
            float[] row = Arrays.copyOfRange(logits, (i - 1) * vocabulary, i * vocabulary);
            loss += LogProbability.negative(row, tokens[i]);
        }
        return loss / target.length();
    }

    /** Greedily, with the whole text read again for every token. */
    private static String continued(LanguageModel model, LayerFrequencies frequencies, String prompt, int count) {
        int[] tokens = PromptTokens.of(model.tokenizer(), prompt);
        int first = tokens.length;
        int vocabulary = model.description().decoder().vocabularySize();
        for (int i = 0; i < count; i++) {
            float[] logits = model.decoder().logits(new RotaryEncoding(frequencies), tokens);
            float[] row = Arrays.copyOfRange(logits, (tokens.length - 1) * vocabulary, logits.length);
            int token = new Sampler(SamplingSettings.GREEDY).choose(row);
            if (token == TinyModel.END) {
                break;
            }
            tokens = Arrays.copyOf(tokens, tokens.length + 1);
            tokens[tokens.length - 1] = token;
        }
        return model.tokenizer().decode(Arrays.copyOfRange(tokens, first, tokens.length));
    }

    @Test
    void aDocumentIsReadOnceForItsQuestions(@TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(12, false)) {
            StudiedFolder<TaskKey, TaskAnswer> run = open(model, settings(SUITE, List.of("twice"), 6, "none"), folder);
            run.run();
            // The first byte of a document tells the two apart; "0:" and the like come last.
            assertThat(run.finished.stream()
                            .filter(answer -> answer.length() == 90)
                            .map(answer -> answer.written().get(0).readTokens())
                            .toList())
                    .containsExactly(82, 2, 2, 82, 2, 2);
        }
    }

    /** Each about a document of its own, so they are answered together: six in the first run, one and then five in the second. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "yarn"})
    void questionsThatAreAnsweredTogetherGetTheAnswersThatTheyGetOtherwise(String encoding, @TempDir Path folder)
            throws IOException {
        try (LanguageModel model = TinyModel.load(11, true)) {
            StudiedFolder<TaskKey, TaskAnswer> all = open(
                    model,
                    settings(new MeadowSuite(99, List.of(), 1), List.of("colours"), 6, encoding),
                    folder.resolve("all"));
            assertThat(all.run()).isTrue();
            List<Double> told = all.progress.stream().map(Progress::fraction).toList();
            assertThat(told).isSorted();
            assertThat(told.get(told.size() - 1)).isCloseTo(1, within(1e-9));

            // One of them ends before the others.
            String first = all.finished.get(0).answers().get(0);
            MeadowSuite suite = new MeadowSuite(99, List.of(first.substring(1)), 1);
            StudiedFolder<TaskKey, TaskAnswer> together =
                    open(model, settings(suite, List.of("colours"), 6, encoding), folder.resolve("together"));
            together.run();
            assertThat(together.finished.get(0).written().get(0).end()).isEqualTo(TaskAnswer.End.STOP);
            assertThat(together.finished).extracting(TaskAnswer::seconds).allMatch(seconds -> seconds > 0);
            for (int questions : new int[] {1, 6}) {
                open(model, settings(suite, List.of("colours"), questions, encoding), folder.resolve("apart"))
                        .run();
            }
            assertThat(written(open(model, settings(suite, List.of("colours"), 6, encoding), folder.resolve("apart"))))
                    .isEqualTo(written(together))
                    .hasSize(12);
        }
    }

    private static List<List<Written>> written(StudiedFolder<TaskKey, TaskAnswer> run) throws IOException {
        return run.results().stream().map(TaskAnswer::written).toList();
    }

    @Test
    void questionsAreAnsweredTogetherWhereThatPaysAndTheirKeysAndValuesAreCounted() throws IOException {
        try (LanguageModel model = TinyModel.load(11, false)) {
            long files = model.model().sizes().bytes();
            MeadowSuite suite = new MeadowSuite(99, List.of(), 1);
            InferenceMemory one = InferenceMemory.continuing(model.running(), 90, 90 + 5, files);
            assertThat(new TaskStudy(model, settings(suite, List.of("colours"), 5, "yarn"), VERSION).memory())
                    .isEqualTo(one.together(5));
            assertThat(one.together(5).keysAndValues()).isEqualTo(5 * one.keysAndValues());
            // Several prompts a question, and positions that are remapped.
            assertThat(new TaskStudy(model, settings(suite, List.of("twice"), 5, "yarn"), VERSION)
                            .memory()
                            .keysAndValues())
                    .isEqualTo(InferenceMemory.continuing(model.running(), 90, 90 + 5 + 12, files)
                            .keysAndValues());
            InferenceMemory.Decoder running = model.running();
            InferenceMemory.Decoder remapped =
                    new InferenceMemory.Decoder(running.config(), running.precision(), running.threads(), true);
            assertThat(new TaskStudy(model, settings(suite, List.of("colours"), 5, "rerope"), VERSION).memory())
                    .isEqualTo(InferenceMemory.continuing(remapped, 90, 90 + 5, files));
            // Longer than what is read in the time of writing five tokens.
            assertThat(new TaskStudy(model, settings(suite, List.of("colours"), List.of(160), 5, "yarn"), VERSION)
                            .memory())
                    .isEqualTo(InferenceMemory.continuing(model.running(), 160, 160 + 5, files));
        }
    }

    @Test
    void anAnswerEndsWhereItIsSettledOrStopped(@TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(11, false)) {
            StudiedFolder<TaskKey, TaskAnswer> whole =
                    open(model, settings(SUITE, List.of("colours"), 1, "none"), folder.resolve("whole"));
            whole.run();
            Written written = whole.finished.get(0).written().get(0);
            assertThat(written.end()).isEqualTo(TaskAnswer.End.MOST_TOKENS);
            assertThat(written.tokens()).isEqualTo(5);

            StudiedFolder<TaskKey, TaskAnswer> settled = open(
                    model,
                    settings(new MeadowSuite(2, List.of()), List.of("colours"), 1, "none"),
                    folder.resolve("settled"));
            settled.run();
            Written early = settled.finished.get(0).written().get(0);
            assertThat(early.end()).isEqualTo(TaskAnswer.End.SETTLED);
            assertThat(early.tokens()).isBetween(2, 4);
            assertThat(early.loss()).isEqualTo(written.loss());

            String stop = written.answer().substring(1, 2);
            StudiedFolder<TaskKey, TaskAnswer> stopped = open(
                    model,
                    settings(new MeadowSuite(99, List.of("never", stop)), List.of("colours"), 1, "none"),
                    folder.resolve("stopped"));
            stopped.run();
            Written cut = stopped.finished.get(0).written().get(0);
            assertThat(cut.end()).isEqualTo(TaskAnswer.End.STOP);
            assertThat(cut.answer())
                    .isEqualTo(written.answer().substring(0, written.answer().indexOf(stop)));
        }
    }

    @Test
    void whatWasStoppedGoesOnToTheSameAnswersAndMoreQuestionsKeepThem(@TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(13, true)) {
            TaskSettings few = settings(SUITE, List.of("colours", "twice"), 3, "none", "linear");
            StudiedFolder<TaskKey, TaskAnswer> whole = open(model, few, folder.resolve("whole"));
            whole.run();

            StudiedFolder<TaskKey, TaskAnswer> part = open(model, few, folder.resolve("part"));
            assertThat(part.run(() -> part.finished.size() >= 4)).isFalse();
            assertThat(part.missing()).hasSize(24 - part.finished.size());
            assertThat(part.run()).isTrue();
            assertThat(texts(part)).isEqualTo(texts(whole));

            assertThat(open(
                                    model,
                                    settings(SUITE, List.of("twice", "colours"), 4, "none", "linear"),
                                    folder.resolve("part"))
                            .missing())
                    .hasSize(8)
                    .allMatch(key -> key.question() == 3);
        }
    }

    /** Everything but the time it took, and how much was read for it. */
    private static List<Object> texts(StudiedFolder<TaskKey, TaskAnswer> run) throws IOException {
        return run.results().stream()
                .<Object>map(answer -> List.of(answer.place(), answer.answers(), answer.loss()))
                .toList();
    }

    @Test
    void aFolderIsReportedWithoutTheModel(@TempDir Path folder) throws IOException {
        try (LanguageModel model = TinyModel.load(14, true)) {
            open(model, settings(SUITE, List.of("colours", "twice"), 2, "none", "yarn"), folder)
                    .run();
        }
        TaskReport report = TaskReport.read(folder, name -> SUITE);
        assertThat(report.results().scores()).hasSize(2 * 2 * 2);
        assertThat(report.records().settings())
                .containsEntry("suite", "meadow")
                .containsEntry("prompt", "plain")
                .containsEntry("questions", "colours 2 of 6, twice 2 of 6");
    }

    @Test
    void refusesWhatCannotBeAsked() {
        assertThatThrownBy(() -> settings(SUITE, List.of("colors"), 1, "none"))
                .hasMessage("tasks 'colors' is unknown; known: colours, twice; did you mean 'colours'?");
        assertThatThrownBy(() -> settings(SUITE, List.of("colours"), 0, "none"))
                .hasMessage("questions must be at least 1, was 0");
        try (LanguageModel model = TinyModel.load(14, false)) {
            assertThatThrownBy(() -> new TaskStudy(model, ofLengths(30, 60), VERSION))
                    .hasMessage("lengths must be at least 40 for colours, found 30");
            assertThatThrownBy(() -> TaskStudy.fitting(model, ofLengths(30, 60)))
                    .hasMessage("lengths must be at least 40 for colours, found 30");
        }
    }

    @Test
    void tasksThatDoNotFitTheShortestLengthCanBeLeftOut() throws IOException {
        try (LanguageModel model = TinyModel.load(14, false)) {
            assertThat(TaskStudy.fitting(model, ofLengths(60, 45)).tasks()).containsExactly("colours");
            assertThat(TaskStudy.fitting(model, ofLengths(60))).isEqualTo(ofLengths(60));
        }
    }

    private static TaskSettings ofLengths(Integer... lengths) {
        return new TaskSettings(
                SUITE,
                new SuiteSource(Optional.empty(), 1),
                List.of("colours", "twice"),
                List.of(lengths),
                OptionalInt.empty(),
                OptionalInt.empty(),
                PromptStyle.PLAIN,
                List.of(EncodingName.valueOf("none")),
                OptionalDouble.empty(),
                PlacementChoice.USUAL,
                ScalingSettings.DEFAULTS);
    }
}
