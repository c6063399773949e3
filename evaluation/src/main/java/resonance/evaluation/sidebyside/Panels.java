package resonance.evaluation.sidebyside;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import resonance.evaluation.Accuracy;
import resonance.evaluation.Comparison;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.DisplayNames;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.passkey.PasskeyResults;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.evaluation.perplexity.EveryTokenOnce;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.perplexity.PerplexityCell;
import resonance.evaluation.perplexity.PerplexityPlan;
import resonance.evaluation.perplexity.PerplexityProtocol.Weighting;
import resonance.evaluation.perplexity.PerplexityResults;
import resonance.evaluation.report.Wording;
import resonance.evaluation.sidebyside.Measured.Unit;
import resonance.evaluation.task.TaskScoring;
import resonance.evaluation.task.study.TaskAnswer;
import resonance.evaluation.task.study.TaskKey;
import resonance.evaluation.task.study.TaskPlan;
import resonance.evaluation.task.study.TaskPlan.PlannedTask;
import resonance.evaluation.task.study.TaskResults;
import resonance.evaluation.task.study.TaskScore;
import resonance.rope.EncodingName;
import resonance.study.CellSpecification;
import resonance.study.FinishedCell;

/** Tables in the making: studies of every kind are added one by one. */
final class Panels {
    /** What is compared, or only ran it, and so is no part of what was asked. */
    private static final Set<String> TREATMENT = Set.of("model", "encoding", "frequencies", "threads", "software");

    private static final double BITS_A_NAT = 1 / Math.log(2);

    private final List<Texts> texts;
    private final Map<Panel.Key, Panel> panels = new LinkedHashMap<>();

    /** @param texts what documents of perplexities make a table of their own; documents in none of them are left out */
    Panels(List<Texts> texts) {
        this.texts = List.copyOf(texts);
    }

    /** The tables so far, in the order in which they were begun; those of bits a byte where there is something to compare. */
    List<Panel> all() {
        Set<String> severalTokenizers = new LinkedHashSet<>();
        Map<String, String> seen = new LinkedHashMap<>();
        for (Panel.Key key : panels.keySet()) {
            if (key.quantity() == Quantity.PERPLEXITY) {
                String before = seen.putIfAbsent(key.title(), tokens(key));
                if (before != null && !before.equals(tokens(key))) {
                    severalTokenizers.add(key.title());
                }
            }
        }
        return panels.values().stream()
                .filter(panel -> panel.quantity() != Quantity.BITS
                        || severalTokenizers.contains(panel.key().title().replace(BITS_TITLE, PERPLEXITY_TITLE)))
                .toList();
    }

    private static final String PERPLEXITY_TITLE = "Perplexity";
    private static final String BITS_TITLE = "Bits a byte";
    /** What of a perplexity tells tokenizers apart. */
    private static final String TOKENS = "tokens";

    static String tokens(Panel.Key key) {
        return key.same().getOrDefault(TOKENS, "");
    }

    private Panel panel(Panel.Key key) {
        return panels.computeIfAbsent(key, Panel::new);
    }

    private static Map<String, String> question(CellSpecification specification) {
        Map<String, String> question = new LinkedHashMap<>(specification.values());
        question.keySet().removeAll(TREATMENT);
        return question;
    }

    /** Adds a perplexity: a table for every group of its documents. */
    void add(PerplexityResults results, Naming naming) {
        PerplexityPlan plan = results.plan();
        for (Texts group : texts) {
            List<MeasuredDocument> documents = plan.documents().stream()
                    .filter(document -> group.has(document.name()))
                    .toList();
            if (documents.isEmpty()) {
                continue;
            }
            Panel perplexity = panel(perplexityKey(plan, group, documents));
            Panel bits = panel(bitsKey(plan, group, documents));
            for (EncodingName encoding : plan.encodings()) {
                for (int length : plan.lengths()) {
                    addPerplexity(results, documents, naming, encoding, length, perplexity, bits);
                }
            }
        }
    }

