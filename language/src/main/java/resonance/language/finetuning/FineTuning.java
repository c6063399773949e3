package resonance.language.finetuning;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import resonance.decoder.DecoderConfig;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterLayout;
import resonance.language.MemoryRoom;
import resonance.language.corpus.Document;
import resonance.language.corpus.SourceText;
import resonance.language.finetuning.FineTuningRecord.ValidationLoss;
import resonance.language.finetuning.FineTuningRecord.ValidationPoint;
import resonance.model.ChangedWeights;
import resonance.model.Model;
import resonance.model.huggingface.HuggingFaceModel;
import resonance.rope.Refusal;
import resonance.serving.export.Export;
import resonance.study.AtomicFile;
import resonance.study.FolderLock;
import resonance.study.Provenance;
import resonance.study.RecordJson;
import resonance.study.Sha256;
import resonance.study.WrittenFiles;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.MachineMemory;
import resonance.transformer.training.Decoder;
import resonance.transformer.training.TokenBatch;
import resonance.transformer.training.Trainer;
import resonance.transformer.training.TrainingClient;
import resonance.transformer.training.TrainingCurve;
import resonance.transformer.training.TrainingDivergedException;
import resonance.transformer.training.TrainingIdentity;
import resonance.transformer.training.TrainingLoop;
import resonance.transformer.training.TrainingMemory;
import resonance.transformer.training.TrainingProgress;

/**
 * Adapts a model to an encoding by a short training on texts, and writes it with that encoding.
 *
 * <p>A run that is stopped or killed leaves a checkpoint in the folder, and the next run with the same model, texts and settings
 * goes on from it to the same result. Tokens are not kept; making them again takes seconds. Files are taken in the order in
 * which they are named.
 */
public final class FineTuning {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A trial that takes less was still warming up. */
    private static final double SHORT_TRIAL_SECONDS = 2;

    private final Model model;
    private final FineTuningSettings settings;
    private final FineTuningData data;
    private final FineTuningOutput output;
    private final Provenance provenance;
    private final WrittenFiles files;
    private final Export export;
    private final Optional<String> shortage;

    /**
     * @param model to be fine-tuned, which must stay open until the run is over
     * @throws IllegalArgumentException if no stock engine can be told the encoding in this format, or the folder holds a model of
     *     other settings that must not be replaced
     */
    public FineTuning(
            Model model,
            FineTuningSettings settings,
            FineTuningData data,
            FineTuningOutput output,
            Provenance provenance)
            throws IOException {
        this.model = model;
        this.settings = settings;
        this.data = data;
        this.output = output;
        this.provenance = provenance;
        this.files = output.files(provenance.softwareVersion());
        if (settings.apart() && !(model instanceof HuggingFaceModel)) {
            throw Refusal.of(
                            "{adapter} apart",
                            "must go with a Hugging Face folder, whose adapters PEFT reads",
                            "was given with " + model.path())
                    .cure("take {adapter} merged");
        }
        this.export =
                Export.of(model, settings.encoding(), provenance.softwareVersion() + " " + provenance.gitCommit());
        this.shortage = requireRoom(settings.memory(model.description().decoder()), MachineMemory.now());
        if (!mustNotBeReplaced()) {
            requireAnotherFolder();
            output.requireNothingElse(names());
            files.requireFolder();
            files.requireOurs(names());
        }
    }

    /** The model is read until the last file is written. */
    private void requireAnotherFolder() throws IOException {
        Path folder = output.folder();
        Path read = Files.isDirectory(model.path())
                ? model.path()
                : model.path().toAbsolutePath().getParent();
        if (read != null && Files.exists(folder) && Files.isSameFile(folder, read)) {
            throw Refusal.was("folder", "must be another than the model's", folder)
                    .cure("name another");
        }
    }

    /** Every file that is written. */
    private List<String> names() throws IOException {
        List<String> names =
                new ArrayList<>(contents(ChangedWeights.NONE, List.of()).keySet());
        names.add(FineTuningOutput.RECORD);
        names.add(FineTuningOutput.CARD);
        return names;
    }

