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
import resonance.language.pretraining.PretrainingRecord.ValidationPoint;
import resonance.model.Tokenizer;
import resonance.model.tokenizer.HuggingFaceTokenizer;
import resonance.rope.Refusal;
import resonance.study.Provenance;
import resonance.study.Sha256;
import resonance.transformer.tensor.ComputeDevice;
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

    /**
     * @param texts UTF-8 files, each a text of its own
     * @throws IllegalArgumentException if there are no texts, or if the folder holds a model that must not be replaced
     */
    public Pretraining(
            PretrainingSettings settings, List<Path> texts, PretrainingOutput output, Provenance provenance) {
        if (texts.isEmpty()) {
            throw Refusal.of("texts", "must be at least one file", "were none");
        }
        output.requireRoom();
        this.settings = settings;
        this.texts = List.copyOf(texts);
        this.output = output;
        this.provenance = provenance;
    }

    /** What the texts became. */
    private record Prepared(
            List<SourceText> sources, String tokenizerJson, int vocabularySize, TokenSequences sequences) {}

    /**
     * Trains and writes the model.
     *
     * @param stop asked before every text and every step; once true, the run ends, with a checkpoint if it trained
     * @return how the model came about, or empty if the run was stopped
     * @throws IllegalArgumentException if a text is empty or no UTF-8, if there is too little text, or if the folder has
     *     the checkpoint of other texts or settings
     */
    public Optional<PretrainingRecord> run(PretrainingListener listener, BooleanSupplier stop) throws IOException {
        Files.createDirectories(output.folder());
        Optional<Prepared> prepared = prepare(listener, stop);
        return prepared.isEmpty() ? Optional.empty() : train(prepared.get(), listener, stop);
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
            PretrainedFolder folder = new PretrainedFolder(output.folder(), shape);
            folder.writeWeights(decoder, prepared.tokenizerJson());
            PretrainingRecord record = record(loop, client, folder);
            folder.finish(record, new ModelCard(output, settings, record).text());
            Files.deleteIfExists(output.checkpoint());
            return Optional.of(record);
        }
    }

    /** Reads, learns the tokenizer and encodes; empty if it was stopped. */
    private Optional<Prepared> prepare(PretrainingListener listener, BooleanSupplier stop) throws IOException {
        List<SourceText.Read> read = new ArrayList<>();
        for (Path file : texts) {
            read.add(SourceText.read(file));
        }
        read.sort(Comparator.comparing(text -> text.source().sha256()));
        List<SourceText> sources = read.stream().map(SourceText.Read::source).toList();
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
        listener.textsEncoded(sequences.trainingTokens(), sequences.validationTokens());
        return Optional.of(new Prepared(sources, tokenizerJson, size, sequences));
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

    private PretrainingRecord record(TrainingLoop loop, Client client, PretrainedFolder folder) throws IOException {
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
                folder.sha256(PretrainedFolder.TOKENIZER),
                folder.sha256(PretrainedFolder.WEIGHTS),
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
            return prepared.sequences().batch(step);
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
