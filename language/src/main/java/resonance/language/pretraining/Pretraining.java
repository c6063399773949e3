package resonance.language.pretraining;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import resonance.decoder.DecoderConfig;
import resonance.language.corpus.SourceText;
import resonance.language.pretraining.PretrainingRecord.ValidationPoint;
import resonance.model.Tokenizer;
import resonance.model.tokenizer.HuggingFaceTokenizer;
import resonance.rope.Refusal;
import resonance.study.FolderLock;
import resonance.study.Provenance;
import resonance.study.Sha256;
import resonance.study.WrittenFiles;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.training.Decoder;
import resonance.transformer.training.DecoderEvaluator;
import resonance.transformer.training.Initialisation;
import resonance.transformer.training.TokenBatch;
import resonance.transformer.training.Trainer;
import resonance.transformer.training.TrainingClient;
import resonance.transformer.training.TrainingCurve;
import resonance.transformer.training.TrainingDivergedException;
import resonance.transformer.training.TrainingIdentity;
import resonance.transformer.training.TrainingLoop;
import resonance.transformer.training.TrainingProgress;

/**
 * The way from text files to a language model in a folder: tokenizer, tokens, training, files.
 *
 * <p>A run that is stopped or killed leaves a checkpoint in the folder, and the next run with the same texts and
 * settings goes on from it to the same model. Tokenizer and tokens are not kept; making them again takes seconds.
 * Texts are taken in the order of their hashes, so neither their names nor their order decides anything.
 */
public final class Pretraining {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PretrainingSettings settings;
    private final List<Path> texts;
    private final PretrainingOutput output;
    private final Provenance provenance;
    private final WrittenFiles files;

    /**
     * @param texts UTF-8 files, each a text of its own
     * @throws IllegalArgumentException if there are no texts, if the folder holds a model of other settings that must not be
     *     replaced, or files of these names that are not ours
     */
    public Pretraining(PretrainingSettings settings, List<Path> texts, PretrainingOutput output, Provenance provenance)
            throws IOException {
        if (texts.isEmpty()) {
            throw Refusal.of("texts", "must be at least one file", "were none");
        }
        this.settings = settings;
        this.texts = List.copyOf(texts);
        this.output = output;
        this.provenance = provenance;
        this.files = output.files(provenance.softwareVersion());
        requireRoom();
    }

    private void requireRoom() throws IOException {
        if (mustNotBeReplaced()) {
            finishedBefore();
        } else {
            files.requireFolder();
            files.requireOurs(PretrainedFolder.FILES);
        }
    }

    /**
     * A model is there, and not only because a run of ours was killed while it wrote it: the checkpoint of the last step is the last
     * thing that a run removes.
     */
    private boolean mustNotBeReplaced() throws IOException {
        return !output.replace() && output.holdsModel() && !TrainingLoop.isAtEnd(output.checkpoint(), settings.steps());
    }

    /** How the model came about that is there, if it has these settings. */
    private PretrainingRecord finishedBefore() throws IOException {
        PretrainingRecord finished = output.finished().orElseThrow(output::occupied);
        Map<String, String> had = PretrainingOutput.text(finished.settings());
        had.remove(PrecisionChoice.REASON);
        if (!had.equals(PretrainingOutput.text(settings.asMap()))) {
            throw output.occupied();
        }
        return finished;
    }

    /** What the texts became. */
    private record Prepared(
            List<SourceText> sources,
            String tokenizerJson,
            int vocabularySize,
            TokenSequences sequences,
            Optional<Practice> practice) {}

    /**
     * Trains and writes the model. If the folder holds that of the same texts and settings, nothing is done, unless it may be
     * replaced.
     *
     * @param stop asked before every text and every step; once true, the run ends, with a checkpoint if it trained
     * @return how the model came about, or empty if the run was stopped
     * @throws IllegalArgumentException if a text is empty or no UTF-8, if there is too little text, or if the folder has
     *     the checkpoint or the model of other texts or settings
     * @throws resonance.study.FolderInUseException if somebody else is at work in the folder
     */
    public Optional<PretrainingRecord> run(PretrainingListener listener, BooleanSupplier stop) throws IOException {
        List<SourceText.Read> read = read();
        if (mustNotBeReplaced()) {
            PretrainingRecord finished = finishedBefore();
            if (!hashes(finished.texts()).equals(hashes(sources(read)))) {
                throw output.occupied();
            }
            listener.finishedBefore();
            return Optional.of(finished);
        }
        files.makeFolder();
        FolderLock lock = FolderLock.take(output.folder());
        try (lock) {
            requireRoom(); // once more, now that nobody else changes it
            List<String> ours = new ArrayList<>(PretrainedFolder.FILES);
            ours.add(PretrainingOutput.CHECKPOINT);
            files.removeLeftovers(ours);
            Optional<Prepared> prepared = prepare(read, listener, stop);
            return prepared.isEmpty() ? Optional.empty() : train(prepared.get(), listener, stop);
        }
    }

