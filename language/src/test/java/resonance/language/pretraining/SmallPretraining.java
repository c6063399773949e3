package resonance.language.pretraining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import resonance.study.Provenance;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;

/** A model that trains in a second, on made-up texts. */
public final class SmallPretraining {
    public static final PretrainedShape SHAPE = new PretrainedShape(300, 16, 2, 2, 1, 8, 24, 16, 10_000);

    private SmallPretraining() {}

    public static PretrainingSettings settings() {
        return settings(0.2);
    }

    public static PretrainingSettings settings(double validationShare) {
        return new PretrainingSettings(
                SHAPE, 4, 60, 1e-2, 0.1, 0.1, validationShare, 0, 25, 7, PrecisionChoice.asked(Precision.FLOAT32), 1);
    }

    public static PretrainingOutput output(Path folder) {
        return new PretrainingOutput(folder, "Small", "apache-2.0", "Made-up texts.", false, Duration.ofHours(1));
    }

    public static Provenance provenance() {
        return new Provenance("1", "abc", "17", "2", "Linux", "a processor", 2, "2026-11-22T00:00:00Z", "pretrain a b");
    }

    public static Pretraining pretraining(Path folder, List<Path> texts) throws IOException {
        return new Pretraining(settings(), texts, output(folder), provenance());
    }

    /** Two files of sentences drawn from few words. */
    public static List<Path> texts(Path folder) throws IOException {
        return List.of(text(folder, "one.txt", 1), text(folder, "two.txt", 2));
    }

    private static Path text(Path folder, String name, long seed) throws IOException {
        String[] words = {"the", "cat", "sat", "on", "a", "mat", "and", "saw", "1850", "dogs"};
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            text.append(words[random.nextInt(words.length)]).append(i % 9 == 8 ? ".\n" : " ");
        }
        return Files.writeString(folder.resolve(name), text.toString());
    }
}
