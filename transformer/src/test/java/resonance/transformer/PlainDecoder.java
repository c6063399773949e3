package resonance.transformer;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import resonance.decoder.AttentionKind;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterRole;
import resonance.decoder.RelativeBias;
import resonance.decoder.WeightSource;
import resonance.rope.RopeFrequencies;
import resonance.transformer.position.PositionEncoding;

/** A decoder as its formulas say it, in double and one number at a time: the reference for both forward passes. */
public final class PlainDecoder {
    private final DecoderConfig config;
    private final WeightSource source;
    private final PositionEncoding encoding;

    public PlainDecoder(DecoderConfig config, WeightSource source, PositionEncoding encoding) {
        this.config = config;
        this.source = source;
        this.encoding = encoding;
    }

    /** Logits after every token, (T, V). */
    public double[][] logits(int[] tokens) {
        return logits(tokens, IntStream.range(0, tokens.length).toArray(), new int[tokens.length]);
    }

    /**
     * The same of tokens at positions of their own.
     *
     * @param firstSeen the first place that each token attends to
     */
    public double[][] logits(int[] tokens, int[] positions, int[] firstSeen) {
        int width = config.width();
        float[] embedding = read(ParameterRole.EMBEDDING, Parameter.NO_LAYER);
        int needed = Arrays.stream(positions).max().orElse(0) + 1;
        Optional<float[]> input = encoding.input(needed, width);
        double[][] x = new double[tokens.length][width];
        for (int t = 0; t < tokens.length; t++) {
            for (int i = 0; i < width; i++) {
                x[t][i] = config.embedding().scale() * embedding[tokens[t] * width + i];
                if (input.isPresent()) {
                    x[t][i] += input.get()[positions[t] * width + i];
                }
            }
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            add(x, attention(x, layer, positions, firstSeen), ParameterRole.ATTENTION_POST_NORM, layer);
            add(x, feedForward(x, layer), ParameterRole.FEED_FORWARD_POST_NORM, layer);
        }
        float[] head = config.embedding().tied() ? embedding : read(ParameterRole.HEAD, Parameter.NO_LAYER);
        double[][] logits =
                product(normed(x, read(ParameterRole.FINAL_NORM, Parameter.NO_LAYER)), head, config.vocabularySize());
        for (double[] row : logits) {
            for (int i = 0; i < row.length; i++) {
                row[i] *= config.embedding().outputScale();
            }
        }
        return logits;
    }

