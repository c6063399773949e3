package resonance.decoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where each parameter of a decoder lies in one flat float32 vector, and which of them are trained.
 *
 * <p>The trained ones lie first, in the order of {@link DecoderConfig#parameters}, and the frozen ones after them. So
 * gradients, the optimiser's state and a checkpoint are vectors of {@link #trainedSize} elements that match the beginning of
 * the parameters, and each is a handful of operations whatever the number of layers. Parameters that are
 * {@linkplain ParameterRole#joint joined} lie one after the other and are trained or frozen together.
 */
public final class ParameterLayout {
    /**
     * One parameter's place.
     *
     * @param parameter whose
     * @param offset index of its first element in the flat vector
     * @param trained whether training changes it
     */
    public record Entry(Parameter parameter, long offset, boolean trained) {
        /** Index after its last element. */
        public long end() {
            return offset + parameter.size();
        }

        /** A copy of its elements in a flat vector. */
        public float[] of(float[] flat) {
            return Arrays.copyOfRange(flat, Math.toIntExact(offset), Math.toIntExact(end()));
        }
    }

    private final DecoderConfig config;
    private final Map<Parameter, Entry> entries = new LinkedHashMap<>();
    private final Map<Parameter, LowRankAdapters.Place> places = new LinkedHashMap<>();
    private final Optional<LowRankAdapters> adapters;
    private final long trainedSize;
    private long size;

    /** All parameters of a decoder, all trained. */
    public ParameterLayout(DecoderConfig config) {
        this(config, parameter -> true);
    }

    /**
     * All parameters of a decoder, of which some are trained.
     *
     * @throws IllegalArgumentException if none are, or only a part of a joined matrix
     */
    public ParameterLayout(DecoderConfig config, Predicate<Parameter> trained) {
        this.config = config;
        adapters = Optional.empty();
        List<Parameter> frozen = new ArrayList<>();
        for (Parameter parameter : config.parameters()) {
            requireWholeJoint(parameter, trained);
            if (trained.test(parameter)) {
                add(parameter, true);
            } else {
                frozen.add(parameter);
            }
        }
        trainedSize = size;
        if (trainedSize == 0) {
            throw new IllegalArgumentException("trained parameters must be at least one, were none");
        }
        frozen.forEach(parameter -> add(parameter, false));
    }

    /**
     * All parameters of a decoder, none of which is trained but adapters on some of them.
     *
     * @throws IllegalArgumentException if the decoder has no such matrix
     */
    public ParameterLayout(DecoderConfig config, LowRankAdapters adapters) {
        this.config = config;
        this.adapters = Optional.of(adapters);
        for (ParameterRole role : adapters.targets()) {
            if (role.shape(config).isEmpty()) {
                throw new IllegalArgumentException("targets must be matrices of the decoder, which has no "
                        + role.label() + ", was " + role.label());
            }
        }
        for (Parameter parameter : config.parameters()) {
            if (adapters.targets().contains(parameter.role())) {
                LowRankAdapters.Place place = new LowRankAdapters.Place(parameter, size, adapters.rank());
                places.put(parameter, place);
                size = place.end();
            }
        }
        trainedSize = size;
        config.parameters().forEach(parameter -> add(parameter, false));
    }

    private void requireWholeJoint(Parameter parameter, Predicate<Parameter> trained) {
        for (Parameter part : joined(parameter.role(), parameter.layer())) {
            if (trained.test(part) != trained.test(parameter)) {
                throw new IllegalArgumentException(part.name() + " and " + parameter.name()
                        + " must be both trained or both frozen, since they are one matrix, was one of each");
            }
        }
    }

    private void add(Parameter parameter, boolean trained) {
        Entry entry = new Entry(parameter, size, trained);
        entries.put(parameter, entry);
        size = Math.addExact(size, parameter.size());
    }

    /** The decoder whose parameters these are. */
    public DecoderConfig config() {
        return config;
    }

    /** The adapters that are trained in place of the decoder's own parameters; empty if there are none. */
    public Optional<LowRankAdapters> adapters() {
        return adapters;
    }

    /** Every adapter's place, in the order of the flat vector. */
    public List<LowRankAdapters.Place> adapterPlaces() {
        return List.copyOf(places.values());
    }

    /** The place of a matrix's adapter; empty if it has none. */
    public Optional<LowRankAdapters.Place> adapterPlace(Parameter parameter) {
        return Optional.ofNullable(places.get(parameter));
    }

    /** Number of elements of all parameters together, adapters included. */
    public long size() {
        return size;
    }

    /** Number of elements of the trained parameters or adapters together, which lie first. */
    public long trainedSize() {
        return trainedSize;
    }

    /** The place of every parameter of the decoder, in the order of the flat vector. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /**
     * A parameter's place.
     *
     * @throws IllegalArgumentException if it is not one of this decoder
     */
    public Entry entry(Parameter parameter) {
        Entry entry = entries.get(parameter);
        if (entry == null) {
            throw new IllegalArgumentException("parameter must be one of "
                    + entries.keySet().stream().map(Parameter::name).toList() + ", was " + parameter);
        }
        return entry;
    }

    /** The parameters of this decoder that are one matrix or vector with a role's, in order; empty if it has none. */
    public List<Parameter> joined(ParameterRole role, int layer) {
        return joined(config, role, layer);
    }

    /** The parameters of a decoder that are one matrix or vector with a role's, in order; empty if it has none. */
    public static List<Parameter> joined(DecoderConfig config, ParameterRole role, int layer) {
        return Arrays.stream(ParameterRole.values())
                .filter(other ->
                        other.joint() == role.joint() && !other.shape(config).isEmpty())
                .map(other -> config.parameter(other, layer))
                .toList();
    }
}