    /**
     * A model is there, and not only because a run of ours was killed while it wrote it: the checkpoint of the last step is the last
     * thing that a run removes.
     */
    private boolean mustNotBeReplaced() throws IOException {
        return !output.replace()
                && output.holdsModel()
                && !TrainingLoop.isAtEnd(output.checkpoint(), settings.recipe().steps());
    }

    /** What the texts became. */
    private record Prepared(
            List<SourceText> sources, int documents, PackedDocuments packed, TrainingIdentity identity) {}

    /**
     * Trains and writes the model. If the folder holds that of the same model, texts and settings, nothing is done, unless it
     * may be replaced.
     *
     * @param stop asked before every document and every step; once true, the run ends, with a checkpoint if it trained
     * @return how the model came about, or empty if the run was stopped
     * @throws IllegalArgumentException if a text is refused ({@link Document#read}), if there is too little of it, or if the
     *     folder has the checkpoint or the model of other texts or settings
     * @throws resonance.study.FolderInUseException if somebody else is at work in the folder
     */
    public Optional<FineTuningRecord> run(FineTuningListener listener, BooleanSupplier stop) throws IOException {
        Optional<Prepared> prepared = prepare(listener, stop);
        if (prepared.isEmpty()) {
            return Optional.empty();
        }
        if (mustNotBeReplaced()) {
            FineTuningRecord finished = output.finished().orElseThrow(output::occupied);
            if (!finished.settings().equals(prepared.get().identity().settings())) {
                throw output.occupied();
            }
            listener.finishedBefore();
            return Optional.of(finished);
        }
        files.makeFolder();
        FolderLock lock = FolderLock.take(output.folder());
        try (lock) {
            List<String> ours = new ArrayList<>(names());
            ours.add(String.valueOf(output.checkpoint().getFileName()));
            files.removeLeftovers(ours);
            return train(prepared.get(), listener, stop);
        }
    }

    /** Reads and encodes; empty if it was stopped. */
    private Optional<Prepared> prepare(FineTuningListener listener, BooleanSupplier stop) throws IOException {
        List<SourceText> sources = new ArrayList<>();
        List<int[]> tokens = new ArrayList<>();
        DocumentTokens documents = new DocumentTokens(model);
        for (Path file : data.files()) {
            Document.OfFile read = Document.read(file, data.field());
            sources.add(read.source());
            for (Document document : read.documents()) {
                if (stop.getAsBoolean()) {
                    return Optional.empty();
                }
                tokens.add(documents.of(document));
            }
            documents.beginning(read.documents()).ifPresent(listener::note);
        }
        listener.textsRead(sources, tokens.size());
        PackedDocuments packed = new PackedDocuments(tokens, model.tokenizer().beginningOfSequence(), settings);
        listener.textsEncoded(packed.trainingTokens(), packed.validationTokens());
        return Optional.of(new Prepared(sources, tokens.size(), packed, identity(sources)));
    }

    /** Model, settings and what the texts are, by name: a checkpoint with other values is another run's. */
    private TrainingIdentity identity(List<SourceText> sources) {
        Map<String, String> identity = new LinkedHashMap<>(settings.asText());
        identity.put("model", model.sha256());
        String hashes = sources.stream().map(SourceText::sha256).collect(Collectors.joining("\n"));
        identity.put("texts", Sha256.of(hashes.getBytes(StandardCharsets.US_ASCII)));
        identity.put("field", data.field());
        return new TrainingIdentity("a run with this model, these texts and settings", identity);
    }

