package resonance.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a study's folder is about: the content of its {@code study.json}.
 *
 * @param kind of study
 * @param identity what the folder may hold one of only; see {@link Study#identity}
 * @param plan the plan's JSON form
 * @param settings every setting as text, in the order to show them
 * @param openedBy the run that last opened the folder
 * @param cells names of the plan's cells' files, finished or not, in the order of the plan
 */
record StudyDescription(
        String kind,
        Map<String, String> identity,
        JsonNode plan,
        Map<String, String> settings,
        Provenance openedBy,
        List<String> cells) {
    StudyDescription {
        identity = Collections.unmodifiableMap(new LinkedHashMap<>(identity));
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        cells = List.copyOf(cells);
    }

    static StudyDescription of(Study<?, ?> study, Provenance run) {
        return new StudyDescription(
                study.kind(),
                study.identity(),
                RecordJson.tree(study.plan()),
                study.settings(),
                run,
                study.cells().stream().map(PlannedCell::fileName).toList());
    }

    /** The same with the files of other cells. */
    StudyDescription withCells(List<String> names) {
        return new StudyDescription(kind, identity, plan, settings, openedBy, names);
    }
}