    private void add(double[][] x, double[][] branch, ParameterRole postNorm, int layer) {
        double[][] added = config.norms().post() ? normed(branch, read(postNorm, layer)) : branch;
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                x[t][i] += added[t][i];
            }
        }
    }

    private double[][] attention(double[][] x, int layer, int[] positions, int[] firstSeen) {
        AttentionShape shape = config.attention();
        double[][] h = normed(x, read(ParameterRole.ATTENTION_NORM, layer));
        double[][] queries =
                heads(h, layer, ParameterRole.QUERY, ParameterRole.QUERY_BIAS, ParameterRole.QUERY_NORM, positions);
        double[][] keys = heads(h, layer, ParameterRole.KEY, ParameterRole.KEY_BIAS, ParameterRole.KEY_NORM, positions);
        if (config.attentionKinds().get(layer).equals(AttentionKind.LINEAR)) {
            double[][] queryFeatures =
                    heads(h, layer, ParameterRole.QUERY, ParameterRole.QUERY_BIAS, ParameterRole.QUERY_NORM, null);
            double[][] keyFeatures =
                    heads(h, layer, ParameterRole.KEY, ParameterRole.KEY_BIAS, ParameterRole.KEY_NORM, null);
            return linear(h, layer, queries, keys, queryFeatures, keyFeatures);
        }
        double[][] values = project(h, layer, ParameterRole.VALUE, ParameterRole.VALUE_BIAS);
        int size = shape.headSize();
        int window = config.attentionKinds().get(layer).window();
        Optional<float[]> bias = encoding.scoreBias(shape.heads(), x.length);
        Optional<RelativeBias> learned = config.relativeBias();
        float[] table = learned.isPresent() ? read(ParameterRole.RELATIVE_BIAS, Parameter.NO_LAYER) : new float[0];
        double[][] joined = new double[x.length][shape.heads() * size];
        for (int head = 0; head < shape.heads(); head++) {
            int shared = head / shape.group();
            for (int q = 0; q < x.length; q++) {
                double[] weights = new double[q + 1];
                double sum = 0;
                int first = Math.max(firstSeen[q], window == 0 ? 0 : q - window + 1);
                double largest = Double.NEGATIVE_INFINITY;
                for (int k = first; k <= q; k++) {
                    for (int i = 0; i < size; i++) {
                        weights[k] += queries[q][head * size + i] * keys[k][shared * size + i];
                    }
                    weights[k] *= shape.logitScale();
                    weights[k] += bias.isPresent() ? bias.get()[head * x.length + q - k] : 0;
                    weights[k] += learned.isPresent() ? table[learned.get().bucket(q - k) * shape.heads() + head] : 0;
                    largest = Math.max(largest, weights[k]);
                }
                for (int k = first; k <= q; k++) {
                    weights[k] = Math.exp(weights[k] - largest);
                    sum += weights[k];
                }
                for (int k = first; k <= q; k++) {
                    for (int i = 0; i < size; i++) {
                        joined[q][head * size + i] += weights[k] / sum * values[k][shared * size + i];
                    }
                }
            }
        }
        return product(joined, read(ParameterRole.ATTENTION_OUTPUT, layer), config.width());
    }

    private double[][] linear(
            double[][] h,
            int layer,
            double[][] queries,
            double[][] keys,
            double[][] queryFeatures,
            double[][] keyFeatures) {
        AttentionShape shape = config.attention();
        int size = shape.headSize();
        double[][] values = project(h, layer, ParameterRole.VALUE, ParameterRole.VALUE_BIAS);
        double scale = encoding.rotation(AttentionKind.LINEAR)
                .map(RopeFrequencies::attentionScale)
                .orElse(1.0);
        double[][] joined = new double[h.length][shape.heads() * size];
        for (int head = 0; head < shape.heads(); head++) {
            int shared = head / shape.group();
            for (int q = 0; q < h.length; q++) {
                double sum = 0;
                for (int k = 0; k <= q; k++) {
                    double weight = 0;
                    for (int i = 0; i < size; i++) {
                        weight += queries[q][head * size + i] * keys[k][shared * size + i] / (scale * scale);
                        sum += queryFeatures[q][head * size + i] * keyFeatures[k][shared * size + i];
                    }
                    for (int i = 0; i < size; i++) {
                        joined[q][head * size + i] += weight * values[k][shared * size + i];
                    }
                }
                for (int i = 0; i < size; i++) {
                    joined[q][head * size + i] /= sum;
                }
            }
        }
        return product(joined, read(ParameterRole.ATTENTION_OUTPUT, layer), config.width());
    }

    /** Queries or keys: projected, normed, mapped for linear attention, rotated if there are positions. */
    private double[][] heads(
            double[][] h,
            int layer,
            ParameterRole matrix,
            ParameterRole bias,
            ParameterRole norm,
            int @Nullable [] positions) {
        double[][] projected = project(h, layer, matrix, bias);
        int size = config.attention().headSize();
        AttentionKind kind = config.attentionKinds().get(layer);
        Optional<RopeFrequencies> rotation = encoding.rotation(kind);
        for (int t = 0; t < h.length; t++) {
            for (int from = 0; from < projected[t].length; from += size) {
                if (config.norms().queryKey()) {
                    double[] head = new double[size];
                    System.arraycopy(projected[t], from, head, 0, size);
                    System.arraycopy(normed(new double[][] {head}, read(norm, layer))[0], 0, projected[t], from, size);
                }
                if (kind.equals(AttentionKind.LINEAR)) {
                    for (int i = from; i < from + size; i++) {
                        double x = projected[t][i];
                        projected[t][i] = x > 0 ? x + 1 : Math.exp(x);
                    }
                }
                if (positions != null && rotation.isPresent()) {
                    rotate(projected[t], from, positions[t], rotation.get());
                }
            }
        }
        return projected;
    }

    private static void rotate(double[] row, int from, int position, RopeFrequencies frequencies) {
        for (int pair = 0; pair < frequencies.pairs(); pair++) {
            double angle = position * frequencies.radiansPerToken(pair);
            double cosine = frequencies.attentionScale() * Math.cos(angle);
            double sine = frequencies.attentionScale() * Math.sin(angle);
            double first = row[from + 2 * pair];
            double second = row[from + 2 * pair + 1];
            row[from + 2 * pair] = cosine * first - sine * second;
            row[from + 2 * pair + 1] = sine * first + cosine * second;
        }
    }

    private double[][] project(double[][] h, int layer, ParameterRole matrix, ParameterRole bias) {
        int rows = Math.toIntExact(config.parameter(matrix, layer).shape().get(0));
        double[][] projected = product(h, read(matrix, layer), rows);
        if (config.attention().bias()) {
            float[] added = read(bias, layer);
            for (double[] row : projected) {
                for (int i = 0; i < rows; i++) {
                    row[i] += added[i];
                }
            }
        }
        return projected;
    }

    private double[][] feedForward(double[][] x, int layer) {
        int inner = config.feedForward().width();
        double[][] h = normed(x, read(ParameterRole.FEED_FORWARD_NORM, layer));
        double[][] up = product(h, read(ParameterRole.UP, layer), inner);
        double[][] gate = config.feedForward().kind().gated() ? product(h, read(ParameterRole.GATE, layer), inner) : up;
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < inner; i++) {
                double g = gate[t][i];
                up[t][i] = switch (config.feedForward().kind()) {
                    case RELU -> Math.max(0, g);
                    case SWIGLU -> g / (1 + Math.exp(-g)) * up[t][i];
                    case GEGLU ->
                        g / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (g + 0.044715 * g * g * g))) * up[t][i];
                };
            }
        }
        return product(up, read(ParameterRole.DOWN, layer), config.width());
    }

    private double[][] normed(double[][] x, float[] weight) {
        double[][] normed = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double square = 0;
            for (double value : x[t]) {
                square += value * value;
            }
            double inverse = 1 / Math.sqrt(square / x[t].length + config.norms().epsilon());
            normed[t] = new double[x[t].length];
            for (int i = 0; i < x[t].length; i++) {
                normed[t][i] = x[t][i] * inverse * weight[i];
            }
        }
        return normed;
    }

    /** x W^T for a row-major W of so many rows. */
    private static double[][] product(double[][] x, float[] matrix, int rows) {
        double[][] result = new double[x.length][rows];
        for (int t = 0; t < x.length; t++) {
            int columns = x[t].length;
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < columns; i++) {
                    result[t][row] += x[t][i] * matrix[row * columns + i];
                }
            }
        }
        return result;
    }

    private float[] read(ParameterRole role, int layer) {
        Parameter parameter = config.parameter(role, layer);
        float[] values = new float[Math.toIntExact(parameter.size())];
        source.read(parameter, 0, values.length, values, 0);
        return values;
    }
}
