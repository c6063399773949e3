package resonance.experiment;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import resonance.evaluation.AtomicFile;
import resonance.evaluation.CellKey;
import resonance.evaluation.Comparison;
import resonance.evaluation.ComparisonCell;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.Provenance;
import resonance.rope.Refusal;

/**
 * The paper's main experiment in a folder: trains and measures every cell that is not there yet.
 *
 * <pre>
 *   FOLDER/experiment.json                        what makes it this experiment; another one is refused
 *   FOLDER/cells/TASK--ENCODING--SEED.json        a finished cell
 *   FOLDER/checkpoints/TASK--ENCODING--SEED.ckpt  a training that was stopped, of the encoding trained with
 * </pre>
 *
 * <p>Encodings that train alike share one training: with {@link EncodingSettings.ScalingPhase#EVALUATION} all scalings of
 * plain RoPE do, and all with Resonance.
 */
public final class PosgenComparison {
    /** Time between two checkpoints of a running cell unless another is asked for. */
    public static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(30);

    private static final String IDENTITY_FILE = "experiment.json";
    private static final String KIND = "posgen-compare";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ComparisonSettings settings;
    private final Path folder;
    private final String software;
    private final Duration checkpointInterval;

    /**
     * Opens or creates the experiment in a folder.
     *
     * @param software version and commit of this build, kept with every cell it trains
     * @param checkpointInterval time between two checkpoints of a running cell, not negative; changes no result
     * @throws IllegalArgumentException if the folder holds another experiment or foreign files; nothing is changed then
     */
    public PosgenComparison(ComparisonSettings settings, Path folder, String software, Duration checkpointInterval)
            throws IOException {
        this.settings = settings;
        this.folder = folder;
        this.software = software;
        this.checkpointInterval = checkpointInterval;
        if (checkpointInterval.isNegative()) {
            throw Refusal.of(
                    "checkpointInterval",
                    "must not be negative",
                    "was " + checkpointInterval.toMillis() / 1000.0 + " s");
        }
        Path identityFile = folder.resolve(IDENTITY_FILE);
        if (Files.exists(identityFile)) {
            requireSame(identityFile);
        } else {
            requireEmpty();
            Files.createDirectories(folder);
            AtomicFile.write(identityFile, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(identity()) + "\n");
        }
        Files.createDirectories(folder.resolve("cells"));
        Files.createDirectories(folder.resolve("checkpoints"));
    }

    private Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("kind", KIND);
        identity.putAll(settings.identity());
        return identity;
    }

    private void requireSame(Path identityFile) throws IOException {
        Map<String, String> found;
        try {
            found = JSON.readValue(identityFile.toFile(), new TypeReference<LinkedHashMap<String, String>>() {});
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    identityFile + " must be an experiment's settings, is not readable as such: " + firstLine(e)
                            + "; choose another output folder",
                    e);
        }
        Map<String, String> wanted = identity();
        for (Map.Entry<String, String> setting : wanted.entrySet()) {
            String there = found.get(setting.getKey());
            if (!setting.getValue().equals(there)) {
                throw Refusal.of(
                                "{output folder} " + folder,
                                "must be new or hold this experiment",
                                "but holds one with " + setting.getKey() + " = " + there + " where this has "
                                        + setting.getValue())
                        .cure("choose another {output folder} or the same settings");
            }
        }
    }

    private void requireEmpty() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw Refusal.of("output folder", "must be a folder", folder + " is a file")
                    .cure("choose another {output folder}");
        }
        try (Stream<Path> files = Files.list(folder)) {
            Optional<Path> first = files.findFirst();
            if (first.isPresent()) {
                throw Refusal.of(
                                "{output folder} " + folder,
                                "must be new, empty or hold this experiment",
                                "but holds " + first.get().getFileName())
                        .cure("choose another {output folder}");
            }
        }
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Every cell of the plan that is finished. */
    public List<ComparisonCell> finished() throws IOException {
        List<ComparisonCell> cells = new ArrayList<>();
        for (CellKey key : settings.plan().cells()) {
            if (Files.exists(cellFile(key))) {
                cells.add(ComparisonCell.readJson(cellFile(key)));
            }
        }
        return cells;
    }

    /** Every cell of the plan that is not finished, in the order in which they will run. */
    public List<CellKey> missing() {
        return missingTrainings().stream().flatMap(List::stream).toList();
    }

    /** The cells that are not finished, those together that share a training, in the order in which they will run. */
    public List<List<CellKey>> missingTrainings() {
        Map<CellKey, List<CellKey>> trainings = new LinkedHashMap<>();
        for (CellKey key : seedBySeed(settings.plan())) {
            if (!Files.exists(cellFile(key))) {
                trainings
                        .computeIfAbsent(trained(key), absent -> new ArrayList<>())
                        .add(key);
            }
        }
        return List.copyOf(trainings.values());
    }

    /** The cell of the encoding that a cell's model is trained with. */
    private CellKey trained(CellKey key) {
        return new CellKey(key.task(), settings.encoding().trained(key.encoding()), key.seed());
    }

    /**
     * Runs the missing cells, a seed at a time, so that an unfinished comparison has whole seeds.
     *
     * @param stop asked before every step; once true, the running training's state is saved and this returns
     * @return whether every cell of the plan is finished
     */
    public boolean run(ComparisonListener listener, BooleanSupplier stop) throws IOException {
        for (List<CellKey> keys : missingTrainings()) {
            CellKey trained = trained(keys.get(0));
            Path checkpoint = folder.resolve("checkpoints").resolve(fileName(trained) + ".ckpt");
            TrainingRun run = new TrainingRun(
                    settings, keys, trained.toString(), software, checkpoint, checkpointInterval, listener);
            Optional<List<ComparisonCell>> cells = run.run(stop);
            if (cells.isEmpty()) {
                return false;
            }
            for (ComparisonCell cell : cells.get()) {
                cell.writeJson(cellFile(cell.key()));
                listener.cellFinished(cell);
            }
            Files.deleteIfExists(checkpoint);
        }
        return true;
    }

    /** The comparison as far as it is finished. */
    public Comparison comparison(Provenance provenance) throws IOException {
        return new Comparison(settings.plan(), settings.identity(), provenance, finished());
    }

    private Path cellFile(CellKey key) {
        return folder.resolve("cells").resolve(fileName(key) + ".json");
    }

    private static String fileName(CellKey key) {
        return key.task() + "--" + key.encoding() + "--" + key.seed();
    }

    private static List<CellKey> seedBySeed(ComparisonPlan plan) {
        List<CellKey> ordered = new ArrayList<>();
        for (long seed : plan.seeds()) {
            plan.cells().stream().filter(cell -> cell.seed() == seed).forEach(ordered::add);
        }
        return ordered;
    }
}
