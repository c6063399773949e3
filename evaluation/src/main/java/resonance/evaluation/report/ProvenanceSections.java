package resonance.evaluation.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import resonance.report.KeyValues;
import resonance.report.Section;
import resonance.study.Provenance;

/** With what, where and when the results of a page were made. */
public final class ProvenanceSections {

    private ProvenanceSections() {}

    /**
     * One section for each provenance; where there are several, the first also says so, and in what they differ.
     *
     * @param provenances at least one, none twice
     * @param more names and values to put in the first
     */
    public static List<Section> of(List<Provenance> provenances, Map<String, String> more) {
        List<Map<String, String>> blocks =
                provenances.stream().map(ProvenanceSections::values).toList();
        int count = blocks.size();
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, String> block = new LinkedHashMap<>(blocks.get(i));
            block.putAll(i == 0 ? more : Map.of());
            sections.add(new KeyValues(
                    count == 1 ? "Provenance" : "Provenance " + (i + 1) + " of " + count,
                    count == 1 || i > 0
                            ? ""
                            : "These results were not all made in one run. The runs differ in "
                                    + String.join(", ", differing(blocks)) + ".",
                    block));
        }
        return List.copyOf(sections);
    }

    private static Map<String, String> values(Provenance provenance) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("software", provenance.softwareVersion());
        values.put("commit", provenance.gitCommit());
        values.put("Java", provenance.javaVersion());
        values.put("LibTorch", provenance.libTorchVersion());
        values.put("operating system", provenance.operatingSystem());
        values.put("processor", provenance.processor());
        values.put("cores", Integer.toString(provenance.cores()));
        values.put("date", provenance.date());
        values.put("command", provenance.commandLine());
        return values;
    }

    private static List<String> differing(List<Map<String, String>> blocks) {
        Map<String, String> first = blocks.get(0);
        return first.keySet().stream()
                .filter(name -> blocks.stream().anyMatch(block -> !Objects.equals(block.get(name), first.get(name))))
                .toList();
    }
}
