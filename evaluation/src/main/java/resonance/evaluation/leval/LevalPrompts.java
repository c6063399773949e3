package resonance.evaluation.leval;

import java.util.List;
import java.util.regex.Pattern;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.TaskPrompt;

/**
 * Prompts of L-Eval, character by character those of its scripts ({@code Baselines/llama2-chat-test.py}, {@code
 * longchat-test.py}, {@code turbo16k-test.py}, {@code LEval_config.py}).
 *
 * <p>{@link PromptStyle#PLAIN} is ours, since L-Eval asks no base models: Vicuna's without its header and "USER:".
 * {@link PromptStyle#CHAT} has the turns that the scripts send to OpenAI's models; the second question of SFiction is a chat of its
 * own there, without the document, as in the other scripts, where theirs goes on after the first.
 */
enum LevalPrompts {
    ;

    private static final String LLAMA2_BEGINNING = "[INST]<<SYS>>\n";
    private static final String LLAMA2_BEHIND_SYSTEM = "\n<</SYS>>\n\n";
    private static final String LLAMA2_END = "[/INST]";

    /** Without a space between its sentences. */
    private static final String VICUNA_HEADER =
            "A chat between a curious user and an artificial intelligence assistant."
                    + "The assistant gives helpful, detailed, and polite answers to the user's questions.";

    private static final String ANSWER = "\nAnswer:";

    private static final String EXAM =
            "Now you are given a very long document. Please follow the instruction based on this"
                    + " document. For multi-choice questions, there ";

    private static final String OF_THE_STORY = "based on the world described in the document.";
    private static final String OF_THE_WORLD =
            "based on the real-world knowledge and facts up until your last training";

    private static final Pattern DOUBLED_BRACES = Pattern.compile("\\{\\{|}}");

    /**
     * What is asked with one question.
     *
     * @param document shortened already
     * @param question an element of {@code instructions}
     * @param gold that of {@code outputs}
     */
    static List<TaskPrompt> of(LevalTask task, String document, String question, String gold, PromptStyle style) {
        String system = system(task);
        if (task.isContinued()) {
            String target = target(task, gold);
            String context = document + "\n\n" + question;
            return List.of(
                    switch (style) {
                        case PLAIN -> TaskPrompt.ofText(system + context, target);
                        case CHAT -> TaskPrompt.ofChat(system, context, "", target);
                        // The instruction is never closed.
                        case LLAMA2 ->
                            TaskPrompt.ofText(
                                    formatted(LLAMA2_BEGINNING + system + LLAMA2_BEHIND_SYSTEM + context), target);
                        case VICUNA -> TaskPrompt.ofText(formatted(system + context), target);
                    });
        }
        String context = "Document is as follows. " + document + " \nQuestion: " + question;
        String target = target(task, gold);
        TaskPrompt prompt = switch (style) {
            case PLAIN -> TaskPrompt.ofText(system + context + "  " + ANSWER, " " + target);
            case CHAT ->
                TaskPrompt.ofChat(
                        system,
                        "Document is as follows. " + document + " Question: " + question
                                + " \nPlease directly give answer without any additional output or explanation\n Answer: ",
                        "",
                        target);
            case LLAMA2 ->
                TaskPrompt.ofText(
                        LLAMA2_BEGINNING + system + LLAMA2_BEHIND_SYSTEM + context
                                + ".  Please directly give the answer without any additional output or explanation "
                                + LLAMA2_END + ANSWER,
                        " " + target);
            case VICUNA ->
                TaskPrompt.ofText(VICUNA_HEADER + " USER: " + system + context + "  " + ANSWER, " " + target);
        };
        return task == LevalTask.SFICTION ? List.of(prompt, fact(question, gold, style)) : List.of(prompt);
    }

    /** Whether the sentence is true in fact, without the story. */
    private static TaskPrompt fact(String question, String gold, PromptStyle style) {
        String asked = question.replace(OF_THE_STORY, OF_THE_WORLD);
        String target = Judgement.ofReference(gold).fact().startsWith("t") ? "True" : "False";
        return switch (style) {
            case PLAIN, VICUNA -> TaskPrompt.ofText(asked + ANSWER, " " + target);
            case CHAT ->
                TaskPrompt.ofChat(
                        "",
                        asked + "\nPlease directly give answer without any additional output or explanation " + ANSWER,
                        "",
                        target);
            case LLAMA2 ->
                TaskPrompt.ofText(
                        asked + "Please directly answer without any additional output or explanation. " + ANSWER,
                        " " + target);
        };
    }

    /** A right answer in the form that the task asks for. */
    private static String target(LevalTask task, String gold) {
        return switch (task) {
            case COURSERA, QUALITY, TOEFL -> task.processedReference(gold);
            case GSM -> "The answer is " + gold;
            case CODEU -> gold;
            case SFICTION -> Judgement.ofReference(gold).loyalty().startsWith("t") ? "True" : "False";
        };
    }

    private static String system(LevalTask task) {
        return switch (task) {
            case GSM ->
                "Given several question answer pairs, you need to follow a similar format to answer the last"
                        + " question. Make sure the response is end with The answer is _ . ";
            case COURSERA ->
                EXAM + "could be a sinlge correct option or multiple correct options. Please only provide the"
                        + " letter corresponding to the answer (like A or AB) when answering. ";
            case QUALITY, TOEFL ->
                EXAM + "is only a sinlge correct option. Please only provide the letter corresponding to"
                        + " the answer (like A or B) when answering. For other questions, please directly give the concise and"
                        + " accurate answer. ";
            case CODEU ->
                "Now you are given a code base consisting of a large amount of functions and the corresponding"
                        + " comments. In the end, I will call some functions defined in the code base. Please carefully read"
                        + " these codes and comments and answer the question.";
            case SFICTION ->
                "Now you are given a scientific fiction. I will ask you some questions and the answer should be"
                        + " \"True\" or \"False\". Notice that you should answer the question based on the evidence in the"
                        + " document instead of your background knowledge.";
        };
    }

    /** Python's {@code text.format()} where it works, which turns doubled braces into single ones; else the text. */
    private static String formatted(String text) {
        String withoutDoubled = DOUBLED_BRACES.matcher(text).replaceAll("");
        boolean works = withoutDoubled.indexOf('{') < 0 && withoutDoubled.indexOf('}') < 0;
        return works ? text.replace("{{", "{").replace("}}", "}") : text;
    }
}
