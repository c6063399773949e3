package resonance.language;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import resonance.evaluation.Provenance;
import resonance.evaluation.passkey.PasskeyKey;
import resonance.evaluation.passkey.PasskeyPlan;
import resonance.evaluation.passkey.PasskeyResults;
import resonance.evaluation.passkey.PasskeyTask;
import resonance.evaluation.passkey.PasskeyTrial;
import resonance.rope.ScalingSettings;

/**
 * Measures how well a model finds a number hidden in a long text, at every length and depth and with every encoding, and
 * keeps what is finished in a folder.
 *
 * <p>Every encoding gets the same prompts. An answer is generated greedily; the loss of the key's own tokens is measured
 * from the same reading of the prompt. Finished trials are found again as {@link PerplexityRun} does.
 */
public final class PasskeyRun {
    private final LanguageModel model;
    private final MeasuredEncodings encodings;
    private final PasskeyPlan plan;
    private final CellFolder<PasskeyKey, PasskeyTrial> trials;
    private final Map<PasskeyKey, PasskeyTask> tasks = new LinkedHashMap<>();
    private final ReadingCost cost;

    /**
     * Looks which trials are there already.
     *
     * @param folder where finished trials are kept; made if it is not there
     * @param softwareVersion version of this software, part of what tells trials apart
     * @throws IllegalArgumentException if a length is too short for the bare prompt, or an encoding refuses its
     *     settings; nothing is written then
     */
    public PasskeyRun(LanguageModel model, PasskeySettings settings, Path folder, String softwareVersion)
            throws IOException {
        this.model = model;
        this.encodings = new MeasuredEncodings(
                model, settings.encodings(), settings.lengths(), settings.factor(), settings.rope(), softwareVersion);
        this.plan = new PasskeyPlan(
                encodings.model(),
                settings.encodings(),
                settings.lengths(),
                settings.depths(),
                settings.trials(),
                settings.seed());
        this.cost = ReadingCost.of(model.description());
        for (PasskeyTask task : plan.tasks()) {
            if (task.length() == settings.lengths().get(0)) {
                PasskeyQuestion.of(task, model.tokenizer()); // refuses a length that is too short
            }
            for (String encoding : settings.encodings()) {
                tasks.put(new PasskeyKey(encoding, task.length(), task.depth(), task.trial()), task);
            }
        }
        this.trials = new CellFolder<>(folder, PasskeyTrial::readJson, PasskeyTrial::writeJson);
        tasks.forEach((key, task) -> trials.add(key, label(key), identity(key, task)));
    }

    private static String label(PasskeyKey key) {
        return key.length() + "--" + key.depth() + "--" + key.trial() + "--" + key.encoding();
    }

    private Map<String, String> identity(PasskeyKey key, PasskeyTask task) {
        Map<String, String> identity = encodings.identity(key.encoding(), key.length());
        identity.put("kind", "passkey");
        identity.put("depth", String.valueOf(key.depth()));
        identity.put("trial", String.valueOf(key.trial()));
        identity.put("key", String.valueOf(task.key()));
        return identity;
    }

    /** Every trial there is to be. */
    public PasskeyPlan plan() {
        return plan;
    }

    /** What the scalings read, with the factor that {@code auto} came to. */
    public ScalingSettings rope() {
        return encodings.rope();
    }

    /** Every trial of the plan that is finished. */
    public List<PasskeyTrial> finished() throws IOException {
        return trials.finished();
    }

    /** Every trial of the plan that is not finished, in the order in which they will run. */
    public List<PasskeyKey> missing() {
        return trials.missing();
    }

    /**
     * Runs the missing trials, short lengths first.
     *
     * @param stop asked often; once true, this returns soon, without the trial that was running
     * @return whether every trial of the plan is finished
     */
    public boolean run(RunListener<PasskeyKey, PasskeyTrial> listener, BooleanSupplier stop) throws IOException {
        RunProgress progress = new RunProgress(listener::advanced, stop, System::nanoTime);
        for (PasskeyKey key : missing()) {
            progress.plan(key.length(), cost.of(key.length()));
        }
        Optional<PasskeyQuestion> last = Optional.empty();
        for (PasskeyKey key : missing()) {
            PasskeyTask task = requireNonNull(tasks.get(key), "a missing trial must be one of the plan's");
            PasskeyQuestion question = last.filter(asked -> asked.task().equals(task))
                    .orElseGet(() -> PasskeyQuestion.of(task, model.tokenizer()));
            last = Optional.of(question);
            PasskeyTrial trial;
            try {
                listener.cellStarted(key);
                trial = progress.pass(
                        key.length(),
                        cost.of(key.length()),
                        pass -> question.put(
                                model, key.encoding(), encodings.frequencies(key.encoding(), key.length()), pass));
            } catch (RunProgress.Stopped stopped) {
                return false;
            }
            trials.keep(key, trial);
            listener.cellFinished(trial);
        }
        return true;
    }

    /** The results as far as they are finished. */
    public PasskeyResults results(Provenance provenance) throws IOException {
        return PasskeyResults.of(plan, encodings.settingsText(), provenance, finished());
    }
}