    private void addPerplexity(
            PerplexityResults results,
            List<MeasuredDocument> documents,
            Naming naming,
            EncodingName encoding,
            int length,
            Panel perplexity,
            Panel bits) {
        Weighting weighting = results.plan().protocol().weighting();
        Map<String, Unit> units = new LinkedHashMap<>();
        Map<String, Unit> bytes = new LinkedHashMap<>();
        for (FinishedCell<PerplexityCell> finished : results.records().cells()) {
            PerplexityCell cell = finished.result();
            if (!cell.encoding().equals(encoding) || cell.length() != length) {
                continue;
            }
            for (MeasuredDocument document : documents) {
                if (!document.name().equals(cell.document())) {
                    continue;
                }
                Map<String, String> identity = question(finished.specification());
                identity.put(
                        "windows",
                        cell.windows().count() + " of " + cell.tokens().count() + " scored tokens");
                boolean byTokens = weighting == Weighting.TOKENS;
                units.put(
                        document.name(),
                        new Unit(
                                identity,
                                "",
                                byTokens
                                        ? cell.tokens().count()
                                        : cell.windows().count(),
                                byTokens ? cell.tokens().mean() : cell.windows().mean(),
                                cell.windowLosses(),
                                weighting));
                if (document.bytes() > 0) {
                    Map<String, String> sameBytes = new LinkedHashMap<>(identity);
                    sameBytes.keySet().removeAll(Set.of("windows", TOKENS));
                    sameBytes.put("bytes", String.valueOf(document.bytes()));
                    bytes.put(
                            document.name(),
                            new Unit(
                                    sameBytes,
                                    document.bytes(),
                                    BITS_A_NAT * cell.tokens().sum() / document.bytes()));
                }
            }
        }
        Row row = naming.row(encoding);
        MeasuredModel model = results.plan().model();
        Column column = new Column(length, "");
        if (!units.isEmpty()) {
            perplexity.add(row, naming.seed(), column, Measured.of(documents.size(), units), model);
        }
        if (!bytes.isEmpty() && results.plan().protocol() instanceof EveryTokenOnce) {
            bits.add(row, naming.seed(), column, Measured.of(documents.size(), bytes), model);
        }
    }

    private static String ofTexts(String title, Texts group) {
        return group.name().isEmpty() ? title : title + ", " + group.name();
    }

    private static Panel.Key perplexityKey(PerplexityPlan plan, Texts group, List<MeasuredDocument> documents) {
        Map<String, String> same = new LinkedHashMap<>();
        same.put("protocol", plan.protocol().text());
        same.put(
                "documents",
                String.join(
                        ", ",
                        documents.stream()
                                .map(document -> document.name() + " (" + Wording.abbreviated(document.sha256()) + ", "
                                        + document.tokens() + " tokens)")
                                .toList()));
        same.put(
                TOKENS,
                String.join(
                        ", ",
                        documents.stream()
                                .map(document -> Wording.abbreviated(document.tokenIds()))
                                .filter(ids -> !ids.isEmpty())
                                .toList()));
        return new Panel.Key(
                ofTexts(PERPLEXITY_TITLE, group),
                "Lower is better. Protocol " + plan.protocol().text() + ": "
                        + plan.protocol().description() + ". Over "
                        + Wording.plural(documents.size(), "document")
                        + "; the mean of several seeds is that of their losses.",
                Quantity.PERPLEXITY,
                "document",
                same);
    }

    private static Panel.Key bitsKey(PerplexityPlan plan, Texts group, List<MeasuredDocument> documents) {
        Map<String, String> same = new LinkedHashMap<>();
        same.put("protocol", plan.protocol().text());
        same.put(
                "documents",
                String.join(
                        ", ",
                        documents.stream()
                                .map(document -> document.name() + " (" + Wording.abbreviated(document.sha256()) + ")")
                                .toList()));
        return new Panel.Key(
                ofTexts(BITS_TITLE, group),
                "Loss of all scored tokens in bits, over the bytes of the text that was read: what may be compared between"
                        + " tokenizers. Lower is better. Where a number of tokens bounds the text, each tokenizer read another"
                        + " stretch of it, and such documents are not paired.",
                Quantity.BITS,
                "document",
                same);
    }

