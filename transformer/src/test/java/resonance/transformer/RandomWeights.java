package resonance.transformer;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import resonance.decoder.DecoderConfig;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterLayout;
import resonance.decoder.ParameterRole;
import resonance.decoder.WeightSource;

/** Numbers for every parameter of a decoder, such that every part of it shows in the logits. */
public final class RandomWeights implements WeightSource {
    private final Map<Parameter, float[]> values = new HashMap<>();

    public RandomWeights(DecoderConfig config, long seed) {
        Random random = new Random(seed);
        for (Parameter parameter : config.parameters()) {
            float[] drawn = new float[Math.toIntExact(parameter.size())];
            boolean norm = parameter.role().kind() == ParameterRole.Kind.NORM;
            double deviation = 1.5 / Math.sqrt(parameter.columns());
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = (float) (norm ? 0.5 + random.nextDouble() : deviation * random.nextGaussian());
            }
            values.put(parameter, drawn);
        }
    }

    @Override
    public void read(Parameter parameter, long firstElement, int count, float[] target, int offset) {
        float[] whole = values.get(parameter);
        if (whole == null) {
            throw new IllegalArgumentException("parameter must be one of " + values.keySet() + ", was " + parameter);
        }
        System.arraycopy(whole, (int) firstElement, target, offset, count);
    }

    /** All of them in the order of a layout. */
    public float[] flat(ParameterLayout layout) {
        float[] flat = new float[Math.toIntExact(layout.size())];
        for (ParameterLayout.Entry entry : layout.entries()) {
            int size = Math.toIntExact(entry.parameter().size());
            read(entry.parameter(), 0, size, flat, Math.toIntExact(entry.offset()));
        }
        return flat;
    }
}