    /** The texts, in the order that decides. */
    private List<SourceText.Read> read() throws IOException {
        List<SourceText.Read> read = new ArrayList<>();
        for (Path file : texts) {
            read.add(SourceText.read(file));
        }
        read.sort(Comparator.comparing(text -> text.source().sha256()));
        return read;
    }

    private static List<SourceText> sources(List<SourceText.Read> read) {
        return read.stream().map(SourceText.Read::source).toList();
    }

    private static List<String> hashes(List<SourceText> sources) {
        return sources.stream().map(SourceText::sha256).sorted().toList();
    }

    private Optional<PretrainingRecord> train(Prepared prepared, PretrainingListener listener, BooleanSupplier stop)
            throws IOException {
        PretrainedShape shape = settings.shape();
        DecoderConfig config = shape.decoderConfig(prepared.vocabularySize());
        try (Decoder decoder =
                        Decoder.initialise(config, Initialisation.SMALL_NORMAL, settings.seed(), ComputeDevice.CPU);
                Trainer trainer =
                        new Trainer(decoder, shape.encoding(), shape.trainedLength(), settings.trainerSettings());
                DecoderEvaluator evaluator = new DecoderEvaluator(
                        decoder, shape.encoding(), shape.trainedLength(), settings.precision(), settings.threads())) {
            float[] initial = decoder.parameters();
            PreviousTokenHeads.writeInto(initial, decoder.layout(), shape);
            decoder.setParameters(initial);
            long parameters = decoder.layout().size();
            Client client = new Client(prepared, evaluator, parameters, listener);
            TrainingLoop loop = new TrainingLoop(
                    trainer,
                    new TrainingLoop.Settings(
                            settings.steps(),
                            TrainingCurve.Kind.MEANS,
                            identity(prepared),
                            output.checkpoint(),
                            output.checkpointInterval()),
                    client);
            if (!loop.run(stop)) {
                return Optional.empty();
            }
            decoder.setParameters(PretrainedFolder.rounded(decoder.parameters()));
            client.validate(settings.steps());
            try (PretrainedFolder folder = new PretrainedFolder(files, shape)) {
                PretrainingRecord record = record(loop, client, folder.writeWeights(decoder, prepared.tokenizerJson()));
                folder.finish(record, new ModelCard(output, settings, record).text());
                Files.deleteIfExists(output.checkpoint()); // last: it says that the writing is not over
                return Optional.of(record);
            }
        }
    }

    /** Learns the tokenizer and encodes; empty if it was stopped. */
    private Optional<Prepared> prepare(List<SourceText.Read> read, PretrainingListener listener, BooleanSupplier stop) {
        List<SourceText> sources = sources(read);
        listener.textsRead(sources);
        BytePairTrainer tokenizerTrainer = new BytePairTrainer();
        read.forEach(text -> tokenizerTrainer.add(text.text()));
        BytePairVocabulary vocabulary = tokenizerTrainer.train(settings.shape().vocabularySize());
        int size = vocabulary.tokens().size();
        listener.tokenizerTrained(size);
        String tokenizerJson = vocabulary.toTokenizerJson();
        List<int[]> tokens = new ArrayList<>();
        Tokenizer tokenizer = HuggingFaceTokenizer.of(tokenizerJson, PretrainedFolder.TOKENIZER);
        for (SourceText.Read text : read) {
            if (stop.getAsBoolean()) {
                return Optional.empty();
            }
            tokens.add(TextEncoder.encode(tokenizer, text.text()));
        }
        TokenSequences sequences = new TokenSequences(tokens, settings);
        Optional<Practice> practice = settings.practiceShare() > 0
                ? Optional.of(new Practice(settings, tokenizer, size, sequences.training()))
                : Optional.empty();
        listener.textsEncoded(sequences.trainingTokens(), sequences.validationTokens());
        return Optional.of(new Prepared(sources, tokenizerJson, size, sequences, practice));
    }

