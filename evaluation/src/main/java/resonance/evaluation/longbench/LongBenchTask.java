package resonance.evaluation.longbench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import resonance.evaluation.task.TaskReference;
import resonance.evaluation.task.TaskScoring;

/**
 * LongBench's tasks (version 1) whose answers are a class, a number or a few words of English: 12 of its 21. The others are scored
 * by ROUGE, by the distance of code, or after Chinese has been cut into words.
 *
 * <p>Bai et al., "LongBench: A Bilingual, Multitask Benchmark for Long Context Understanding", ACL 2024, arXiv:2308.14508; prompts,
 * lengths of answers and scores of github.com/THUDM/LongBench (commit 2e00731). A question's score is its best over the right
 * answers.
 */
enum LongBenchTask implements TaskScoring {
    /** Questions about books and film scripts. */
    NARRATIVEQA(128),
    /** Questions about papers. */
    QASPER(128),
    /** Questions about reports, articles and laws. */
    MULTIFIELDQA_EN(64),
    /** Questions that take two passages of Wikipedia. */
    HOTPOTQA(32),
    /** Questions that take up to five passages of Wikipedia. */
    TWO_WIKI_MQA(32),
    /** Questions that take up to four passages of Wikipedia. */
    MUSIQUE(32),
    /** The kind of a question, after examples. */
    TREC(64),
    /** Questions about a passage, after examples. */
    TRIVIAQA(32),
    /** The kind of a Chinese news item, after examples. */
    LSHT(64),
    /** How many passages are different. */
    PASSAGE_COUNT(32),
    /** Which passage an abstract is of. */
    PASSAGE_RETRIEVAL_EN(32, "Paragraph "),
    /** Which Chinese passage an abstract is of. */
    PASSAGE_RETRIEVAL_ZH(32, "段落");

    private static final int DECIMALS = 2;

    private final int newTokens;
    private final String numbered;

    LongBenchTask(int newTokens) {
        this(newTokens, "");
    }

    /** @param numbered what stands before the number in a right answer; empty if that is no word and a number */
    LongBenchTask(int newTokens, String numbered) {
        this.newTokens = newTokens;
        this.numbered = numbered;
    }

    /** Its name in LongBench, and its file's. */
    String taskName() {
        return this == TWO_WIKI_MQA ? "2wikimqa" : name().toLowerCase(Locale.ROOT);
    }

    /** The task with this name. */
    static Optional<LongBenchTask> named(String taskName) {
        return Arrays.stream(values())
                .filter(task -> task.taskName().equals(taskName))
                .findFirst();
    }

    /** Most tokens of an answer. */
    int newTokens() {
        return newTokens;
    }

    /** Whether its prompt ends in examples that a chat model continues better without its template, as LongBench has it. */
    boolean isContinued() {
        return this == TREC || this == TRIVIAQA || this == LSHT;
    }

    /** Whether its questions have classes. */
    boolean hasClasses() {
        return this == TREC || this == LSHT;
    }

    /** What is wrong with a question's answers; empty if nothing is. */
    String wrong(List<String> answers) {
        if (answers.isEmpty()) {
            return "must hold at least one, hold none";
        }
        for (String answer : answers) {
            if (!numbered.isEmpty() && NumberMatch.behind(numbered, answer).isEmpty()) {
                return "must be '" + numbered + "' and a number, were '" + answer + "'";
            }
        }
        return "";
    }

    @Override
    public List<Double> parts(TaskReference reference, List<String> answers) {
        String answer = processed(reference, answers);
        double best = 0;
        for (String right : reference.answers()) {
            best = Math.max(best, score(answer, right, reference.choices()));
        }
        return List.of(best);
    }

    private double score(String answer, String right, List<String> classes) {
        return switch (this) {
            case NARRATIVEQA, QASPER, MULTIFIELDQA_EN, HOTPOTQA, TWO_WIKI_MQA, MUSIQUE, TRIVIAQA ->
                TokenF1.score(answer, right);
            case TREC, LSHT -> LabelMatch.score(answer, right, classes);
            case PASSAGE_COUNT -> NumberMatch.score(answer, right);
            case PASSAGE_RETRIEVAL_EN, PASSAGE_RETRIEVAL_ZH ->
                NumberMatch.score(answer, NumberMatch.behind(numbered, right));
        };
    }

    /** Behind examples the first line, empty ones passed over. */
    @Override
    public String processed(TaskReference reference, List<String> answers) {
        String answer = answers.get(0);
        return isContinued() ? withoutEmptyLines(answer).split("\n", -1)[0] : answer;
    }

    @Override
    public boolean isSettled(TaskReference reference, int prompt, String answerSoFar) {
        return isContinued() && withoutEmptyLines(answerSoFar).contains("\n");
    }

    private static String withoutEmptyLines(String answer) {
        return answer.replaceFirst("^\n+", "");
    }

    @Override
    public int decimals() {
        return DECIMALS;
    }
}
