import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import resonance.evaluation.leval.LevalPredictions;

/** Checks the scorer of L-Eval against golden scores; see {@code scripts/leval-conformance}. */
public final class LevalConformance {
    private LevalConformance() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            System.err.println("usage: scripts/leval-conformance DIR");
            System.exit(2);
        }
        Path folder = Path.of(arguments[0]);
        ObjectMapper json = new ObjectMapper();
        Map<String, LevalPredictions> files = new TreeMap<>();
        int agree = 0;
        List<String> rows = Files.readAllLines(folder.resolve("golden.tsv"));
        for (String line : rows.subList(1, rows.size())) {
            String[] golden = line.split("\t", -1);
            String name = golden[0] + "/" + golden[1];
            if (!files.containsKey(name)) {
                files.put(name, LevalPredictions.read(folder.resolve("predictions/" + name + ".pred.jsonl")));
            }
            LevalPredictions.Row row = files.get(name).rows().get(Integer.parseInt(golden[2]));
            if (json.readTree(golden[4]).textValue().equals(row.processed())
                    && json.readTree(golden[5]).textValue().equals(row.processedGold())
                    && Double.parseDouble(golden[6]) == row.score()) {
                agree++;
            } else {
                System.out.println("differs: " + line + " | " + row);
            }
        }
        files.forEach((name, file) -> System.out.println(name + ": " + file.percent() + " % (" + file.counts() + ")"));
        System.out.println(agree + " of " + (rows.size() - 1) + " rows agree");
        System.exit(agree == rows.size() - 1 ? 0 : 1);
    }
}
