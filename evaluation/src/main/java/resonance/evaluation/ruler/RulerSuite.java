package resonance.evaluation.ruler;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import resonance.evaluation.task.QuestionSettings;
import resonance.evaluation.task.SuiteSource;
import resonance.evaluation.task.Task;
import resonance.evaluation.task.TaskPrompt;
import resonance.evaluation.task.TaskQuestion;
import resonance.evaluation.task.TaskReference;
import resonance.evaluation.task.TaskScoring;
import resonance.evaluation.task.TaskSuite;
import resonance.rope.Refusal;
import resonance.study.Sha256;

/**
 * RULER, made by seed: its tasks but the two that need question-answering data. Words and prose come from the folder that is
 * named, or from this project ({@link RulerFolder}).
 */
public final class RulerSuite implements TaskSuite {
    private static final int SAMPLES = 500;
    private static final int USUAL = 50;

    /** Which samples a seed means. Another number where another build makes others. */
    private static final String VERSION = "1, after NVIDIA/RULER c3f5e3b";

    private final Path prose;

    /**
     * The suite.
     *
     * @param prose a text, for tasks that hide something in prose where no folder has any
     */
    public RulerSuite(Path prose) {
        this.prose = prose;
    }

    @Override
    public String name() {
        return "ruler";
    }

    @Override
    public String label() {
        return "RULER";
    }

    @Override
    public List<String> taskNames() {
        return Stream.of(RulerTask.values()).map(RulerTask::taskName).toList();
    }

    @Override
    public boolean needsData() {
        return false;
    }

    /** A tenth of NVIDIA's 500, which on a CPU would take hours. */
    @Override
    public int usualQuestions() {
        return USUAL;
    }

    @Override
    public TaskScoring scoring(String task) {
        task(task);
        return new StringMatch();
    }

    @Override
    public Task open(String name, SuiteSource source) throws IOException {
        RulerTask task = task(name);
        if (source.seed() < 0 || source.seed() > Integer.MAX_VALUE) {
            throw Refusal.was("seed", "must be from 0 to " + Integer.MAX_VALUE + " for RULER", source.seed());
        }
        Optional<RulerFolder> folder = Optional.empty();
        if (source.data().isPresent()) {
            folder = Optional.of(RulerFolder.read(source.data().get()));
        }
        RulerWords words = folder.flatMap(RulerFolder::words).orElseGet(RulerWords::own);
        String text = "";
        if (task.needsProse()) {
            Optional<String> given = folder.flatMap(RulerFolder::prose);
            text = given.isPresent() ? given.get() : RulerFolder.text(prose);
        }
        return new Made(task, (int) source.seed(), words, text);
    }

    private RulerTask task(String name) {
        return RulerTask.named(name).orElseThrow(() -> Refusal.unknown("tasks", name, taskNames()));
    }

    private record Made(RulerTask task, int seed, RulerWords words, String prose) implements Task {
        @Override
        public String name() {
            return task.taskName();
        }

        @Override
        public int count() {
            return SAMPLES;
        }

        @Override
        public int newTokens() {
            return newTokens(RulerSettings.TINY);
        }

        @Override
        public int newTokens(int length) {
            return task.answerTokens(length);
        }

        @Override
        public Map<String, String> identity() {
            Map<String, String> identity = new LinkedHashMap<>();
            identity.put("ruler", VERSION);
            identity.put("seed", Integer.toString(seed));
            identity.put("words", words.sha256());
            if (task.needsProse()) {
                identity.put("prose", Sha256.of(prose));
            }
            return identity;
        }

        /**
         * {@inheritDoc}
         *
         * <p>The length holds prompt and answer, but, as with NVIDIA, no special tokens before the prompt. A chat template counts
         * as NVIDIA's code for NeMo-Skills counts one, by its tokens alone.
         */
        @Override
        public List<TaskQuestion> questions(int count, QuestionSettings settings) {
            RulerPrompts prompts = RulerPrompts.of(settings.style());
            RulerSettings made = new RulerSettings(
                    settings.length(),
                    prompts.templateTokens(settings),
                    settings.newTokens(),
                    count,
                    seed,
                    settings.tokens()::count,
                    words,
                    prose);
            List<RulerSample> samples = task.samples(made);
            return Stream.iterate(0, i -> i < samples.size(), i -> i + 1)
                    .map(i -> question(i, samples.get(i), prompts))
                    .toList();
        }

        private static TaskQuestion question(int index, RulerSample sample, RulerPrompts prompts) {
            TaskPrompt prompt = prompts.of(sample);
            return new TaskQuestion(
                    index, List.of(prompt), new TaskReference(sample.references(), List.of()), List.of());
        }
    }
}
