package resonance.rope;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The catalogue of encodings by name: scalings of RoPE, {@code resonance-} before any of them, and for training the encodings
 * that do not rotate.
 *
 * <p>To add a method: one record that declares its {@link ScalingMethod}, and one line in {@link #standard} or, in a jar of
 * your own, a {@link ScalingProvider}.
 *
 * <p>RoPE without a scaling has two names: {@code none} where a model has an encoding of its own, which {@code model} means
 * ({@link #forModels}), and {@code rope} where a model is trained with the encoding ({@link #forTraining}). Immutable.
 */
public final class RopeEncodings {
    /** What a model's own settings say; it is a name only, since the scaling is the model's to know. */
    public static final ScalingMethod MODEL =
            new ScalingMethod("model", "model", "the model's own", RopeScaling.class, List.of(), settings -> {
                throw new IllegalStateException("encoding model must be asked of the model");
            });

    private static Optional<RopeEncodings> installed = Optional.empty();

    private final List<ScalingMethod> methods;
    private final List<NonRotaryMethod> nonRotary;
    private final List<RemapMethod> remaps;
    private final Map<String, ScalingMethod> otherWords;

    /** By name, other words for a method included. */
    private final Map<String, EncodingMethod> byWord;

    private RopeEncodings(
            List<ScalingMethod> methods,
            List<NonRotaryMethod> nonRotary,
            List<RemapMethod> remaps,
            Map<String, ScalingMethod> otherWords) {
        this.remaps = List.copyOf(remaps);
        this.methods = List.copyOf(methods);
        this.nonRotary = List.copyOf(nonRotary);
        this.otherWords = otherWords;
        Map<String, EncodingMethod> words = new LinkedHashMap<>();
        Map<String, Parameter<?>> parameters = new LinkedHashMap<>();
        List<EncodingMethod> all = new ArrayList<>(methods);
        all.addAll(nonRotary);
        all.addAll(remaps);
        for (EncodingMethod method : all) {
            if (words.putIfAbsent(method.name(), method) != null) {
                throw Refusal.was("name", "must be new", "'" + method.name() + "'")
                        .cure("taken: " + String.join(", ", words.keySet()));
            }
            for (Parameter<?> parameter : method.parameters()) {
                if (!parameter.equals(parameters.merge(parameter.name(), parameter, (first, second) -> first))) {
                    throw Refusal.of(
                            "parameter",
                            "'" + parameter.name() + "' of " + method.name() + " must be the one of the other methods",
                            "was another");
                }
            }
        }
        otherWords.forEach(words::putIfAbsent);
        this.byWord = words;
    }

    /** The methods of this package, {@code none} first. */
    public static RopeEncodings standard() {
        return new RopeEncodings(
                List.of(
                        NoScaling.METHOD,
                        LinearScaling.METHOD,
                        NtkAwareScaling.METHOD,
                        AdjustedBaseScaling.METHOD,
                        DynamicNtkScaling.METHOD,
                        NtkByPartsScaling.METHOD,
                        YarnScaling.METHOD,
                        PaperYarnScaling.METHOD,
                        DynamicYarnScaling.METHOD,
                        LongRopeScaling.METHOD,
                        Llama3Scaling.METHOD,
                        ProportionalScaling.METHOD,
                        CriticalNtkScaling.METHOD,
                        MixedRadixScaling.METHOD,
                        ClippedScaling.METHOD),
                List.of(),
                List.of(),
                Map.of());
    }

    /**
     * The methods of this package and of every {@link ScalingProvider} on the class path.
     *
     * @throws Refusal if a provider's name is taken, or its parameter is another method's under the same name
     */
    public static synchronized RopeEncodings installed() {
        RopeEncodings found = installed.orElseGet(() -> standard().with(ServiceLoader.load(ScalingProvider.class)));
        installed = Optional.of(found);
        return found;
    }

    /** Every word of {@link #forTraining} and {@link #forModels}, each a name of its own. */
    static RopeEncodings everyWord() {
        return installed().with(NoScaling.ROPE).with(MODEL).withNonRotary().withRemaps();
    }

    /** These methods and those of providers. */
    RopeEncodings with(Iterable<ScalingProvider> providers) {
        List<ScalingMethod> more = new ArrayList<>(methods);
        providers.forEach(provider -> more.addAll(provider.methods()));
        return new RopeEncodings(more, nonRotary, remaps, otherWords);
    }

    private RopeEncodings withNonRotary() {
        return new RopeEncodings(methods, NonRotaryMethod.ALL, remaps, otherWords);
    }

    private RopeEncodings withRemaps() {
        return new RopeEncodings(methods, nonRotary, RemapMethod.all(), otherWords);
    }

    /**
     * These methods and one more, which takes part in {@code resonance-} like the others.
     *
     * @throws Refusal if the name is taken
     */
    public RopeEncodings with(ScalingMethod method) {
        return new RopeEncodings(
                Stream.concat(methods.stream(), Stream.of(method)).toList(), nonRotary, remaps, otherWords);
    }

    /** These methods but one. */
    public RopeEncodings without(ScalingMethod method) {
        return new RopeEncodings(
                methods.stream().filter(other -> !other.equals(method)).toList(), nonRotary, remaps, Map.of());
    }

    /** The names for training: {@code rope} in place of {@code none}, and the encodings that do not rotate. */
    public RopeEncodings forTraining() {
        List<ScalingMethod> named = methods.stream()
                .map(method -> method.equals(NoScaling.METHOD) ? NoScaling.ROPE : method)
                .toList();
        return new RopeEncodings(named, List.of(), List.of(), Map.of()).withNonRotary();
    }

    /** The names for a model: {@code model} too, and {@code rope} as another word for {@code none}. */
    public RopeEncodings forModels() {
        return new RopeEncodings(
                Stream.concat(methods.stream(), Stream.of(MODEL)).toList(),
                List.of(),
                List.of(),
                Map.of(NoScaling.ROPE.name(), NoScaling.METHOD));
    }

    /** The names for measuring a model: those of {@link #forModels}, and remaps of positions. */
    public RopeEncodings forMeasuring() {
        return forModels().withRemaps();
    }

    /** The scalings, in the order to show them. */
    public List<ScalingMethod> methods() {
        return methods;
    }

    /** The encodings that do not rotate, in the order to show them; none but for training. */
    public List<NonRotaryMethod> nonRotary() {
        return nonRotary;
    }

    /** The remaps of positions, in the order to show them; none but for measuring. */
    public List<RemapMethod> remaps() {
        return remaps;
    }

    /** The names of the scalings, comma between: {@code none, linear, ntk, ...}. */
    public String names() {
        return methods.stream().map(ScalingMethod::name).collect(Collectors.joining(", "));
    }

    /**
     * Every encoding but those with a bound on the periods, which are many: scalings, the same with resonance, and what does not
     * rotate.
     */
    public List<EncodingName> encodings() {
        return Stream.concat(
                        Stream.of(false, true)
                                .flatMap(resonance ->
                                        methods.stream().map(method -> new EncodingName(method, resonance))),
                        Stream.concat(nonRotary.stream(), remaps.stream())
                                .map(method -> new EncodingName(method, false)))
                .toList();
    }

    /**
     * The method of this name, never with resonance.
     *
     * @throws Refusal if the name is unknown, with the known ones and the nearest of them
     */
    public ScalingMethod method(String name) {
        return Optional.ofNullable(byWord.get(name))
                .filter(ScalingMethod.class::isInstance)
                .map(ScalingMethod.class::cast)
                .orElseThrow(() -> remapRefusal("scaling", name)
                        .orElseGet(() -> Refusal.unknown(
                                "scaling",
                                name,
                                methods.stream().map(ScalingMethod::name).toList())));
    }

    /**
     * The encoding of this name: {@code yarn}, {@code resonance-yarn}, ...
     *
     * @throws Refusal if the name is unknown, with the known ones and the nearest of them, or of one that does not rotate with
     *     {@code resonance-} before it
     */
    public EncodingName encoding(String name) {
        return find(name)
                .orElseThrow(() -> remapRefusal("encoding", name)
                        .orElseGet(() -> Refusal.unknown(
                                "encoding",
                                name,
                                encodings().stream().map(EncodingName::toString).toList(),
                                known())));
    }

    /** Why a remap is not among these; empty if it is none. */
    private static Optional<Refusal> remapRefusal(String parameter, String name) {
        return RemapMethod.all().stream()
                .filter(remap -> remap.name().equals(name))
                .findFirst()
                .map(remap -> Refusal.of(
                                parameter,
                                "must be one that frequencies can say",
                                "was " + name + ", which remaps positions")
                        .cure("it can be measured alone, by perplexity, passkey and evaluate"));
    }

    private String known() {
        String scalings = names() + ", and " + EncodingName.RESONANCE + " before any";
        String others = Stream.concat(nonRotary.stream(), remaps.stream())
                .map(EncodingMethod::name)
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? scalings : scalings + ", or " + others;
    }

    /** The encoding of this name; empty if the name is unknown. */
    Optional<EncodingName> find(String name) {
        if (!name.startsWith(EncodingName.RESONANCE)) {
            return find(name, Rounding.NONE);
        }
        String rest = name.substring(EncodingName.RESONANCE.length());
        int end = rest.indexOf('-');
        Optional<Rounding> bounded = end < 0 ? Optional.empty() : Rounding.bounded(rest.substring(0, end));
        return bounded.isEmpty() ? find(rest, Rounding.WHOLE) : find(rest.substring(end + 1), bounded.get());
    }

    private Optional<EncodingName> find(String word, Rounding rounding) {
        return Optional.ofNullable(byWord.get(word)).map(method -> new EncodingName(method, rounding));
    }

    /** Every parameter that a method reads, in the order of the methods. */
    public List<Parameter<?>> parameters() {
        Set<Parameter<?>> parameters = new LinkedHashSet<>();
        methods.forEach(method -> parameters.addAll(method.parameters()));
        return List.copyOf(parameters);
    }

    /**
     * The parameter of this name.
     *
     * @throws Refusal if the name is unknown, with the known ones and the nearest of them
     */
    public Parameter<?> parameter(String name) {
        return parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.unknown(
                        "parameter",
                        name,
                        parameters().stream().map(Parameter::name).toList()));
    }

    /** The names of the methods that read a parameter. */
    public List<String> readers(Parameter<?> parameter) {
        return methods.stream()
                .filter(method -> method.parameters().contains(parameter))
                .map(ScalingMethod::name)
                .toList();
    }
}
