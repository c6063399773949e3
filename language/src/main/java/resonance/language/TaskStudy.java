package resonance.language;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import resonance.evaluation.task.ChatTemplate;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.QuestionSettings;
import resonance.evaluation.task.Task;
import resonance.evaluation.task.TaskScoring;
import resonance.evaluation.task.study.TaskAnswer;
import resonance.evaluation.task.study.TaskKey;
import resonance.evaluation.task.study.TaskPlan;
import resonance.evaluation.task.study.TaskPlan.PlannedTask;
import resonance.rope.EncodingName;
import resonance.rope.Refusal;
import resonance.rope.ScalingSettings;
import resonance.study.CellSpecification;
import resonance.study.Job;
import resonance.study.JobContext;
import resonance.study.PlannedCell;
import resonance.study.Sha256;
import resonance.study.Study;
import resonance.transformer.inference.DecodingSession;
import resonance.transformer.inference.InferenceMemory;
import resonance.transformer.inference.PassListener;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.tensor.MachineMemory;
import resonance.transformer.tensor.ProductWork;
import resonance.transformer.tensor.WorkSpeed;

/**
 * Asks a model the questions of a suite, at every length and with every encoding.
 *
 * <p>Every encoding gets the same prompts. Answers are written greedily with a KV cache, until the model ends them, they have as many
 * tokens as they may, or nothing that follows could change their score; from the same reading of the prompt the loss of a right
 * answer's own tokens is measured. A cell is one question, specified by everything that can change its answer, as in
 * {@link PerplexityStudy}.
 */
public final class TaskStudy implements Study<TaskKey, TaskAnswer>, ProductWork {
    /** What this kind of study is called. */
    public static final String KIND = "evaluate";

    /** Of the speed of bare products, as docs/studies.md has it. */
    private static final double SHARE = 1.0;

    /** Keys and values of questions that are answered together take so small a part of the memory that is free, at most. */
    private static final int ROOM_SHARE = 4;

    private final LanguageModel model;
    private final TaskSettings settings;
    private final MeasuredEncodings encodings;
    private final ChatTemplate template;
    private final Map<String, Task> tasks = new LinkedHashMap<>();
    private final TaskPlan plan;
    private final ReadingCost cost;
    private final Map<List<Object>, Integer> together = new HashMap<>(); // by task and length
    private @Nullable Prepared last;

    /** The questions of a task at a length, which all encodings are asked. */
    private record Prepared(String task, int length, List<PreparedQuestion> questions) {}

    /**
     * Opens the tasks.
     *
     * @param softwareVersion version of this software, part of what tells answers apart
     * @throws resonance.evaluation.task.TaskDataException if a task's file is missing or damaged
     * @throws IllegalArgumentException if a length is too short for a task, an encoding refuses its settings, or the style is
     *     {@link PromptStyle#CHAT} and the model has no chat template that is known
     */
    public TaskStudy(LanguageModel model, TaskSettings settings, String softwareVersion) throws IOException {
        this.model = model;
        this.settings = settings;
        this.encodings = new MeasuredEncodings(
                model,
                settings.encodings(),
                settings.lengths(),
                settings.factor(),
                settings.placement(),
                settings.rope(),
                softwareVersion);
        this.template = ModelChat.template(model.model(), settings.style());
        this.cost = ReadingCost.of(model.description());
        List<PlannedTask> planned = new ArrayList<>();
        for (String name : settings.tasks()) {
            Task task = settings.suite().open(name, settings.source());
            task.questions(1, questionSettings(task, settings.lengths().get(0))); // refuses a length that is too short
            int wanted = settings.questions().orElse(settings.suite().usualQuestions());
            int longest = settings.lengths().get(settings.lengths().size() - 1);
            planned.add(new PlannedTask(name, Math.min(wanted, task.count()), task.count(), newTokens(task, longest)));
            tasks.put(name, task);
        }
        this.plan = new TaskPlan(
                encodings.model(),
                settings.suite().name(),
                settings.style(),
                settings.encodings(),
                settings.lengths(),
                planned);
    }