    private Optional<FineTuningRecord> train(Prepared prepared, FineTuningListener listener, BooleanSupplier stop)
            throws IOException {
        DecoderConfig config = model.description().decoder();
        HeldOutLoss heldOut = new HeldOutLoss(config, prepared.packed(), settings);
        ParameterLayout layout = settings.layout(config);
        try (Decoder decoder = Decoder.read(layout, model.weights(), ComputeDevice.CPU);
                Client client = new Client(prepared, decoder, heldOut, listener)) {
            TrainingLoop loop;
            try (Trainer trainer = new Trainer(
                    decoder,
                    new RotaryEncoding(settings.encoding().frequencies()),
                    settings.length(),
                    settings.trainerSettings())) {
                shortage.ifPresent(listener::note);
                listener.estimated(
                        settings.memory(config),
                        seconds(trainer, prepared.packed().batch(0)));
                loop = new TrainingLoop(
                        trainer,
                        new TrainingLoop.Settings(
                                settings.recipe().steps(),
                                TrainingCurve.Kind.MEANS,
                                prepared.identity(),
                                output.checkpoint(),
                                output.checkpointInterval()),
                        client);
                if (!loop.run(stop)) {
                    return Optional.empty();
                }
            }
            ChangedWeights changed = new ChangedWeights(changed(layout), decoder.weights());
            List<ValidationLoss> after =
                    heldOut.atBothLengths(settings.apart() ? decoder.weights() : model.rewritten(changed));
            after.forEach(loss -> TrainingDivergedException.require(
                    "validation loss", loss.loss(), settings.recipe().steps()));
            client.measured(after);
            FineTuningRecord record = record(loop, client, after);
            write(record, contents(changed, decoder.adapters()));
            Files.deleteIfExists(output.checkpoint()); // last: it says that the writing is not over
            return Optional.of(record);
        }
    }

    /** Refuses what would end in the middle, hours later; a note if it fits into memory that is in use now. */
    static Optional<String> requireRoom(TrainingMemory memory, MachineMemory machine) {
        return MemoryRoom.require(
                "the training",
                memory.bytes(),
                machine,
                "make activations anew ({recompute} on), train an adapter ({lora} 16) or take a smaller {window}");
    }

    /** Time of all steps, by that of a window for every thread. */
    private double seconds(Trainer trainer, TokenBatch batch) {
        int rows = Math.min(batch.rows(), settings.threads());
        TokenBatch part = batch.firstRows(rows);
        double seconds = trial(trainer, part);
        if (seconds < SHORT_TRIAL_SECONDS) {
            seconds = trial(trainer, part);
        }
        return seconds * settings.recipe().steps() * batch.rows() / rows;
    }

    private static double trial(Trainer trainer, TokenBatch batch) {
        long started = System.nanoTime();
        trainer.loss(batch);
        return (System.nanoTime() - started) * 1e-9;
    }

    /** Parameters whose values are others after training. */
    private static Set<Parameter> changed(ParameterLayout layout) {
        return layout.entries().stream()
                .filter(entry -> entry.trained()
                        || layout.adapterPlace(entry.parameter()).isPresent())
                .map(ParameterLayout.Entry::parameter)
                .collect(Collectors.toSet());
    }

    /** The files of the model, or of its adapter beside the configuration that it goes with; the last makes it one. */
    private Map<String, AtomicFile.Content> contents(ChangedWeights changed, List<Decoder.Adapter> adapters)
            throws IOException {
        if (!settings.apart()) {
            return export.files(changed);
        }
        Map<String, AtomicFile.Content> files = new LinkedHashMap<>(export.files(ChangedWeights.NONE));
        files.keySet().retainAll(List.of(HuggingFaceModel.CONFIG));
        files.putAll(PeftAdapter.files(model, settings.adapter().orElseThrow(), adapters));
        return files;
    }

    private void write(FineTuningRecord record, Map<String, AtomicFile.Content> contents) throws IOException {
        try (WrittenFiles.Change change = files.change()) {
            change.write(FineTuningOutput.RECORD, RecordJson.write(record));
            change.write(FineTuningOutput.CARD, new FineTuningCard(model, settings, record).text());
            String last = "";
            for (Map.Entry<String, AtomicFile.Content> file : contents.entrySet()) {
                AtomicFile.write(change.stage(file.getKey()), file.getValue());
                last = file.getKey();
            }
            change.commit(last);
        }
    }

