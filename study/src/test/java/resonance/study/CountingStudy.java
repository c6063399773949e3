package resonance.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * A study whose cell n is the number n squared; jobs take {@code together} cells each. The first half of a cell's work is
 * {@code halfACell}.
 */
record CountingStudy(int size, int together, Map<String, String> identity, String secret, IntConsumer halfACell)
        implements Study<Integer, CountingStudy.Square> {
    static final Provenance RUN = provenance("1.0", "2026-01-02T03:04:05Z");

    /** A cell's result. */
    record Square(int number, int square) {}

    /** What there is to count. */
    record Plan(int size) {}

    static CountingStudy of(int size) {
        return new CountingStudy(size, 1, Map.of(), "", number -> {});
    }

    CountingStudy with(Map<String, String> newIdentity, String newSecret) {
        return new CountingStudy(size, together, newIdentity, newSecret, halfACell);
    }

    static Provenance provenance(String version, String date) {
        return new Provenance(version, "abc", "17", "2.10", "Linux", "a CPU", 2, date, "./resonance count");
    }

    @Override
    public String kind() {
        return "counting";
    }

    @Override
    public Plan plan() {
        return new Plan(size);
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("size", String.valueOf(size));
    }

    @Override
    public List<PlannedCell<Integer>> cells() {
        return IntStream.range(0, size).mapToObj(this::cell).toList();
    }

    PlannedCell<Integer> cell(int number) {
        Map<String, String> values = new LinkedHashMap<>(); // in the same order in every process
        values.put("number", String.valueOf(number));
        values.put("secret", secret);
        return new PlannedCell<>(number, "n/" + number, new CellSpecification(kind(), values));
    }

    @Override
    public List<Job<Integer, Square>> jobs(List<PlannedCell<Integer>> missing) {
        List<Job<Integer, Square>> jobs = new ArrayList<>();
        for (int from = 0; from < missing.size(); from += together) {
            jobs.add(new Counting(missing.subList(from, Math.min(missing.size(), from + together)), halfACell));
        }
        return jobs;
    }

    @Override
    public Class<Square> resultType() {
        return Square.class;
    }

    private record Counting(List<PlannedCell<Integer>> cells, IntConsumer halfACell) implements Job<Integer, Square> {
        @Override
        public void plan(Workload workload) {
            cells.forEach(cell -> workload.add(cell.key(), 2));
        }

        @Override
        public void run(JobContext<Integer, Square> context) throws IOException {
            for (PlannedCell<Integer> cell : cells) {
                int square = context.pass(cell.key(), 2, progress -> {
                    halfACell.accept(cell.key());
                    progress.accept(0.5);
                    return cell.key() * cell.key();
                });
                context.finished(cell, new Square(cell.key(), square));
            }
        }
    }
}