    /**
     * The same settings without the tasks whose questions do not fit the shortest length.
     *
     * @throws IllegalArgumentException if none fits, in the words of the first
     */
    public static TaskSettings fitting(LanguageModel model, TaskSettings settings) throws IOException {
        ChatTemplate template = ModelChat.template(model.model(), settings.style());
        List<String> fitting = new ArrayList<>();
        @Nullable Refusal tooShort = null;
        for (String name : settings.tasks()) {
            Task task = settings.suite().open(name, settings.source());
            try {
                task.questions(
                        1,
                        questionSettings(
                                model,
                                settings,
                                template,
                                task,
                                settings.lengths().get(0)));
                fitting.add(name);
            } catch (Refusal refusal) {
                tooShort = tooShort == null ? refusal : tooShort;
            }
        }
        if (fitting.isEmpty() && tooShort != null) {
            throw tooShort;
        }
        return settings.withTasks(fitting);
    }

    private int newTokens(Task task, int length) {
        return newTokens(settings, task, length);
    }

    private static int newTokens(TaskSettings settings, Task task, int length) {
        return settings.newTokens().orElse(task.newTokens(length));
    }

    private QuestionSettings questionSettings(Task task, int length) {
        return questionSettings(model, settings, template, task, length);
    }

    private static QuestionSettings questionSettings(
            LanguageModel model, TaskSettings settings, ChatTemplate template, Task task, int length) {
        return new QuestionSettings(
                length,
                newTokens(settings, task, length),
                settings.style(),
                new ModelTokens(model.tokenizer()),
                template);
    }

    private PlannedCell<TaskKey> cell(TaskKey key) {
        return new PlannedCell<>(
                key,
                key.length() + "--" + key.task() + "--" + key.question() + "--" + key.encoding(),
                new CellSpecification(KIND, identity(key)));
    }

    private Map<String, String> identity(TaskKey key) {
        Task task = task(key.task());
        Map<String, String> identity = encodings.identity(key.encoding(), key.length());
        identity.put("suite", plan.suite());
        identity.put("task", key.task());
        task.identity().forEach((name, value) -> identity.put("questions " + name, value));
        identity.put("question", String.valueOf(key.question()));
        identity.put("prompt", plan.style().word());
        if (plan.style() == PromptStyle.CHAT) {
            identity.put("template", Sha256.of(template.apply("system", "user") + template.apply("", "user")));
        }
        identity.put("newTokens", String.valueOf(newTokens(task, key.length())));
        return identity;
    }

