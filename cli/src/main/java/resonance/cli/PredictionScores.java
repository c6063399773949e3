package resonance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import resonance.evaluation.leval.LevalPredictions;
import resonance.study.RecordJson;

/**
 * Scores of files with answers that some model gave before, in L-Eval's form. No model is run.
 *
 * @param files scored, in the order given
 */
record PredictionScores(List<LevalPredictions> files) {
    /**
     * One file's score.
     *
     * @param task as the path says
     * @param score in percent
     * @param questions scored
     */
    record Score(String task, double score, int questions) {}

    static PredictionScores of(List<Path> paths) throws IOException {
        List<LevalPredictions> files = new ArrayList<>();
        for (Path path : paths) {
            files.add(LevalPredictions.read(path));
        }
        return new PredictionScores(List.copyOf(files));
    }

    void print(PrintWriter out, boolean json) {
        if (json) {
            out.print(RecordJson.write(Map.of("tasks", scores())));
            return;
        }
        for (LevalPredictions file : files) {
            out.printf(Locale.ROOT, "%-9s %8.4f %%  (%s)%n", file.task().label(), file.percent(), file.counts());
        }
        if (files.size() > 1) {
            out.printf(
                    Locale.ROOT,
                    "%-9s %8.4f %%  (mean of %d)%n",
                    "Average",
                    files.stream()
                            .mapToDouble(LevalPredictions::percent)
                            .average()
                            .orElse(0),
                    files.size());
        }
    }

    private List<Score> scores() {
        return files.stream()
                .map(file -> new Score(
                        file.task().taskName(), file.percent(), file.rows().size()))
                .toList();
    }
}