    /** Adds a passkey measurement: correct answers, and the loss of the key. */
    void add(PasskeyResults results, Naming naming) {
        Map<String, String> same = Map.of();
        Panel correct = panel(new Panel.Key(
                "Passkey retrieval",
                "Correct answers in %, all depths together; higher is better.",
                Quantity.SCORE,
                "trial",
                same));
        Panel loss = panel(new Panel.Key(
                "Passkey retrieval, loss of the key",
                "Mean loss of the key's own tokens after the question, nats a token; lower is better.",
                Quantity.LOSS,
                "trial",
                same));
        for (EncodingName encoding : results.plan().encodings()) {
            for (int length : results.plan().lengths()) {
                Map<String, Unit> answers = new LinkedHashMap<>();
                Map<String, Unit> losses = new LinkedHashMap<>();
                for (FinishedCell<PasskeyTrial> finished : results.records().cells()) {
                    PasskeyTrial trial = finished.result();
                    if (!trial.encoding().equals(encoding) || trial.length() != length) {
                        continue;
                    }
                    String place = "depth " + trial.depth() + ", trial " + trial.trial();
                    Map<String, String> identity = question(finished.specification());
                    answers.put(place, new Unit(identity, 1, trial.correct() ? 100 : 0));
                    if (!Double.isNaN(trial.keyLoss())) {
                        Map<String, String> sameTokens = new LinkedHashMap<>(identity);
                        sameTokens.put("tokens of the prompt", String.valueOf(trial.promptTokens()));
                        losses.put(place, new Unit(sameTokens, 1, trial.keyLoss()));
                    }
                }
                int planned = results.plan().depths() * results.plan().trials();
                MeasuredModel model = results.plan().model();
                Column column = new Column(length, "");
                if (!answers.isEmpty()) {
                    correct.add(naming.row(encoding), naming.seed(), column, Measured.of(planned, answers), model);
                }
                if (!losses.isEmpty()) {
                    loss.add(naming.row(encoding), naming.seed(), column, Measured.of(planned, losses), model);
                }
            }
        }
    }

    /** Adds an evaluation: scores as the suite rounds them, and the loss of right answers. */
    void add(TaskResults results, Naming naming) {
        TaskPlan plan = results.plan();
        Map<String, String> same = new LinkedHashMap<>();
        same.put("prompts", plan.style().word());
        same.put(
                "questions",
                String.join(
                        ", ",
                        plan.tasks().stream()
                                .map(task -> task.name() + " " + task.questions() + " of " + task.available())
                                .toList()));
        String label = results.suite().label();
        String explanation = "Prompts are written in the style " + plan.style().word()
                + ". The average is the mean of the tasks, whatever their number of questions.";
        Panel scores =
                panel(new Panel.Key(label, "In %; higher is better. " + explanation, Quantity.SCORE, "question", same));
        Panel losses = panel(new Panel.Key(
                label + ", loss of right answers",
                "Mean loss of a right answer's own tokens after the prompt, nats a token; lower is better. "
                        + explanation,
                Quantity.LOSS,
                "question",
                same));
        Map<TaskKey, Map<String, String>> questions = new LinkedHashMap<>();
        for (FinishedCell<TaskAnswer> cell : results.records().cells()) {
            questions.put(cell.result().place(), question(cell.specification()));
        }
        for (EncodingName encoding : plan.encodings()) {
            for (int length : plan.lengths()) {
                Map<String, Measured> score = new LinkedHashMap<>();
                Map<String, Measured> loss = new LinkedHashMap<>();
                for (PlannedTask task : plan.tasks()) {
                    results.score(encoding, length, task.name())
                            .ifPresent(of -> addTask(results, of, questions, score, loss));
                }
                addAll(scores, naming, encoding, length, plan, score);
                addAll(losses, naming, encoding, length, plan, loss);
            }
        }
    }

