package resonance.posgen;

import java.util.Arrays;

/**
 * Where a PosGen token looks: the three subtasks of the paper's section 5.
 *
 * <p>A sequence starts with j + k seed tokens. Every later token x_l is h of k near tokens, the ones just before it, and
 * j far tokens; the subtask says where the far tokens are. The code calls j {@code far} and k {@code near}.
 */
public enum PosgenTask {

    /** The far tokens come just before the near ones: x_l = h(x_{l-(j+k)} ... x_{l-1}). */
    RECURSIVE("recursive"),

    /** The far tokens are the first of the sequence: x_l = h(x_0 ... x_{j-1}, x_{l-k} ... x_{l-1}). */
    CHAIN_OF_THOUGHT("cot"),

    /**
     * The far tokens start at a pointer that advances by one every two tokens: with p = floor((l - (j+k)) / 2),
     * x_l = h(x_p ... x_{p+j-1}, x_{l-k} ... x_{l-1}).
     *
     * <p>This is what the paper's figure 2 shows. The formula printed in section 5 is shifted by j, a misprint: at
     * l = j + k it would read x_{-1}.
     */
    SEMI_RECURSIVE("semi-recursive");

    private final String commandName;

    PosgenTask(String commandName) {
        this.commandName = commandName;
    }

    /** The name used on the command line, in files and in reports. */
    public String commandName() {
        return commandName;
    }

    /**
     * The task with the given command-line name.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names and suggests the nearest
     */
    public static PosgenTask named(String name) {
        return KnownNames.find("task", name, Arrays.asList(values()), PosgenTask::commandName);
    }

    /** Index of the first far token of the token at {@code position}, both counted from the start of the sequence. */
    int firstFarPosition(int position, int seedTokens) {
        return switch (this) {
            case RECURSIVE -> position - seedTokens;
            case CHAIN_OF_THOUGHT -> 0;
            case SEMI_RECURSIVE -> (position - seedTokens) / 2;
        };
    }
}
