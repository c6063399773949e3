package resonance.transformer.inference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import resonance.transformer.position.PositionTensors;
import resonance.transformer.tensor.Workers;

/**
 * Takes texts through the blocks of a {@link FrozenDecoder}, layer by layer.
 *
 * <p>The rows of all texts are cut into blocks of at most {@value #BLOCK}; workers take blocks as they become free, long
 * ones first. Between layers all wait for each other, since a block attends to keys that other blocks have made. A block that is
 * alone and has much to attend to, such as a question after a long text, is attended head by head. What a block or a
 * head computes never depends on which worker does it.
 */
final class FrozenPass {
    /** Rows of a block: matrix products are near their best from about this many on. */
    static final int BLOCK = 256;

    /**
     * Earlier tokens from which on the heads of a block that is alone are attended by all workers: with fewer, waiting for each other
     * costs more than that.
     */
    private static final int SHARED_FROM = 1024;

    private final Workers workers;
    private final List<FrozenWorker> states;
    private final int layers;

    FrozenPass(Workers workers, List<FrozenWorker> states, int layers) {
        this.workers = workers;
        this.states = states;
        this.layers = layers;
    }

    /** The blocks of these texts, the longest to attend first. */
    static List<PassSequence.Block> blocks(List<PassSequence> sequences) {
        List<PassSequence.Block> blocks = new ArrayList<>();
        for (PassSequence sequence : sequences) {
            for (int offset = 0; offset < sequence.tokens().length; offset += BLOCK) {
                int rows = Math.min(BLOCK, sequence.tokens().length - offset);
                blocks.add(new PassSequence.Block(sequence, offset, rows));
            }
        }
        blocks.sort(Comparator.comparingInt(PassSequence.Block::position).reversed());
        return blocks;
    }

    /**
     * Fills {@code memory.residual} with what the last block gives.
     *
     * @param listener told after each layer
     */
    void run(
            List<PassSequence> sequences,
            PassMemory memory,
            KeyValueStore store,
            PositionTensors positions,
            PassListener listener) {
        List<PassSequence.Block> blocks = blocks(sequences);
        boolean shared =
                blocks.size() == 1 && states.size() > 1 && blocks.get(0).position() >= SHARED_FROM;
        FrozenWorker keeper = states.get(0);
        List<Integer> heads = IntStream.range(0, keeper.keyValueHeads()).boxed().toList();
        boolean anew = sequences.stream().allMatch(sequence -> sequence.firstPosition() == 0);
        store.prepare(0, anew);
        forEach(blocks, (state, block) -> {
            state.embed(block, memory, positions);
            state.project(block, memory, store, 0, positions);
        });
        for (int layer = 0; layer < layers; layer++) {
            listener.advanced(layer / (double) layers);
            int current = layer;
            if (layer + 1 < layers) {
                store.prepare(layer + 1, anew);
            }
            if (shared) {
                PassSequence.Block alone = blocks.get(0);
                forEach(
                        heads,
                        (state, head) -> state.attendHead(alone, memory, store, current, positions, head, keeper));
            }
            forEach(blocks, (state, block) -> {
                if (shared) {
                    state.addAttention(block, memory, current, keeper);
                } else {
                    state.attend(block, memory, store, current, positions);
                }
                state.feedForward(block, memory, current);
                if (current + 1 < layers) {
                    state.project(block, memory, store, current + 1, positions);
                }
            });
        }
        listener.advanced(1);
    }

    /** Runs an action on every item, each on whichever worker is free. */
    <T> void forEach(List<T> items, BiConsumer<FrozenWorker, T> action) {
        AtomicInteger next = new AtomicInteger();
        workers.run(worker -> {
            FrozenWorker state = states.get(worker);
            for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
                action.accept(state, items.get(i));
            }
        });
    }

    /** The rows of a matrix that belong to a block. */
    static Tensor rows(Tensor matrix, PassSequence.Block block) {
        return matrix.narrow(0, block.row(), block.rows());
    }
}
