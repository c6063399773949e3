package resonance.language;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Stock llama.cpp in a process of its own: {@code src/test/node/llama-oracle.mjs} on Node 20 or newer, with the prebuilt
 * library that npm installs below {@code target} at first use.
 */
final class LlamaCpp {
    private static final Path SOURCE = Path.of("src", "test", "node");
    private static final Path FOLDER = Path.of("target", "llama.cpp");
    private static final List<String> FILES = List.of("package.json", ".npmrc", "llama-oracle.mjs");

    private final Path work;

    /** @param work a folder for what goes in and out */
    LlamaCpp(Path work) throws IOException {
        this.work = work;
        Files.createDirectories(FOLDER);
        for (String file : FILES) {
            Files.copy(SOURCE.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.isDirectory(FOLDER.resolve("node_modules"))) {
            run(List.of("npm", "install", "--no-audit", "--no-fund"));
        }
    }

    /**
     * Logits after each token of a text.
     *
     * @param options as at the head of the script, {@code cache=f32} and the like
     * @return (T, V)
     */
    float[][] logits(Path model, int[] tokens, String... options) throws IOException {
        FloatBuffer values = ask("logits", model, tokens, options).asFloatBuffer();
        float[][] logits = new float[tokens.length][values.remaining() / tokens.length];
        for (float[] row : logits) {
            values.get(row);
        }
        return logits;
    }

    /** -ln p of the tokens that the options ask for. */
    double[] losses(Path model, int[] tokens, String... options) throws IOException {
        ByteBuffer bytes = ask("loss", model, tokens, options);
        double[] losses = new double[bytes.remaining() / Double.BYTES];
        bytes.asDoubleBuffer().get(losses);
        return losses;
    }

    private ByteBuffer ask(String question, Path model, int[] tokens, String... options) throws IOException {
        Path ids = work.resolve("tokens.json");
        Path answer = work.resolve("answer.bin");
        Files.writeString(ids, Arrays.toString(tokens));
        List<String> command = new ArrayList<>(List.of("node", "llama-oracle.mjs", question));
        for (Path path : List.of(model, ids, answer)) {
            command.add(path.toAbsolutePath().toString());
        }
        command.addAll(List.of(options));
        run(command);
        return ByteBuffer.wrap(Files.readAllBytes(answer)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void run(List<String> command) throws IOException {
        Path log = work.resolve("llama.cpp.log");
        Process process = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(
                        String.join(" ", command) + " ended with status " + status + ":\n" + Files.readString(log));
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + command.get(0), e);
        }
    }
}
