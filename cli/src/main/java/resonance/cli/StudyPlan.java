package resonance.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import resonance.study.Job;
import resonance.study.PlannedCell;
import resonance.study.Study;

/**
 * What the parts of a study consist of. It lies as {@value #FILE} in the output folder, so that anybody can tell how far a study is
 * without its models and texts.
 *
 * @param study its name
 * @param parts in the order in which they run
 */
record StudyPlan(String study, List<Part> parts) {
    static final String FILE = "plan.json";

    StudyPlan {
        parts = List.copyOf(parts);
    }

    /**
     * A part.
     *
     * @param name and that of its folder
     * @param kind of study, for example {@code perplexity}
     * @param command that runs it alone
     * @param expected its speed on the machine that planned it
     * @param jobs of all its cells, finished or not
     */
    record Part(String name, String kind, String command, ExpectedSpeed expected, List<Work> jobs) {
        Part {
            jobs = List.copyOf(jobs);
        }

        static Part of(StudyPart part, Path out, Study<?, ?> study) {
            return new Part(part.name(), study.kind(), part.typed(out), ExpectedSpeed.of(study), Work.of(study));
        }

        /** Names of the cells' files, without an ending. */
        List<String> cells() {
            return jobs.stream().map(Work::cells).flatMap(Collection::stream).toList();
        }
    }

    /**
     * A job.
     *
     * @param cells names of the files of the cells that it finishes
     * @param amount of work, in multiplications with weights ({@link Job.Workload})
     */
    record Work(List<String> cells, double amount) {
        Work {
            cells = List.copyOf(cells);
        }

        private static <K, R> List<Work> of(Study<K, R> study) {
            return of(study, study.cells());
        }

        /** The jobs that some cells of a study take. */
        static <K, R> List<Work> of(Study<K, R> study, List<PlannedCell<K>> cells) {
            List<Work> work = new ArrayList<>();
            for (Job<K, R> job : study.jobs(cells)) {
                double[] amount = {0};
                job.plan((pace, more) -> amount[0] += more);
                work.add(
                        new Work(job.cells().stream().map(PlannedCell::fileName).toList(), amount[0]));
            }
            return work;
        }
    }
}