    private Task task(String name) {
        return requireNonNull(tasks.get(name), "a task must be one of the plan's");
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public TaskPlan plan() {
        return plan;
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("suite", plan.suite());
        text.put("prompt", plan.style().word());
        text.put(
                "questions",
                plan.tasks().stream()
                        .map(task -> task.name() + " " + task.questions() + " of " + task.available())
                        .collect(Collectors.joining(", ")));
        text.putAll(encodings.settingsText());
        return text;
    }

    @Override
    public List<PlannedCell<TaskKey>> cells() {
        return plan.cells().stream().map(this::cell).toList();
    }

    /** A job an encoding, task and length, so that its questions share what they have in common. */
    @Override
    public List<Job<TaskKey, TaskAnswer>> jobs(List<PlannedCell<TaskKey>> missing) {
        Map<TaskKey, List<PlannedCell<TaskKey>>> groups = new LinkedHashMap<>();
        for (PlannedCell<TaskKey> cell : missing) {
            TaskKey key = cell.key();
            groups.computeIfAbsent(new TaskKey(key.encoding(), key.length(), key.task(), 0), first -> new ArrayList<>())
                    .add(cell);
        }
        return groups.values().stream()
                .<Job<TaskKey, TaskAnswer>>map(Questions::new)
                .toList();
    }

    @Override
    public Class<TaskAnswer> resultType() {
        return TaskAnswer.class;
    }

    @Override
    public WorkSpeed speed() {
        return ReadingCost.speed(KIND, model, SHARE);
    }

    /** What the scalings read, with the factor that {@code auto} came to. */
    public ScalingSettings rope() {
        return encodings.rope();
    }

    /**
     * What this study takes at most, were prompts as long as they may be. Where a question has several prompts their keys and
     * values are kept side by side; the second and later ones are counted as those of the first question are, since they come without
     * the document. Questions that are answered together have keys and values of their own too.
     */
    public InferenceMemory memory() {
        InferenceMemory most = null;
        int longest = settings.lengths().get(settings.lengths().size() - 1);
        for (int length : settings.lengths()) {
            for (Task task : tasks.values()) {
                int together = together(task, length);
                if (length == longest || together > 1) {
                    int newTokens = newTokens(task, length);
                    long kept = (long) length + newTokens;
                    List<PreparedQuestion.Prompt> prompts =
                            firstQuestions(task, length, 1).get(0).prompts();
                    for (PreparedQuestion.Prompt further : prompts.subList(1, prompts.size())) {
                        kept += further.room(newTokens);
                    }
                    InferenceMemory need = InferenceMemory.continuing(
                                    encodings.running(),
                                    length,
                                    kept,
                                    model.model().sizes().bytes())
                            .together(together);
                    most = most == null ? need : most.larger(need);
                }
            }
        }
        return requireNonNull(most, "a study has a length and a task");
    }

    private List<PreparedQuestion> firstQuestions(Task task, int length, int count) {
        return PreparedQuestion.of(task.questions(count, questionSettings(task, length)), template, model.tokenizer());
    }

    /**
     * How many questions are answered together, at most: one where that would not be faster, since a question has several prompts, shares
     * its document with the next, or is read for longer than it is answered, or since positions are remapped; and not more than there is
     * room for. It changes no answer.
     */
    private int together(Task task, int length) {
        return together.computeIfAbsent(List.of(task.name(), length), key -> {
            int newTokens = newTokens(task, length);
            int count = count(task.name());
            if (count == 1
                    || encodings.running().remaps()
                    || (long) AnswerWriter.READ_FOR_ONE_WRITTEN * newTokens < length) {
                return 1;
            }
            boolean apart = firstQuestions(task, length, 2).stream()
                    .allMatch(question -> question.prompts().size() == 1
                            && question.prompts().get(0).shared() == 0);
            if (!apart) {
                return 1;
            }
            long each = InferenceMemory.continuing(encodings.running(), length, (long) length + newTokens, 0)
                    .keysAndValues();
            long room = MachineMemory.now().available() / ROOM_SHARE / each;
            return (int) Math.max(1, Math.min(DecodingSession.MOST_TOGETHER, Math.min(room, count)));
        });
    }

    /** How many questions of a task are asked. */
    private int count(String task) {
        return plan.tasks().stream()
                .filter(planned -> planned.name().equals(task))
                .mapToInt(PlannedTask::questions)
                .sum();
    }

    private List<PreparedQuestion> questions(String name, int length) {
        Prepared held = last;
        if (held == null || !held.task.equals(name) || held.length != length) {
            Task task = task(name);
            held = new Prepared(
                    name,
                    length,
                    PreparedQuestion.of(
                            task.questions(count(name), questionSettings(task, length)), template, model.tokenizer()));
            last = held;
        }
        return held.questions;
    }

    /** For each of a question's prompts one, so that the second does not push out what the first ones share; or several. */
    private static final class Writers implements AutoCloseable {
        private final List<List<AnswerWriter>> all = new ArrayList<>(); // of each prompt

        void add(List<AnswerWriter> writers) {
            all.add(writers);
        }

        @Override
        public void close() {
            all.forEach(writers -> writers.forEach(AnswerWriter::close));
        }
    }

    /** Questions of one task at one length, under one encoding. */
    private final class Questions implements Job<TaskKey, TaskAnswer> {
        private final List<PlannedCell<TaskKey>> cells;
        private final EncodingName encoding;
        private final int length;
        private final String task;

        Questions(List<PlannedCell<TaskKey>> cells) {
            this.cells = List.copyOf(cells);
            TaskKey first = cells.get(0).key();
            this.encoding = first.encoding();
            this.length = first.length();
            this.task = first.task();
        }

        @Override
        public String name() {
            return task + " / length " + length + " / " + encoding;
        }

        @Override
        public List<PlannedCell<TaskKey>> cells() {
            return cells;
        }

        @Override
        public void plan(Workload workload) {
            workload.add(length, cells.size() * work());
        }

        @Override
        public void run(JobContext<TaskKey, TaskAnswer> context) throws IOException {
            List<PreparedQuestion> questions = questions(task, length);
            int newTokens = newTokens(task(task), length);
            PositionEncoding positions = encodings.positions(encoding, length);
            int together = together(task(task), length);
            try (Writers writers = new Writers()) {
                for (int place = 0; place < questions.get(0).prompts().size(); place++) {
                    int prompt = place;
                    int capacity = cells.stream()
                            .mapToInt(cell -> questions
                                    .get(cell.key().question())
                                    .prompts()
                                    .get(prompt)
                                    .room(newTokens))
                            .max()
                            .orElse(1);
                    List<AnswerWriter> some = new ArrayList<>();
                    writers.add(some);
                    for (int i = 0; i < Math.min(together, cells.size()); i++) {
                        some.add(new AnswerWriter(
                                model, positions, capacity, "encoding " + encoding + " at length " + length));
                    }
                }
                for (int from = 0; from < cells.size(); from += together) {
                    List<PlannedCell<TaskKey>> some = cells.subList(from, Math.min(cells.size(), from + together));
                    List<PreparedQuestion> asked = some.stream()
                            .map(cell -> questions.get(cell.key().question()))
                            .toList();
                    List<TaskAnswer> answers = context.pass(
                            length,
                            some.size() * work(),
                            listener -> answer(some, asked, writers, newTokens, listener::accept));
                    for (int i = 0; i < answers.size(); i++) {
                        context.finished(some.get(i), answers.get(i));
                    }
                }
            }
        }

        /** Of a question, were its prompt as long as it may be and its answer too. */
        private double work() {
            return cost.of(length)
                    + cost.perToken() * AnswerWriter.READ_FOR_ONE_WRITTEN * newTokens(task(task), length);
        }

        private List<TaskAnswer> answer(
                List<PlannedCell<TaskKey>> some,
                List<PreparedQuestion> questions,
                Writers writers,
                int newTokens,
                PassListener listener) {
            TaskScoring scoring = settings.suite().scoring(task);
            int prompts = writers.all.size();
            List<List<AnswerWriter.Answered>> byPrompt = new ArrayList<>();
            for (int i = 0; i < prompts; i++) {
                int place = i;
                List<AnswerWriter.Asked> asked = questions.stream()
                        .map(question -> new AnswerWriter.Asked(
                                question.prompts().get(place),
                                question.stops(),
                                text -> scoring.isSettled(question.reference(), place, text)))
                        .toList();
                byPrompt.add(AnswerWriter.answer(
                        writers.all.get(i),
                        asked,
                        newTokens,
                        fraction -> listener.advanced((place + fraction) / prompts)));
            }
            List<TaskAnswer> answers = new ArrayList<>();
            for (int i = 0; i < questions.size(); i++) {
                int question = i;
                List<AnswerWriter.Answered> parts = byPrompt.stream()
                        .map(answered -> answered.get(question))
                        .toList();
                answers.add(new TaskAnswer(
                        encoding,
                        length,
                        task,
                        some.get(i).key().question(),
                        plan.style(),
                        questions.get(i).reference(),
                        parts.stream().map(AnswerWriter.Answered::written).toList(),
                        parts.stream()
                                .mapToDouble(AnswerWriter.Answered::seconds)
                                .sum()));
            }
            return answers;
        }
    }
}
