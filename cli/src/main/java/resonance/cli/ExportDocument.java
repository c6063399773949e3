package resonance.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import resonance.model.OwnEncoding;
import resonance.model.Placement;
import resonance.model.PositionSettings;
import resonance.rope.RopeScaling;
import resonance.serving.export.Export;
import resonance.serving.export.ServedEncoding;

/**
 * An export as {@code resonance export --json} prints it; the components are the keys of its JSON document.
 *
 * @param model what was read
 * @param out what was written
 * @param architecture what its files call the kind of model
 * @param encoding name of the encoding
 * @param factor s, as far as the encoding reads it
 * @param had the model's own scaling: {@code none}, {@code llama3}, ...
 * @param hadFactor its factor
 * @param hadTrainedLength tokens that the model was trained on before it, as far as its files say
 * @param hadContextLength tokens that the model reads with it
 * @param placement {@code on-top} of the model's own, or in its place: {@code replace}
 * @param trainedLength tokens that the encoding stretches
 * @param contextLength tokens that the model shall read
 * @param attentionScale factor on cosine and sine
 * @param changes what was written by key or tensor
 * @param notes what whoever serves it should know
 * @param serve commands by engine
 */
record ExportDocument(
        String model,
        String out,
        String architecture,
        String encoding,
        double factor,
        String had,
        double hadFactor,
        int hadTrainedLength,
        int hadContextLength,
        String placement,
        int trainedLength,
        int contextLength,
        double attentionScale,
        Map<String, String> changes,
        List<String> notes,
        Map<String, String> serve) {

    static ExportDocument of(PositionSettings positions, Path model, Path out, ServedEncoding encoding, Export export) {
        Map<String, String> serve = new LinkedHashMap<>();
        export.serving().forEach((engine, command) -> serve.put(engine, command.replace("OUT", out.toString())));
        OwnEncoding own = new OwnEncoding(positions.rope());
        RopeScaling had = own.rope().scaling();
        return new ExportDocument(
                model.toString(),
                out.toString(),
                positions.modelType(),
                encoding.encoding().name(),
                encoding.encoding().settings().factor(),
                had.label(),
                had.factor(),
                own.trainedLength(Placement.REPLACE),
                own.reach(),
                encoding.encoding().placement(positions).label(),
                encoding.own().trainedLength(),
                encoding.contextLength(),
                encoding.frequencies().full().attentionScale(),
                export.changes(),
                export.notes(),
                serve);
    }

    /** Prints it for people. */
    void print(PrintWriter stdout) {
        Placement where = placement.equals(Placement.ON_TOP.label()) ? Placement.ON_TOP : Placement.REPLACE;
        stdout.printf(
                Locale.ROOT,
                "%s: %s, %s, %s, factor on cosine and sine %.6g%n%n",
                out,
                architecture,
                PlacementText.had(had, hadFactor, hadTrainedLength, hadContextLength),
                PlacementText.has(encoding, factor, where, trainedLength, contextLength),
                attentionScale);
        changes.forEach((key, value) -> stdout.printf("  %s = %s%n", key, value));
        stdout.println();
        notes.forEach(note -> stdout.println("Note: " + note));
        serve.forEach((engine, command) -> stdout.printf("Serve with %s: %s%n", engine, command));
    }
}
