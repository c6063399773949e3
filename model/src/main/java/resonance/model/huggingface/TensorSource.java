package resonance.model.huggingface;

import java.util.LinkedHashMap;
import java.util.Map;
import resonance.decoder.DecoderConfig;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterRole;
import resonance.model.Architecture;
import resonance.model.ModelDescription;

/**
 * Where one parameter is found in a Hugging Face model, and what is done to it.
 *
 * @param parameter whose; the tensor must have its shape
 * @param tensor its name there
 * @param pairedHeads heads whose rows are to be put from halves into interleaved pairs; 0 to leave the order
 * @param added to every element
 */
record TensorSource(Parameter parameter, String tensor, int pairedHeads, float added) {
    /** All parameters of a model, but for a head that is the embedding. */
    static Map<Parameter, TensorSource> of(ModelDescription model) {
        Map<Parameter, TensorSource> sources = new LinkedHashMap<>();
        DecoderConfig decoder = model.decoder();
        // Gemma's norms multiply by one more than their weight.
        boolean gemma = model.architecture() == Architecture.GEMMA3;
        for (Parameter parameter : decoder.parameters()) {
            boolean norm = parameter.role().kind() == ParameterRole.Kind.NORM;
            sources.put(
                    parameter,
                    new TensorSource(
                            parameter,
                            TensorNames.of(parameter, decoder.norms().post()),
                            pairedHeads(parameter.role(), decoder),
                            norm && gemma ? 1 : 0));
        }
        return sources;
    }

    private static int pairedHeads(ParameterRole role, DecoderConfig decoder) {
        return switch (role) {
            case QUERY, QUERY_BIAS -> decoder.attention().heads();
            case KEY, KEY_BIAS -> decoder.attention().keyValueHeads();
            case QUERY_NORM, KEY_NORM -> 1;
            default -> 0;
        };
    }
}
