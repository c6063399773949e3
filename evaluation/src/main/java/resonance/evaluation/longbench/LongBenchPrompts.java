package resonance.evaluation.longbench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.TaskPrompt;

/**
 * Prompts of LongBench, version 1: {@code config/dataset2prompt.json} character by character, misspellings included, and the chat
 * templates of {@code pred.py}.
 */
final class LongBenchPrompts {
    private static final Pattern FIELD = Pattern.compile("\\{(context|input)}");

    private LongBenchPrompts() {}

    /** The text of a prompt, before it is shortened. */
    static String text(LongBenchTask task, String context, String input) {
        return FIELD.matcher(template(task))
                .replaceAll(field -> Matcher.quoteReplacement(field.group(1).equals("context") ? context : input));
    }

    /**
     * What a model is asked.
     *
     * @param text shortened already; what is put around it comes on top
     * @param right a right answer
     */
    static TaskPrompt of(String text, boolean continued, String right, PromptStyle style) {
        if (continued || style == PromptStyle.PLAIN) {
            return TaskPrompt.ofText(text, behind(text, right));
        }
        return switch (style) {
            case LLAMA2 -> TaskPrompt.ofText("[INST]" + text + "[/INST]", " " + right);
            case VICUNA ->
                TaskPrompt.ofText(
                        "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful,"
                                + " detailed, and polite answers to the user's questions. USER: " + text
                                + " ASSISTANT:",
                        " " + right);
            default -> TaskPrompt.ofChat("", text, "", right);
        };
    }

    /** The answer with a space before it, where neither a space nor a Chinese colon is there. */
    private static String behind(String text, String right) {
        return text.endsWith(" ") || text.endsWith("\n") || text.endsWith("：") ? right : " " + right;
    }

    private static String template(LongBenchTask task) {
        return switch (task) {
            case NARRATIVEQA ->
                "You are given a story, which can be either a novel or a movie script, and a question. Answer "
                        + "the question asconcisely as you can, using a single phrase if possible. Do not provide any "
                        + "explanation.\n\nStory: {context}\n\nNow, answer the question based on the story asconcisely as "
                        + "you can, using a single phrase if possible. Do not provide any explanation.\n\nQuestion: "
                        + "{input}\n\nAnswer:";
            case QASPER ->
                "You are given a scientific article and a question. Answer the question as concisely as you "
                        + "can, using a single phrase or sentence if possible. If the question cannot be answered based "
                        + "on the information in the article, write \"unanswerable\". If the question is a yes/no "
                        + "question, answer \"yes\", \"no\", or \"unanswerable\". Do not provide any "
                        + "explanation.\n\nArticle: {context}\n\n Answer the question based on the above article as "
                        + "concisely as you can, using a single phrase or sentence if possible. If the question cannot be "
                        + "answered based on the information in the article, write \"unanswerable\". If the question is a "
                        + "yes/no question, answer \"yes\", \"no\", or \"unanswerable\". Do not provide any "
                        + "explanation.\n\nQuestion: {input}\n\nAnswer:";
            case MULTIFIELDQA_EN ->
                "Read the following text and answer briefly.\n\n{context}\n\nNow, answer the following question "
                        + "based on the above text, only give me the answer and do not output any other "
                        + "words.\n\nQuestion: {input}\nAnswer:";
            case HOTPOTQA, TWO_WIKI_MQA, MUSIQUE ->
                "Answer the question based on the given passages. Only give me the answer and do not output any "
                        + "other words.\n\nThe following are given passages.\n{context}\n\nAnswer the question based on "
                        + "the given passages. Only give me the answer and do not output any other words.\n\nQuestion: "
                        + "{input}\nAnswer:";
            case TREC ->
                "Please determine the type of the question below. Here are some examples of "
                        + "questions.\n\n{context}\n{input}";
            case TRIVIAQA ->
                "Answer the question based on the given passage. Only give me the answer and do not output any "
                        + "other words. The following are some examples.\n\n{context}\n\n{input}";
            case LSHT -> "请判断给定新闻的类别，下面是一些例子。\n\n{context}\n{input}";
            case PASSAGE_COUNT ->
                "There are some paragraphs below sourced from Wikipedia. Some of them may be duplicates. Please "
                        + "carefully read these paragraphs and determine how many unique paragraphs there are after "
                        + "removing duplicates. In other words, how many non-repeating paragraphs are there in "
                        + "total?\n\n{context}\n\nPlease enter the final count of unique paragraphs after removing "
                        + "duplicates. The output format should only contain the number, such as 1, 2, 3, and so "
                        + "on.\n\nThe final answer is: ";
            case PASSAGE_RETRIEVAL_EN ->
                "Here are 30 paragraphs from Wikipedia, along with an abstract. Please determine which "
                        + "paragraph the abstract is from.\n\n{context}\n\nThe following is an "
                        + "abstract.\n\n{input}\n\nPlease enter the number of the paragraph that the abstract is from. "
                        + "The answer format must be like \"Paragraph 1\", \"Paragraph 2\", etc.\n\nThe answer is: ";
            case PASSAGE_RETRIEVAL_ZH ->
                "以下是若干段落文字，以及其中一个段落的摘要。请确定给定的摘要出自哪一段。\n\n{context}\n\n下面是一个摘要\n\n{input}\n\n请输入摘要所属段落的编号。答案格式必须是\"段落1\"，\"段落2\"等格式\n\n答案是：";
        };
    }
}
