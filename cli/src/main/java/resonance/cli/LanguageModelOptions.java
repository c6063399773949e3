package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Parameters;
import resonance.decoder.DecoderConfig;
import resonance.language.LanguageModel;
import resonance.language.MemoryRoom;
import resonance.model.Model;
import resonance.model.ModelDescription;
import resonance.model.reading.ModelReader;
import resonance.study.OpenedStudy;
import resonance.study.Provenance;
import resonance.study.Study;
import resonance.study.StudyRecords;
import resonance.transformer.inference.FrozenDecoder;
import resonance.transformer.inference.InferenceMemory;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.MachineMemory;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.tensor.ProductShape;

/** Which language model to run, and how. */
final class LanguageModelOptions {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description = "a Hugging Face folder or a GGUF file (default: the model that ships with the project)")
    private @Nullable Path model;

    @ArgGroup(validate = false, heading = "%nMachine:%n", order = 10)
    private MachineOptions machine = new MachineOptions();

    /** Whether a model was named; else it is the one that ships. */
    boolean isGiven() {
        return model != null;
    }

    int threads() {
        return machine.threads();
    }

    /**
     * Opens the model and says what it is.
     *
     * @param begun settings of earlier work that goes on, as text by name; empty if there is none
     * @param product what the model's work is mostly like
     * @throws picocli.CommandLine.ParameterException if there is none, or an option is out of range
     */
    LanguageModel open(
            OptionRefusals refusals,
            PrintWriter err,
            Map<String, String> begun,
            Function<DecoderConfig, ProductShape> product)
            throws IOException {
        return open(refusals, err, begun, product, LanguageModel::load);
    }

    /** Makes a language model of open files, which belong to it from then on. */
    private interface Opening {
        LanguageModel of(Model files, PrecisionChoice precision, int threads);
    }

    private LanguageModel open(
            OptionRefusals refusals,
            PrintWriter err,
            Map<String, String> begun,
            Function<DecoderConfig, ProductShape> product,
            Opening opening)
            throws IOException {
        Path path = refusals.check(this::path);
        refusals.check(machine::asked);
        int threads = refusals.check(machine::threads);
        LanguageModel opened = refusals.check(() -> {
            Model files = ModelReader.open(path);
            boolean chosen = false;
            try {
                PrecisionChoice choice = machine.choose(
                        begun,
                        ComputeDevice.CPU,
                        () -> product.apply(files.description().decoder()));
                DecoderConfig decoder = files.description().decoder();
                MemoryRoom.requireForWeights(
                                new InferenceMemory.Decoder(decoder, choice.precision(), threads), MachineMemory.now())
                        .ifPresent(note -> err.println("Note: " + note));
                chosen = true;
                return opening.of(files, choice, threads);
            } finally {
                if (!chosen) {
                    files.close();
                }
            }
        });
        ModelDescription description = opened.description();
        err.printf(
                Locale.ROOT,
                "Model: %s (%s, %d layers of width %d, trained on %d tokens), %s%n",
                description.name(),
                description.architecture().label(),
                description.decoder().layers(),
                description.decoder().width(),
                trainedLength(opened),
                path);
        machine.tellChoice(err);
        opened.model().warnings().forEach(warning -> err.println("Note: " + warning));
        return opened;
    }

    /** Makes a study of a model. */
    interface StudyOf<K, R> {
        Study<K, R> of(LanguageModel model) throws IOException;
    }

    /**
     * Opens the model and makes a study of it for another process's folder, and says nothing. Weights are loaded with the first work
     * that is done.
     */
    <K, R> OpenedStudy<K, R> openStudy(OptionRefusals refusals, Path folder, Provenance maker, StudyOf<K, R> study)
            throws IOException {
        LanguageModel opened = open(
                refusals,
                new PrintWriter(Writer.nullWriter()),
                StudyRecords.settings(folder),
                FrozenDecoder::readingProduct,
                LanguageModel::withoutWeights);
        boolean made = false;
        try {
            OpenedStudy<K, R> whole = new OpenedStudy<>(study.of(opened), maker, opened::close);
            made = true;
            return whole;
        } finally {
            if (!made) {
                opened.close();
            }
        }
    }

    /** Refuses a text that there is no memory for, and says so if it takes some that is in use. */
    static void requireRoom(OptionRefusals refusals, InferenceMemory need, PrintWriter err) throws IOException {
        refusals.check(() -> MemoryRoom.requireForText(need, MachineMemory.now()))
                .ifPresent(note -> err.println("Note: " + note));
    }

    /** Where results of this kind go if no folder is named. */
    Path folder(String kind) {
        return folder(kind, model);
    }

    /** The same for a model; for the one that ships if it is null. */
    static Path folder(String kind, @Nullable Path model) {
        Path file = model == null ? null : model.toAbsolutePath().normalize().getFileName();
        String label = file == null ? "shipped" : file.toString().replaceFirst("\\.gguf$", "");
        return Path.of("runs", kind + "-" + label);
    }

    /** Tokens that a model was trained on at a time, before any scaling. */
    static int trainedLength(LanguageModel model) {
        return model.description().rope().shape().trainedLength();
    }

    private Path path() throws IOException {
        return model == null ? ShippedFiles.model() : existing(model);
    }

    /**
     * The file or folder that a command line names.
     *
     * @throws IllegalArgumentException if it is not there
     */
    static Path existing(Path model) throws IOException {
        if (!Files.exists(model)) {
            throw new IllegalArgumentException("MODEL must be a Hugging Face folder or a GGUF file, was " + model
                    + ", which is missing; scripts/fetch-model brings one");
        }
        return ofPlainFiles(model);
    }

    /**
     * The same path; opening a pipe or a device would wait for ever.
     *
     * @throws IllegalArgumentException if it, or a file in its folder, is neither a file nor a folder
     */
    static Path ofPlainFiles(Path model) throws IOException {
        requirePlain(model);
        if (Files.isDirectory(model)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(model)) {
                files.forEach(LanguageModelOptions::requirePlain);
            }
        }
        return model;
    }

    private static void requirePlain(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            throw new IllegalArgumentException(
                    "MODEL must be made of files, " + file + " was a pipe or a device; copy what it gives into a file");
        }
    }
}
