package resonance.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a model was taught to read a chat: what its chat template writes for one system message and one message of a user, up to where
 * the answer begins. The beginning-of-sequence token is left out; it belongs to how texts are read.
 *
 * <p>Templates are programs in Jinja, with Python's methods. They are not run: the families that the architectures known here were
 * published with are told by their marks, and any other template is none that is known.
 *
 * @param family what it looks like
 * @param ahead what the system's turn begins with in any case; nearly always empty
 * @param usualSystem the system's words where a chat has none; empty if there is no such turn then
 */
public record ChatFormat(Family family, String ahead, String usualSystem) {
    private static final Pattern CHATML_SYSTEM =
            Pattern.compile("<\\|im_start\\|>system(?:\\\\n|\\n)([^'\"{}<]+)<\\|im_end\\|>");

    /** The dates that Llama 3.1 and later put ahead of the system's words; its templates fall back on this day. */
    private static final String LLAMA3_DATES = "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n";

    /** Templates that differ in no more than their words. */
    public enum Family {
        /** SmolLM, Qwen 2, 2.5 and 3, and many fine-tunes. */
        CHATML("<|im_start|>") {
            @Override
            String text(String system, String user) {
                return turn("system", system) + turn("user", user) + "<|im_start|>assistant\n";
            }

            private String turn(String role, String words) {
                return words.isEmpty() ? "" : "<|im_start|>" + role + "\n" + words + "<|im_end|>\n";
            }
        },
        /** Llama 3 and later. */
        LLAMA3("<|start_header_id|>") {
            @Override
            String text(String system, String user) {
                return turn("system", system) + turn("user", user.strip())
                        + "<|start_header_id|>assistant<|end_header_id|>\n\n";
            }

            private String turn(String role, String words) {
                return words.isEmpty()
                        ? ""
                        : "<|start_header_id|>" + role + "<|end_header_id|>\n\n" + words + "<|eot_id|>";
            }
        },
        /** Llama 2. */
        LLAMA2("<<SYS>>") {
            @Override
            String text(String system, String user) {
                String turn = system.isEmpty() ? user : "<<SYS>>\n" + system + "\n<</SYS>>\n\n" + user;
                return "[INST] " + turn.strip() + " [/INST]";
            }
        },
        /** Gemma 1 to 3; a system message stands at the head of the user's turn. */
        GEMMA("<start_of_turn>") {
            @Override
            String text(String system, String user) {
                String turn = system.isEmpty() ? user.strip() : system + "\n\n" + user.strip();
                return "<start_of_turn>user\n" + turn + "<end_of_turn>\n<start_of_turn>model\n";
            }
        },
        /** Zephyr and TinyLlama. */
        ZEPHYR("<|user|>") {
            @Override
            String text(String system, String user) {
                String before = system.isEmpty() ? "" : "<|system|>\n" + system + "</s>\n";
                return before + "<|user|>\n" + user + "</s>\n<|assistant|>\n";
            }
        };

        private final String mark;

        Family(String mark) {
            this.mark = mark;
        }

        abstract String text(String system, String user);

        /** For people: {@code chatml}, {@code llama3}, ... */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The format of a template; empty if it is of no family that is known. */
    public static Optional<ChatFormat> of(String template) {
        List<Family> families = Arrays.stream(Family.values())
                .filter(family -> template.contains(family.mark))
                .toList();
        if (families.size() != 1) {
            return Optional.empty();
        }
        Family family = families.get(0);
        Matcher system = CHATML_SYSTEM.matcher(template);
        boolean dated = family == Family.LLAMA3 && template.contains("Cutting Knowledge Date");
        return Optional.of(new ChatFormat(
                family, dated ? LLAMA3_DATES : "", family == Family.CHATML && system.find() ? system.group(1) : ""));
    }

    /** Names of the families, for refusals. */
    public static String families() {
        return Arrays.stream(Family.values()).map(Family::word).collect(Collectors.joining(", "));
    }

    /**
     * A chat of one turn, up to where the model's answer begins.
     *
     * @param system what the model is told before; empty for the template's own, or none
     * @param user the user's words
     */
    public String apply(String system, String user) {
        String said = system.isEmpty() ? usualSystem : system;
        return family.text(family == Family.LLAMA3 ? ahead + said.strip() : ahead + said, user);
    }
}
