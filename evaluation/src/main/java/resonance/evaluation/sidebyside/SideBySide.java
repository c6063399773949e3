package resonance.evaluation.sidebyside;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import resonance.evaluation.MeasuredModel;
import resonance.evaluation.PairedTest;
import resonance.evaluation.PairedUnits;
import resonance.evaluation.comparison.ComparisonReport;
import resonance.evaluation.passkey.PasskeyReport;
import resonance.evaluation.perplexity.MeasuredDocument;
import resonance.evaluation.perplexity.PerplexityReport;
import resonance.evaluation.report.Report;
import resonance.evaluation.sidebyside.Panels.Naming;
import resonance.evaluation.task.study.TaskReport;
import resonance.rope.EncodingName;
import resonance.rope.Refusal;

/** Several studies: tables that their results share, and every row against a baseline. Immutable. */
public final class SideBySide {
    private final List<Source> sources;
    private final List<Panel> panels;
    private final List<Row> rows;
    private final Row baseline;
    private final Set<String> withoutGroup;

    /**
     * A folder and what it holds.
     *
     * @param folder with the name that was given to it
     * @param report of its study
     */
    public record Source(NamedFolder folder, Report report) {
        /** The model that was measured; empty for a comparison that trains its own. */
        Optional<MeasuredModel> model() {
            if (report instanceof PerplexityReport perplexity) {
                return Optional.of(perplexity.results().plan().model());
            }
            if (report instanceof PasskeyReport passkey) {
                return Optional.of(passkey.results().plan().model());
            }
            if (report instanceof TaskReport tasks) {
                return Optional.of(tasks.results().plan().model());
            }
            return Optional.empty();
        }

        private List<EncodingName> encodings() {
            if (report instanceof PerplexityReport perplexity) {
                return perplexity.results().plan().encodings();
            }
            if (report instanceof PasskeyReport passkey) {
                return passkey.results().plan().encodings();
            }
            if (report instanceof TaskReport tasks) {
                return tasks.results().plan().encodings();
            }
            return report instanceof ComparisonReport comparison
                    ? comparison.comparison().plan().encodings()
                    : List.of();
        }
    }

    /**
     * Puts studies side by side.
     *
     * @param sources at least one
     * @param texts groups of documents with a perplexity of their own; none for one of all documents
     * @param baseline name of the row that all others are held against; empty for the first folder's first encoding
     * @throws Refusal if two folders hold the same result, or there is no such baseline
     */
    public SideBySide(List<Source> sources, List<Texts> texts, String baseline) {
        this.sources = List.copyOf(sources);
        this.sources.forEach(SideBySide::requireComparable);
        texts.forEach(this::requireDocument);
        this.withoutGroup = withoutGroup(this.sources, texts);
        Map<String, String> names = names();
        Panels made = new Panels(texts.isEmpty() ? List.of(Texts.ALL) : texts);
        Set<Row> planned = new LinkedHashSet<>();
        for (Source source : this.sources) {
            Naming naming = naming(source, names);
            source.encodings().forEach(encoding -> planned.add(naming.row(encoding)));
            if (source.report instanceof PerplexityReport perplexity) {
                made.add(perplexity.results(), naming);
            } else if (source.report instanceof PasskeyReport passkey) {
                made.add(passkey.results(), naming);
            } else if (source.report instanceof TaskReport tasks) {
                made.add(tasks.results(), naming);
            } else if (source.report instanceof ComparisonReport comparison) {
                made.add(comparison.comparison(), naming);
            }
        }
        this.panels =
                made.all().stream().filter(panel -> !panel.rows().isEmpty()).toList();
        this.rows = List.copyOf(planned);
        this.baseline = baseline.isEmpty() ? rows.get(0) : named(baseline);
    }

    private static void requireComparable(Source source) {
        if (source.encodings().isEmpty()) {
            throw Refusal.of(
                            "folders",
                            "must hold studies of perplexity, passkey, evaluate or posgen compare",
                            source.folder.folder() + " holds another")
                    .cure("show it alone");
        }
    }

