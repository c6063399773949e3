package resonance.language;

import java.util.Locale;
import java.util.Optional;
import resonance.rope.Refusal;
import resonance.transformer.inference.InferenceMemory;
import resonance.transformer.tensor.MachineMemory;

/** Whether there is memory for what is about to begin, and would end in the middle, hours later, if there is not. */
public final class MemoryRoom {
    private MemoryRoom() {}

    /**
     * Refuses what can't fit into the machine.
     *
     * @param what is about to begin: "the training"
     * @param bytes that it is yet to take
     * @param cure what to do about it, the names of parameters in braces
     * @return a note if it fits, but only into memory that is in use now
     */
    public static Optional<String> require(String what, long bytes, MachineMemory memory, String cure) {
        return require(what, bytes, 0, memory, cure);
    }

    /** @param held bytes that the program has taken already and keeps */
    private static Optional<String> require(String what, long bytes, long held, MachineMemory memory, String cure) {
        String need = String.format(Locale.ROOT, "would take about %.1f GB", bytes * 1e-9);
        if (bytes > memory.total() - held) {
            String beside = held == 0
                    ? ""
                    : String.format(Locale.ROOT, " beside the %.1f GB of the program and its weights", held * 1e-9);
            throw Refusal.of(
                            what,
                            String.format(
                                    Locale.ROOT,
                                    "must fit into the machine's memory of %.1f GB%s",
                                    memory.total() * 1e-9,
                                    beside),
                            need)
                    .cure(cure);
        }
        return bytes <= memory.available()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%s %s of memory, of which %.1f GB are free now; it may be ended in the middle",
                        what,
                        need,
                        memory.available() * 1e-9));
    }

    /**
     * Refuses weights that can't fit into the machine, before they are loaded.
     *
     * @return a note if they fit, but only into memory that is in use now
     */
    public static Optional<String> requireForWeights(InferenceMemory.Decoder decoder, MachineMemory memory) {
        return require(
                "the model's weights",
                InferenceMemory.scoring(decoder, 1, 0).weights(),
                memory,
                "take a smaller model, or {precision} bfloat16 if it is float32");
    }

    /**
     * Refuses a text that can't fit into the machine beside weights that are loaded.
     *
     * @param need of all, of which the weights are there already
     * @return a note if it fits, but only into memory that is in use now
     */
    public static Optional<String> requireForText(InferenceMemory need, MachineMemory memory) {
        long heap = need.heap();
        long limit = Runtime.getRuntime().maxMemory();
        if (heap > limit) {
            throw Refusal.of(
                            "the text",
                            String.format(Locale.ROOT, "must fit into the heap of %.1f GB", limit * 1e-9),
                            String.format(Locale.ROOT, "would take about %.1f GB of it", heap * 1e-9))
                    .cure(String.format(
                            Locale.ROOT, "give the JVM more: RESONANCE_JAVA_OPTS=-Xmx%dm", heap / 1_000_000 * 5 / 4));
        }
        return require(
                "the text",
                need.toCome() - need.weights(),
                need.program() + need.weights(),
                memory,
                "take a shorter text, or fewer {threads}");
    }
}
