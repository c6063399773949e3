package resonance.rope;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Scalings by name, as command lines and reports call them.
 *
 * <table>
 *   <caption>Names; "resonance-" may stand before any of them</caption>
 *   <tr><th>name</th><th>method</th><th>settings it reads</th></tr>
 *   <tr><td>rope (as a scaling: none)</td><td>{@link NoScaling}</td><td></td></tr>
 *   <tr><td>linear</td><td>{@link LinearScaling}</td><td>factor</td></tr>
 *   <tr><td>ntk</td><td>{@link NtkAwareScaling}</td><td>factor</td></tr>
 *   <tr><td>abf</td><td>{@link AdjustedBaseScaling}</td><td>newBase, else factor</td></tr>
 *   <tr><td>dynamic-ntk</td><td>{@link DynamicNtkScaling}</td><td>dynamicFactor</td></tr>
 *   <tr><td>ntk-by-parts</td><td>{@link NtkByPartsScaling}</td><td>factor, betaFast, betaSlow</td></tr>
 *   <tr><td>yarn</td><td>{@link YarnScaling}</td><td>factor, betaFast, betaSlow, truncate, attentionFactor, mscale,
 *       mscaleAllDim</td></tr>
 *   <tr><td>yarn-paper</td><td>{@link PaperYarnScaling}</td><td>factor, betaFast, betaSlow</td></tr>
 *   <tr><td>dynamic-yarn</td><td>{@link DynamicYarnScaling}, minimum factor 1</td><td>as yarn but factor</td></tr>
 *   <tr><td>longrope</td><td>{@link LongRopeScaling}</td><td>shortFactors, longFactors, factor,
 *       attentionFactor</td></tr>
 *   <tr><td>llama3</td><td>{@link Llama3Scaling}</td><td>factor, lowFrequencyFactor, highFrequencyFactor</td></tr>
 *   <tr><td>proportional</td><td>{@link ProportionalScaling}</td><td>rotatedShare, factor</td></tr>
 * </table>
 *
 * <p>Dynamic methods take their factor from {@link RopeShape#sequenceLength()}. Immutable: {@link #with} gives a new
 * registry.
 */
public final class RopeEncodings {
    private static final String RESONANCE = "resonance-";
    private static final String UNSCALED_ENCODING = "rope";
    private static final String UNSCALED = "none";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    /** By scaling name, in the order of the table above. */
    private final Map<String, Function<RopeSettings, RopeScaling>> scalings;

    private RopeEncodings(Map<String, Function<RopeSettings, RopeScaling>> scalings) {
        this.scalings = scalings;
    }

    /** The methods of this package. */
    public static RopeEncodings standard() {
        Map<String, Function<RopeSettings, RopeScaling>> scalings = new LinkedHashMap<>();
        scalings.put(UNSCALED, settings -> new NoScaling());
        scalings.put("linear", settings -> new LinearScaling(settings.factor()));
        scalings.put("ntk", settings -> new NtkAwareScaling(settings.factor()));
        scalings.put("abf", RopeEncodings::adjustedBase);
        scalings.put("dynamic-ntk", settings -> new DynamicNtkScaling(settings.dynamicFactor()));
        scalings.put(
                "ntk-by-parts",
                settings -> new NtkByPartsScaling(settings.factor(), settings.betaFast(), settings.betaSlow()));
        scalings.put("yarn", settings -> yarn(settings, settings.factor()));
        scalings.put(
                "yarn-paper",
                settings -> new PaperYarnScaling(settings.factor(), settings.betaFast(), settings.betaSlow()));
        scalings.put("dynamic-yarn", settings -> new DynamicYarnScaling(yarn(settings, 1)));
        scalings.put("longrope", RopeEncodings::longRope);
        scalings.put(
                "llama3",
                settings -> new Llama3Scaling(
                        settings.factor(), settings.lowFrequencyFactor(), settings.highFrequencyFactor()));
        scalings.put("proportional", settings -> new ProportionalScaling(settings.rotatedShare(), settings.factor()));
        return new RopeEncodings(scalings);
    }

    /**
     * These encodings and one more, which takes part in {@code resonance-} like the others.
     *
     * @param name lower-case letters, digits and hyphens, starting with a letter
     * @param scaling makes the scaling of the settings it reads
     * @throws IllegalArgumentException if the name has another form, is taken or starts with "resonance-"
     */
    public RopeEncodings with(String name, Function<RopeSettings, RopeScaling> scaling) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name must be lower-case letters, digits and hyphens, starting with a letter, was '" + name + "'");
        }
        if (name.startsWith(RESONANCE) || name.equals(UNSCALED_ENCODING) || scalings.containsKey(name)) {
            throw new IllegalArgumentException("name must be new and not start with \"" + RESONANCE + "\", was '" + name
                    + "'; taken: " + String.join(", ", scalingNames()));
        }
        Map<String, Function<RopeSettings, RopeScaling>> more = new LinkedHashMap<>(scalings);
        more.put(name, scaling);
        return new RopeEncodings(more);
    }

    /**
     * The encoding of this name: {@code rope}, {@code yarn}, ..., {@code resonance-rope}, {@code resonance-yarn}, ...
     *
     * @throws IllegalArgumentException if the name is unknown, with the known ones and the nearest of them
     */
    public RopeScaling encoding(String name, RopeSettings settings) {
        if (!encodingNames().contains(name)) {
            throw unknown("encoding", name, encodingNames(), scalingsAsEncodings() + ", and resonance- before any");
        }
        boolean resonance = name.startsWith(RESONANCE);
        String base = resonance ? name.substring(RESONANCE.length()) : name;
        RopeScaling scaling = scaling(base.equals(UNSCALED_ENCODING) ? UNSCALED : base, settings);
        return resonance ? new Resonance(scaling) : scaling;
    }

    /**
     * The scaling of this name, never with resonance: {@code none}, {@code linear}, {@code yarn}, ...
     *
     * @throws IllegalArgumentException if the name is unknown, with the known ones and the nearest of them
     */
    public RopeScaling scaling(String name, RopeSettings settings) {
        return Optional.ofNullable(scalings.get(name))
                .orElseThrow(() -> unknown("scaling", name, scalingNames(), String.join(", ", scalingNames())))
                .apply(settings);
    }

    /** Every name that {@link #encoding} knows. */
    public List<String> encodingNames() {
        List<String> names = new ArrayList<>();
        for (String prefix : List.of("", RESONANCE)) {
            for (String name : scalings.keySet()) {
                names.add(prefix + (name.equals(UNSCALED) ? UNSCALED_ENCODING : name));
            }
        }
        return List.copyOf(names);
    }

    /** Every name that {@link #scaling} knows. */
    public List<String> scalingNames() {
        return List.copyOf(scalings.keySet());
    }

    private String scalingsAsEncodings() {
        return String.join(", ", encodingNames().subList(0, scalings.size()));
    }

    private static IllegalArgumentException unknown(String kind, String name, List<String> names, String known) {
        String nearest = Spelling.nearest(name, names)
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse("");
        return new IllegalArgumentException(kind + " '" + name + "' is unknown; known: " + known + nearest);
    }

    private static RopeScaling adjustedBase(RopeSettings settings) {
        return settings.newBase().isPresent()
                ? AdjustedBaseScaling.to(settings.newBase().getAsDouble())
                : AdjustedBaseScaling.multipliedBy(settings.factor());
    }

    private static YarnScaling yarn(RopeSettings settings, double factor) {
        return new YarnScaling(
                factor,
                settings.betaFast(),
                settings.betaSlow(),
                settings.truncate(),
                settings.attentionFactor(),
                settings.mscale(),
                settings.mscaleAllDim());
    }

    private static RopeScaling longRope(RopeSettings settings) {
        if (settings.shortFactors().isEmpty() || settings.longFactors().isEmpty()) {
            throw new IllegalArgumentException("shortFactors and longFactors must be given for longrope, one divisor"
                    + " per pair, were " + settings.shortFactors().size() + " and "
                    + settings.longFactors().size() + " values");
        }
        return new LongRopeScaling(
                settings.shortFactors(), settings.longFactors(), settings.factor(), settings.attentionFactor());
    }
}