    private void requireDocument(Texts group) {
        if (documents(sources).noneMatch(group::has)) {
            throw Refusal.of(
                            "texts",
                            "must fit a document of some folder",
                            "fit none: " + group.name() + "=" + String.join(",", group.patterns()))
                    .cure("patterns are those of file names, for example book*");
        }
    }

    private static Stream<String> documents(List<Source> sources) {
        return sources.stream()
                .filter(source -> source.report instanceof PerplexityReport)
                .flatMap(source -> ((PerplexityReport) source.report).results().plan().documents().stream())
                .map(MeasuredDocument::name);
    }

    /** Documents that no table shows. */
    private static Set<String> withoutGroup(List<Source> sources, List<Texts> texts) {
        return texts.isEmpty()
                ? Set.of()
                : documents(sources)
                        .filter(document -> texts.stream().noneMatch(group -> group.has(document)))
                        .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * What a model without a given name is called, by hash: as it calls itself, or as its first folder, where several call
     * themselves the same.
     */
    private Map<String, String> names() {
        Map<String, Set<String>> hashes = new LinkedHashMap<>();
        Map<String, String> folders = new LinkedHashMap<>();
        Map<String, String> given = new LinkedHashMap<>(); // for folders of one name at several places
        for (Source source : sources) {
            source.model().filter(model -> source.folder.name().isEmpty()).ifPresent(model -> {
                hashes.computeIfAbsent(model.name(), first -> new LinkedHashSet<>())
                        .add(model.sha256());
                folders.putIfAbsent(model.sha256(), fileName(source));
                given.putIfAbsent(model.sha256(), source.folder.folder().toString());
            });
        }
        Map<String, String> names = new LinkedHashMap<>();
        hashes.forEach((name, of) -> of.forEach(hash -> {
            String folder = Objects.requireNonNull(folders.get(hash));
            boolean alone = Collections.frequency(folders.values(), folder) == 1;
            names.put(hash, of.size() == 1 ? name : alone ? folder : Objects.requireNonNull(given.get(hash)));
        }));
        return names;
    }

    private static String fileName(Source source) {
        return String.valueOf(
                source.folder.folder().toAbsolutePath().normalize().getFileName());
    }

    private static Naming naming(Source source, Map<String, String> names) {
        String given = source.folder.name();
        String own = source.model()
                .map(model -> names.getOrDefault(model.sha256(), model.name()))
                .orElse(fileName(source));
        return new Naming(given.isEmpty() ? own : given, source.folder.seed());
    }

    private Row named(String text) {
        List<Row> exact = rows.stream()
                .filter(row -> row.id().equals(text) || row.label().equals(text))
                .toList();
        List<Row> byEncoding = rows.stream()
                .filter(row -> row.encoding().toString().equals(text))
                .toList();
        if (exact.isEmpty() && byEncoding.size() != 1) {
            throw Refusal.unknown("baseline", text, rows.stream().map(Row::id).toList());
        }
        return exact.isEmpty() ? byEncoding.get(0) : exact.get(0);
    }

    /** The folders, as they were given. */
    public List<Source> sources() {
        return sources;
    }

    /** Every row, in the order of the folders. */
    public List<Row> rows() {
        return rows;
    }

    /** The row that all others are held against. */
    public Row baseline() {
        return baseline;
    }

    List<Panel> panels() {
        return panels;
    }

    /** A row against the baseline in a column; empty if one of them was not measured there. */
    Optional<Pairing> pairing(Panel panel, Row row, Column column) {
        return row.equals(baseline) ? Optional.empty() : pairing(panel, row, baseline, column);
    }

    private static Optional<Pairing> pairing(Panel panel, Row row, Row other, Column column) {
        Map<String, Measured> ours = panel.measured(row, column);
        Map<String, Measured> theirs = panel.measured(other, column);
        return ours.isEmpty() || theirs.isEmpty()
                ? Optional.empty()
                : Optional.of(Pairing.of(ours, theirs, panel.key().unit()));
    }

    /** Every row of a table against the baseline or against all rows before it, in every column; tested together. */
    List<TestedPair> tests(Panel panel, TestedRows choice) {
        List<TestedPair> pairs = new ArrayList<>();
        for (Row row : panel.rows()) {
            for (Row other : others(panel, row, choice)) {
                for (Column column : panel.columns()) {
                    pairing(panel, row, other, column)
                            .map(pairing -> new TestedPair(row, other, column, pairing, Optional.empty()))
                            .ifPresent(pairs::add);
                }
            }
        }
        List<PairedUnits> tested = pairs.stream()
                .flatMap(pair -> pair.pairing().differences().stream())
                .toList();
        Iterator<PairedTest> tests = PairedTest.together(tested).iterator();
        return pairs.stream()
                .map(pair -> pair.pairing().differences().isPresent() ? pair.with(tests.next()) : pair)
                .toList();
    }

    private List<Row> others(Panel panel, Row row, TestedRows choice) {
        return switch (choice) {
            case NONE -> List.of();
            case AGAINST_BASELINE -> row.equals(baseline) ? List.of() : List.of(baseline);
            case ALL_PAIRS -> panel.rows().subList(0, panel.rows().indexOf(row));
        };
    }

    /**
     * What is not compared, and why, a line each: documents of no group, tables that can't be one, rows without the baseline, and
     * pairs that are none.
     */
    List<String> notCompared() {
        Set<String> lines = new LinkedHashSet<>();
        withoutGroup.forEach(document -> lines.add("Perplexity of " + document + ": it is in no group of texts."));
        for (Panel panel : panels) {
            String title = title(panel);
            panels.stream()
                    .filter(other -> other != panel
                            && other.key().title().equals(panel.key().title())
                            && panels.indexOf(other) < panels.indexOf(panel))
                    .forEach(other -> lines.add(
                            title + " is apart from " + title(other) + ": other " + reason(panel, other) + "."));
            if (unknownTokenizers(panel)) {
                lines.add(title + ": the records don't say which tokens were scored; they are taken"
                        + " for those of one tokenizer.");
            }
            if (!panel.rows().contains(baseline)) {
                lines.add(title + ": " + baseline.label() + ", the baseline, is not there.");
            }
            for (Row row : panel.rows()) {
                Map<String, List<String>> byReason = new LinkedHashMap<>();
                for (Column column : panel.columns()) {
                    pairing(panel, row, column)
                            .ifPresent(pairing -> pairing.reasons()
                                    .forEach(reason -> byReason.computeIfAbsent(reason, first -> new ArrayList<>())
                                            .add(column.length()
                                                    + (column.task().isEmpty() ? "" : " " + column.task()))));
                }
                byReason.forEach((reason, where) -> lines.add(
                        title + ", " + row.label() + " at " + String.join(", ", where) + ": " + reason + "."));
            }
        }
        return List.copyOf(lines);
    }

    private static boolean unknownTokenizers(Panel panel) {
        return panel.quantity() == Quantity.PERPLEXITY
                && panel.models() > 1
                && Panels.tokens(panel.key()).isEmpty();
    }

    private static String reason(Panel one, Panel other) {
        String differing = Pairing.differing(one.key().same(), other.key().same());
        String tokens = Panels.tokens(one.key());
        String others = Panels.tokens(other.key());
        boolean tokenizer = !tokens.isEmpty() && !others.isEmpty() && !tokens.equals(others);
        return differing + (tokenizer ? "; perplexities of different tokens are not to be compared" : "");
    }

    /** A table's title, with its number where several have one. */
    String title(Panel panel) {
        List<Panel> alike = panels.stream()
                .filter(other -> other.key().title().equals(panel.key().title()))
                .toList();
        return panel.key().title() + (alike.size() == 1 ? "" : " (" + (alike.indexOf(panel) + 1) + ")");
    }
}
