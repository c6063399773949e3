package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A language model too small to have learnt anything, trained on 32 tokens at a time, and the text it was trained on.
 *
 * @param folder the model
 * @param text a file of a few thousand tokens
 */
record TinyModel(Path folder, Path text) {
    private static final String[] WORDS = {
        "the", "a", "grass", "sky", "is", "was", "green", "blue", "here", "and", "there"
    };

    /** The command that trains it, but for the files. */
    static final String PRETRAIN = "pretrain --vocabulary 300 --d-model 16 --layers 1 --heads 2 --key-value-heads 1"
            + " --head-size 8 --feed-forward 32 --trained-length 32 --steps 4 --batch 4 --validation-share 0.05 --validate-every 2 --threads 1"
            + " --precision float32";

    /** Trains it into a folder, in a moment. */
    static TinyModel in(Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("meadow.txt"), text(4000));
        Path model = folder.resolve("model");
        CommandRun run = CommandRun.of(PRETRAIN + " --out " + model + " " + text);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return new TinyModel(model, text);
    }

    /** Words at random, ten a line. */
    static String text(int words) {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= words; i++) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(i % 10 == 0 ? ".\n" : " ");
        }
        return text.toString();
    }
}