    private static void addTask(
            TaskResults results,
            TaskScore score,
            Map<TaskKey, Map<String, String>> questions,
            Map<String, Measured> scores,
            Map<String, Measured> losses) {
        TaskScoring scoring = results.suite().scoring(score.task());
        List<TaskAnswer> answers = results.answers(score.encoding(), score.length(), score.task());
        Map<String, Unit> scored = new LinkedHashMap<>();
        Map<String, Unit> lost = new LinkedHashMap<>();
        for (TaskAnswer answer : answers) {
            String place = answer.task() + " " + answer.question();
            Map<String, String> identity = new LinkedHashMap<>(questions.getOrDefault(answer.place(), Map.of()));
            identity.put("right answers", String.join(" | ", answer.reference().answers()));
            String tokens = String.join(
                    ", ",
                    answer.written().stream()
                            .map(one -> one.promptTokens() + " and " + one.lossTokens())
                            .toList());
            Map<String, String> sameTokens = new LinkedHashMap<>(identity);
            sameTokens.put("tokens of prompt and right answer", tokens);
            // A question that is made to fill a length is another one where its tokens are others.
            Map<String, String> asked = results.suite().needsData() ? identity : sameTokens;
            double points = 100 * scoring.score(answer.reference(), answer.answers());
            scored.put(place, Unit.ofTask(answer.task(), asked, points));
            if (!Double.isNaN(answer.loss())) {
                lost.put(place, Unit.ofTask(answer.task(), sameTokens, answer.loss()));
            }
        }
        scores.put(score.task(), new Measured(score.score(), score.planned(), scored));
        if (lost.size() == answers.size()) {
            losses.put(score.task(), Measured.of(score.planned(), lost));
        }
    }

    /** A column for every task, and their average where all are there. */
    private static void addAll(
            Panel panel, Naming naming, EncodingName encoding, int length, TaskPlan plan, Map<String, Measured> tasks) {
        MeasuredModel model = plan.model();
        Row row = naming.row(encoding);
        tasks.forEach((task, measured) -> panel.add(row, naming.seed(), new Column(length, task), measured, model));
        if (plan.tasks().size() > 1 && tasks.size() == plan.tasks().size()) {
            Map<String, Unit> units = new LinkedHashMap<>();
            tasks.values().forEach(measured -> units.putAll(measured.units()));
            double mean = tasks.values().stream()
                    .mapToDouble(Measured::value)
                    .average()
                    .orElseThrow();
            int planned = tasks.values().stream().mapToInt(Measured::planned).sum();
            panel.add(
                    row,
                    naming.seed(),
                    new Column(length, TaskResults.AVERAGE),
                    new Measured(mean, planned, units),
                    model);
        }
    }

    /** Adds a comparison on PosGen: accuracies beyond and within the trained length, with its own seeds. */
    void add(Comparison comparison, Naming naming) {
        for (Accuracy accuracy : List.of(Accuracy.OOD, Accuracy.ID)) {
            Map<String, String> same = new LinkedHashMap<>();
            same.put("trained length", String.valueOf(comparison.plan().trainedLength()));
            same.put("test length", String.valueOf(comparison.plan().testLength()));
            Panel panel = panel(new Panel.Key(
                    "PosGen, accuracy " + (accuracy == Accuracy.OOD ? "beyond" : "within") + " the trained length",
                    "In %; higher is better.",
                    Quantity.SCORE,
                    "seed",
                    same));
            Stream<ComparisonCell> cells = comparison.cells().stream();
            cells.forEach(cell -> panel.add(
                    naming.row(cell.encoding()),
                    String.valueOf(cell.seed()),
                    new Column(comparison.plan().testLength(), DisplayNames.ofTask(cell.task())),
                    Measured.of(
                            1,
                            Map.of("test set", new Unit(Map.of("data", cell.dataHash()), 1, 100 * accuracy.of(cell)))),
                    new MeasuredModel("", "", comparison.plan().trainedLength())));
        }
    }

    /**
     * How a folder's results are called.
     *
     * @param name of its rows
     * @param seed of its training
     */
    record Naming(String name, String seed) {
        Row row(EncodingName encoding) {
            return new Row(name, encoding);
        }
    }
}