    private FineTuningRecord record(TrainingLoop loop, Client client, List<ValidationLoss> after) {
        Prepared prepared = client.prepared;
        List<TrainingCurve.Point> curve = loop.curve().points();
        ParameterLayout layout = client.decoder.layout();
        return new FineTuningRecord(
                provenance,
                model.name(),
                model.sha256(),
                prepared.identity().settings(),
                layout.entries().stream()
                        .mapToLong(entry -> entry.parameter().size())
                        .sum(),
                layout.trainedSize(),
                prepared.sources(),
                prepared.documents(),
                prepared.packed().trainingTokens(),
                prepared.packed().validationTokens(),
                settings.recipe().tokens(),
                loop.trainingSeconds(),
                settings.recipe().tokens() / loop.trainingSeconds(),
                curve.get(curve.size() - 1).loss(),
                client.before,
                after,
                curve,
                client.validationCurve);
    }

    /** What the loop trains on, and the validation losses on the way. */
    private final class Client implements TrainingClient, AutoCloseable {
        private final Prepared prepared;
        private final Decoder decoder;
        private final HeldOutLoss heldOut;
        private final FineTuningListener listener;
        private final List<ValidationPoint> validationCurve = new ArrayList<>();
        private List<ValidationLoss> before = List.of();
        private String formerRun = "";
        private @Nullable Trackers trackers;

        Client(Prepared prepared, Decoder decoder, HeldOutLoss heldOut, FineTuningListener listener) {
            this.prepared = prepared;
            this.decoder = decoder;
            this.heldOut = heldOut;
            this.listener = listener;
        }

        @Override
        public TokenBatch batch(long step) {
            return prepared.packed().batch(step);
        }

        @Override
        public void checkpointSetAside(String line) {
            listener.checkpointSetAside(line);
        }

        @Override
        public void started(long step) {
            boolean first = before.isEmpty();
            if (first) {
                before = heldOut.atBothLengths(model.weights());
                noteShortText(before.get(before.size() - 1));
                listener.measured(before, false);
            }
            trackers = new Trackers(output, prepared.identity().settings(), formerRun, step, listener);
            if (first) {
                trackers.measured(0, before);
            }
            listener.trainingStarted(step, decoder.layout().trainedSize());
        }

        private void noteShortText(ValidationLoss longest) {
            if (longest.longestWindow() < longest.length()) {
                listener.note(String.format(
                        Locale.ROOT,
                        "no held-out text has %,d tokens: the loss at that length is that of windows of %,d at most;"
                                + " hold out more, or longer documents",
                        longest.length(),
                        longest.longestWindow()));
            }
        }

        @Override
        public void stepped(TrainingProgress progress) {
            if (trackers != null) {
                trackers.stepped(progress, settings.recipe().schedule().learningRate(progress.step() - 1));
            }
            listener.stepped(progress);
        }

        /** The last step's parameters are measured once they are rounded. */
        @Override
        public boolean validatesAfter(long stepsDone) {
            return stepsDone % settings.validationEvery() == 0
                    && stepsDone < settings.recipe().steps();
        }

        @Override
        public void validate(long stepsDone) {
            double loss = TrainingDivergedException.require(
                    "validation loss", heldOut.inTraining(decoder.weights()), stepsDone);
            validationCurve.add(new ValidationPoint(stepsDone, loss));
            if (trackers != null) {
                trackers.validated(stepsDone, loss);
            }
            listener.validated(stepsDone, loss);
        }

        /** What the trained model has. */
        void measured(List<ValidationLoss> after) {
            if (trackers != null) {
                trackers.measured(settings.recipe().steps(), after);
                trackers.finished();
            }
            listener.measured(after, true);
        }

        @Override
        public void close() {
            if (trackers != null) {
                trackers.close();
            }
        }

        @Override
        public void save(ObjectNode state) {
            state.put("mlflowRun", trackers == null ? formerRun : trackers.run());
            state.set("before", JSON.valueToTree(before));
            state.set("validationCurve", JSON.valueToTree(validationCurve));
        }

        @Override
        public void restore(JsonNode state) {
            formerRun = state.path("mlflowRun").asText("");
            before = JSON.convertValue(state.path("before"), new TypeReference<List<ValidationLoss>>() {});
            validationCurve.addAll(
                    JSON.convertValue(state.path("validationCurve"), new TypeReference<List<ValidationPoint>>() {}));
        }
    }
}
