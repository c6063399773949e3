package resonance.language.pretraining;

import resonance.decoder.DecoderConfig;
import resonance.decoder.ParameterLayout;
import resonance.decoder.ParameterRole;

/**
 * Heads of a new decoder's first layer that look one, two and three tokens back before anything is learned.
 *
 * <p>To copy, a model has to find a token by the tokens before it, which takes a head that hands every token what stood before it and
 * one above that looks for the like (induction heads, Olsson et al. 2022, arXiv:2209.11895). Neither pays before the other is there,
 * and a narrow model that is trained for minutes finds the pair late or never. Here the first half is given: the embedding's first
 * feature is made a constant e, from which query and key of a head take one vector each,
 *
 * <pre>
 *   k = a · (1, 0) in pair i      q = a · (cos θ_i n, −sin θ_i n) in pair i
 *   q_m · k_j / √S = a² / √S · Σ_i cos(θ_i (m − j − n))       largest where m − j = n
 * </pre>
 *
 * <p>with a² / √S = {@value #SHARPNESS}, in the pairs that turn once within the trained length; slower ones tell neighbours apart by
 * nothing. The token n back gets most of the attention. Training changes all of it as it likes. Ours; the thought that attention may begin as what trained attention looks like is that of mimetic
 * initialisation (Trockman and Kolter 2023, arXiv:2305.09828).
 */
final class PreviousTokenHeads {
    /** Peak of a pair's part in the attention logits. */
    private static final double SHARPNESS = 8;

    /** How far back the last of the heads looks, tokens; fewer where there are fewer heads. */
    private static final int FARTHEST = 3;

    private static final int FIRST_LAYER = 0;

    private PreviousTokenHeads() {}

    /** Writes the heads into the parameters of a new decoder with interleaved pairs; half of its query heads at most. */
    static void writeInto(float[] parameters, ParameterLayout layout, PretrainedShape shape) {
        DecoderConfig config = layout.config();
        int width = config.width();
        double constant = constantFeature(parameters, layout.entry(config.parameter(ParameterRole.EMBEDDING)), width);
        int size = shape.headSize();
        float[] vector = new float[size];
        ParameterLayout.Entry queries = layout.entry(config.parameter(ParameterRole.QUERY, FIRST_LAYER));
        ParameterLayout.Entry keys = layout.entry(config.parameter(ParameterRole.KEY, FIRST_LAYER));
        int heads = Math.min(FARTHEST, shape.heads() / 2);
        int queriesOfKey = shape.heads() / shape.keyValueHeads();
        double amplitude = Math.sqrt(SHARPNESS * Math.sqrt(size)) / constant;
        for (int head = 0; head < heads; head++) {
            write(parameters, keys, head / queriesOfKey, width, pairs(vector, shape, amplitude, 0));
            write(parameters, queries, head, width, pairs(vector, shape, amplitude, head + 1));
        }
    }

    /** Makes the first feature of every token the same; returns its value behind the first norm. */
    private static double constantFeature(float[] parameters, ParameterLayout.Entry embedding, int width) {
        double squares = 0;
        for (int i = (int) embedding.offset(); i < embedding.end(); i++) {
            squares += (double) parameters[i] * parameters[i];
        }
        float feature =
                (float) Math.sqrt(squares * width / embedding.parameter().size());
        for (int i = (int) embedding.offset(); i < embedding.end(); i += width) {
            parameters[i] = feature;
        }
        return Math.sqrt(width / 2.0); // as large as all others together, and the norm brings the whole to √D
    }

    private static float[] pairs(float[] vector, PretrainedShape shape, double amplitude, int back) {
        for (int feature = 0; feature < vector.length; feature += 2) {
            double radians = Math.pow(shape.ropeBase(), -(double) feature / vector.length);
            double size = radians * shape.trainedLength() < 2 * Math.PI ? 0 : amplitude;
            vector[feature] = (float) (size * Math.cos(back * radians));
            vector[feature + 1] = (float) (-size * Math.sin(back * radians));
        }
        return vector;
    }

    private static void write(float[] parameters, ParameterLayout.Entry matrix, int head, int width, float[] column) {
        int at = (int) matrix.offset() + head * column.length * width;
        for (float value : column) {
            parameters[at] = value;
            at += width;
        }
    }
}
