package resonance.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a study's folder holds: the plan, and the cells that are finished. Anyone can read it at any time, also while the
 * study runs; nothing is locked or changed.
 *
 * @param plan what the study is to compute
 * @param settings every setting as text, in the order to show them
 * @param openedBy the run that last opened the folder, whether or not it made a cell
 * @param cells finished cells, in the order of the plan
 */
public record StudyRecords<P, R>(
        P plan, Map<String, String> settings, Provenance openedBy, List<FinishedCell<R>> cells) {
    public StudyRecords {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        cells = List.copyOf(cells);
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
     * Reads a folder.
     *
     * @throws RecordFormatException if it holds no study, or one whose plan or results are of other types
     */
    public static <P, R> StudyRecords<P, R> read(Path folder, Class<P> planType, Class<R> resultType)
            throws IOException {
        StudyDescription description = description(folder);
        P plan = RecordJson.convert(folder.resolve(StudyFolder.DESCRIPTION), description.plan(), planType);
        List<FinishedCell<R>> cells = new ArrayList<>();
        for (String name : description.cells()) {
            Path file = folder.resolve(StudyFolder.CELLS).resolve(name + StudyFolder.ENDING);
            if (Files.exists(file)) {
                cells.add(StudyFolder.read(file, resultType));
            }
        }
        return new StudyRecords<>(plan, description.settings(), description.openedBy(), cells);
    }

    private static StudyDescription description(Path folder) throws IOException {
        Path file = folder.resolve(StudyFolder.DESCRIPTION);
        if (!Files.exists(file)) {
            throw new RecordFormatException("folder " + folder + " must hold a study, has no " + StudyFolder.DESCRIPTION
                    + "; name the output folder of a study");
        }
        return RecordJson.read(file, StudyDescription.class);
    }

    /** What was measured, in the order of the plan. */
    public List<R> results() {
        return cells.stream().map(FinishedCell::result).toList();
    }

    /** The run that made the latest of the cells; the one that opened the folder if there are none. */
    public Provenance provenance() {
        return makers().findFirst().orElse(openedBy);
    }

    /** The other runs that made some of the cells, the latest first: several builds or machines show here. */
    public List<Provenance> otherProvenances() {
        return makers().skip(1).toList();
    }

    private Stream<Provenance> makers() {
        // Dates in ISO 8601 and UTC sort as text; the sort is stable.
        return cells.stream()
                .map(FinishedCell::madeBy)
                .distinct()
                .sorted(Comparator.comparing(Provenance::date).reversed());
    }
}
