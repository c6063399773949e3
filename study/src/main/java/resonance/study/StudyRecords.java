package resonance.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a study's folder holds: the plan, and the cells that are finished. Anyone can read it at any time, also while the
 * study runs; nothing is locked or changed.
 *
 * @param plan what the study is to compute
 * @param settings every setting as text, in the order to show them
 * @param openedBy the run that last opened the folder, whether or not it made a cell
 * @param cells finished cells, in the order of the plan
 * @param damaged what is wrong with cells that are there and can't be read, a line each
 */
public record StudyRecords<P, R>(
        P plan, Map<String, String> settings, Provenance openedBy, List<FinishedCell<R>> cells, List<String> damaged) {
    public StudyRecords {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        cells = List.copyOf(cells);
        damaged = List.copyOf(damaged);
    }

    /** Records without damage. */
    public StudyRecords(P plan, Map<String, String> settings, Provenance openedBy, List<FinishedCell<R>> cells) {
        this(plan, settings, openedBy, cells, List.of());
    }

    /**
     * The kind of study that a folder holds.
     *
     * @throws RecordFormatException if it holds none
     */
    public static String kind(Path folder) throws IOException {
        return description(folder).kind();
    }

    /**
     * Reads a folder. Cells that are damaged are left out and named.
     *
     * @throws RecordFormatException if it holds no study, or a damaged plan, or one of another type
     */
    public static <P, R> StudyRecords<P, R> read(Path folder, Class<P> planType, Class<R> resultType)
            throws IOException {
        StudyDescription description = description(folder);
        P plan = RecordJson.convert(folder.resolve(StudyFolder.DESCRIPTION), description.plan(), planType);
        List<FinishedCell<R>> cells = new ArrayList<>();
        List<String> damaged = new ArrayList<>();
        for (String name : description.cells()) {
            if (name.contains("/") || name.contains("\\")) {
                throw new RecordFormatException(folder.resolve(StudyFolder.DESCRIPTION)
                        + ": cells must be names of files, found '" + name + "'; use the version that made it");
            }
            Path file = folder.resolve(StudyFolder.CELLS).resolve(name + StudyFolder.ENDING);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                try {
                    cells.add(StudyFolder.read(file, resultType));
                } catch (RecordFormatException e) {
                    damaged.add(String.valueOf(e.getMessage()));
                } catch (NoSuchFileException e) {
                    // Set aside just now by the run that owns the folder.
                }
            }
        }
        return new StudyRecords<>(plan, description.settings(), description.openedBy(), cells, damaged);
    }

    /**
     * Every setting of the study that a folder holds, as text by name; empty if it holds none that can be read, which {@link
     * StudyFolder#open} says.
     */
    public static Map<String, String> settings(Path folder) {
        if (!Files.isRegularFile(folder.resolve(StudyFolder.DESCRIPTION))) {
            return Map.of();
        }
        try {
            return description(folder).settings();
        } catch (IOException damaged) {
            return Map.of();
        }
    }

    static StudyDescription description(Path folder) throws IOException {
        Path file = folder.resolve(StudyFolder.DESCRIPTION);
        // A store that does not answer is no folder without a study; reading tells.
        if (!Files.exists(file) && (StudyPlace.isHere(file) || Files.notExists(file))) {
            throw new RecordFormatException("folder " + folder + " must hold a study, has no " + StudyFolder.DESCRIPTION
                    + "; name the output folder of a study");
        }
        try {
            return RecordJson.unseal(file, StudyDescription.class);
        } catch (RecordFormatException e) {
            throw e.damaged()
                    ? RecordFormatException.damaged(
                            e.getMessage() + "; the study's own command with this output folder writes it anew")
                    : e;
        }
    }

    /** What was measured, in the order of the plan. */
    public List<R> results() {
        return cells.stream().map(FinishedCell::result).toList();
    }

    /**
     * The same with the cells in the order of the plan's keys, so that the order they came in leaves no trace.
     *
     * @param what results are called in a refusal, for example {@code cells}
     * @param planned the key of every result of the plan, none twice
     * @param key of a result
     * @throws IllegalArgumentException if two results have one key, or one has a key that is not planned
     */
    public <K> StudyRecords<P, R> inOrder(String what, Collection<K> planned, Function<R, K> key) {
        Map<K, FinishedCell<R>> finished = new LinkedHashMap<>();
        for (FinishedCell<R> cell : cells) {
            K own = key.apply(cell.result());
            if (finished.put(own, cell) != null) {
                throw new IllegalArgumentException(what + " must not repeat, found " + own + " twice");
            }
        }
        List<FinishedCell<R>> ordered = new ArrayList<>(cells.size());
        for (K next : planned) {
            FinishedCell<R> cell = finished.remove(next);
            if (cell != null) {
                ordered.add(cell);
            }
        }
        if (!finished.isEmpty()) {
            throw new IllegalArgumentException(what + " must be " + what + " of the plan, found "
                    + finished.keySet().iterator().next());
        }
        return new StudyRecords<>(plan, settings, openedBy, ordered, damaged);
    }

    /**
     * Every run that made one of the cells, the latest first: several builds or machines show here. If there are no cells,
     * the run that opened the folder.
     */
    public List<Provenance> provenances() {
        if (cells.isEmpty()) {
            return List.of(openedBy);
        }
        // Dates in ISO 8601 and UTC sort as text; the sort is stable.
        return cells.stream()
                .map(FinishedCell::madeBy)
                .distinct()
                .sorted(Comparator.comparing(Provenance::date).reversed())
                .toList();
    }

    /**
     * What scripts read of a study, as one indented JSON document: {@code plan}, {@code settings}, {@code provenance} (the
     * first of {@link #provenances}), {@code otherProvenances} and the results.
     *
     * @param name of the results in the document
     * @param results what was made of the cells
     */
    public String document(String name, List<?> results) {
        return document(Map.of(name, results));
    }

    /**
     * The same with several results.
     *
     * @param results what was made of the cells by name, in the order to write them
     */
    public String document(Map<String, ?> results) {
        List<Provenance> provenances = provenances();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("plan", plan);
        document.put("settings", settings);
        document.put("provenance", provenances.get(0));
        document.put("otherProvenances", provenances.subList(1, provenances.size()));
        document.putAll(results);
        return RecordJson.write(document);
    }
}
