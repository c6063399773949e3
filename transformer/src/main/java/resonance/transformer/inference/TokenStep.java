package resonance.transformer.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import resonance.decoder.DecoderConfig;
import resonance.transformer.position.PositionTensors;
import resonance.transformer.tensor.DecoderTensors;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.SpinBarrier;
import resonance.transformer.tensor.Workers;

/**
 * Takes the next token of each of a few texts through a decoder together.
 *
 * <p>Such a step is bound by reading: every weight once, whatever the number of texts, and of each text its keys and values. So the
 * rows of every matrix are shared out among the workers, and attention by runs of keys; six times a layer all wait for each other. What is
 * small is done on Java's arrays by every worker for itself. How the work is shared out changes no result.
 *
 * <p>Where other programs want the cores too, waiting for a worker that has none costs more than sharing brings. So one worker does
 * all shares from time to time, and goes on if that is faster.
 */
final class TokenStep implements AutoCloseable {
    /** Texts at once, at most. */
    static final int MOST_TEXTS = 8;

    /** After so many steps the slower way is tried again. */
    private static final int TRIED_AFTER = 32;

    /** How much of the time that a way takes is the last step's. */
    private static final double LAST_SHARE = 0.25;

    private final DecoderConfig config;
    private final Workers workers;
    private final TokenMemory memory;
    private final List<TokenWorker> states;
    private final Times[] times = new Times[MOST_TEXTS + 1]; // by number of texts

    /** What steps took. */
    private static final class Times {
        double together; // nanoseconds of a step that all workers share; 0 if not known
        double alone; // of one that one worker does
        int steps;
    }

    TokenStep(
            DecoderConfig config,
            DecoderTensors weights,
            Precision precision,
            RowProduct.Kernel kernel,
            Workers workers) {
        this.config = config;
        this.workers = workers;
        int shares = kernel.shares(workers.count());
        memory = new TokenMemory(config, kernel.rows(), shares);
        TokenWorker[] made = new TokenWorker[shares];
        workers.run(
                worker -> { // together, since weights may be copied
                    for (int share = worker; share < shares; share += workers.count()) {
                        made[share] = new TokenWorker(config, weights, precision, kernel, share, memory);
                    }
                });
        states = List.of(made);
        Arrays.setAll(times, texts -> new Times());
    }

    /** Whether tokens under an encoding can be taken this way: it biases no scores, and rotates what is far as what is near. */
    static boolean serves(DecoderConfig config, PositionTensors positions) {
        if (positions.hasScoreBias()) {
            return false;
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            if (positions.far(layer).isPresent()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The next token of a text.
     *
     * @param store has the keys and values of those before it, and gets its own
     * @param position how many they are
     */
    record Next(KeyValueStore store, int position, int token) {}

    /**
     * Reads the tokens.
     *
     * @param texts at most {@value #MOST_TEXTS}
     * @return the logits after each, (texts, V)
     */
    float[][] run(List<Next> texts, PositionTensors positions) {
        float[][] logits = new float[texts.size()][config.vocabularySize()];
        memory.prepare(texts);
        long started = System.nanoTime();
        Times known = times[texts.size()];
        boolean isAlone = isAlone(known);
        int team = isAlone ? 1 : team();
        SpinBarrier barrier = new SpinBarrier(team);
        workers.run(worker -> {
            if (worker >= team) {
                return;
            }
            try {
                states.get(worker).run(texts, positions, shares(worker, team), barrier, logits);
            } catch (RuntimeException | Error e) {
                barrier.giveUp(e);
                throw e;
            }
        });
        long taken = System.nanoTime() - started;
        if (isAlone) {
            known.alone = mean(known.alone, taken);
        } else {
            known.together = mean(known.together, taken);
        }
        known.steps++;
        return logits;
    }

    /** How many workers share a step. */
    private int team() {
        return Math.min(states.size(), workers.count());
    }

    private List<TokenWorker> shares(int worker, int team) {
        List<TokenWorker> shares = new ArrayList<>();
        for (int share = worker; share < states.size(); share += team) {
            shares.add(states.get(share));
        }
        return shares;
    }

    /** Whether one worker does the next step. */
    private boolean isAlone(Times known) {
        if (team() == 1 || known.together == 0) {
            return team() == 1;
        }
        boolean faster = known.alone > 0 && known.alone < known.together;
        boolean tried = known.steps % TRIED_AFTER == 1;
        return faster != tried;
    }

    private static double mean(double before, long now) {
        return before == 0 ? now : (1 - LAST_SHARE) * before + LAST_SHARE * now;
    }

    @Override
    public void close() {
        states.forEach(TokenWorker::close);
        memory.close();
    }
}