    /** Settings and what the texts are, by name: a checkpoint with other values is another run's. */
    private TrainingIdentity identity(Prepared prepared) {
        Map<String, String> identity = new LinkedHashMap<>();
        settings.asMap().forEach((name, value) -> identity.put(name, String.valueOf(value)));
        String hashes = prepared.sources().stream().map(SourceText::sha256).collect(Collectors.joining("\n"));
        identity.put("tokenizer", Sha256.of(prepared.tokenizerJson().getBytes(StandardCharsets.UTF_8)));
        identity.put("texts", Sha256.of(hashes.getBytes(StandardCharsets.US_ASCII)));
        return new TrainingIdentity("a run with these texts and settings", identity);
    }

    private PretrainingRecord record(TrainingLoop loop, Client client, Map<String, String> sha256) {
        Prepared prepared = client.prepared;
        List<TrainingCurve.Point> trainingCurve = loop.curve().points();
        List<ValidationPoint> validationCurve = client.validationCurve;
        return new PretrainingRecord(
                provenance,
                settings.described(),
                client.parameters,
                prepared.vocabularySize(),
                prepared.sources().stream()
                        .sorted(Comparator.comparing(SourceText::name))
                        .toList(),
                sha256.getOrDefault(PretrainedFolder.TOKENIZER, ""),
                sha256.getOrDefault(PretrainedFolder.WEIGHTS, ""),
                prepared.sequences().trainingTokens(),
                prepared.sequences().validationTokens(),
                settings.tokens(),
                loop.trainingSeconds(),
                settings.tokens() / loop.trainingSeconds(),
                trainingCurve.get(trainingCurve.size() - 1).loss(),
                validationCurve.get(validationCurve.size() - 1).loss(),
                trainingCurve,
                validationCurve);
    }

    /** What the loop trains on, and the validation losses on the way. */
    private final class Client implements TrainingClient {
        private final Prepared prepared;
        private final DecoderEvaluator evaluator;
        private final long parameters;
        private final PretrainingListener listener;
        private final List<ValidationPoint> validationCurve = new ArrayList<>();

        Client(Prepared prepared, DecoderEvaluator evaluator, long parameters, PretrainingListener listener) {
            this.prepared = prepared;
            this.evaluator = evaluator;
            this.parameters = parameters;
            this.listener = listener;
        }

        @Override
        public TokenBatch batch(long step) {
            TokenBatch prose = prepared.sequences().batch(step);
            return prepared.practice()
                    .map(practice -> practice.mixedInto(prose, step))
                    .orElse(prose);
        }

        @Override
        public void checkpointSetAside(String line) {
            listener.checkpointSetAside(line);
        }

        @Override
        public void started(long step) {
            listener.trainingStarted(step, parameters);
        }

        @Override
        public void stepped(TrainingProgress progress) {
            listener.stepped(progress);
        }

        /** The last step's parameters are measured once they are rounded. */
        @Override
        public boolean validatesAfter(long stepsDone) {
            return stepsDone % settings.validationEvery() == 0 && stepsDone < settings.steps();
        }

        /** Adds the loss over the held-out tokens, nats a token, to the curve. */
        @Override
        public void validate(long stepsDone) {
            double sum = 0;
            long tokens = 0;
            for (TokenBatch batch : prepared.sequences().validationBatches()) {
                for (float loss : evaluator.evaluate(batch).negativeLogLikelihoods()) {
                    sum += loss;
                }
                tokens += batch.inputs().length;
            }
            double loss = TrainingDivergedException.require("validation loss", sum / tokens, stepsDone);
            validationCurve.add(new ValidationPoint(stepsDone, loss));
            listener.validated(stepsDone, loss);
        }

        @Override
        public void save(ObjectNode state) {
            state.set("validationCurve", JSON.valueToTree(validationCurve));
        }

        @Override
        public void restore(JsonNode state) {
            validationCurve.addAll(
                    JSON.convertValue(state.path("validationCurve"), new TypeReference<List<ValidationPoint>>() {}));
        }
    }
}
