package resonance.language.finetuning;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import resonance.decoder.LowRankAdapters;
import resonance.decoder.ParameterRole;
import resonance.rope.PlainNumber;
import resonance.rope.Refusal;

/**
 * Low-rank adapters that are trained in place of the model's own parameters.
 *
 * @param matrices rank, alpha and targets
 * @param apart whether they are written apart from the model, as PEFT reads them, and not merged into its matrices
 */
public record AdapterSettings(LowRankAdapters matrices, boolean apart) {
    /** What transformers, and PEFT with it, calls the matrices of LLaMA-like models, by their role. */
    private static final Map<ParameterRole, String> NAMES = names();

    public AdapterSettings {
        requireNonNull(matrices, "matrices must not be null");
    }

    private static Map<ParameterRole, String> names() {
        Map<ParameterRole, String> names = new LinkedHashMap<>();
        names.put(ParameterRole.QUERY, "q_proj");
        names.put(ParameterRole.KEY, "k_proj");
        names.put(ParameterRole.VALUE, "v_proj");
        names.put(ParameterRole.ATTENTION_OUTPUT, "o_proj");
        names.put(ParameterRole.GATE, "gate_proj");
        names.put(ParameterRole.UP, "up_proj");
        names.put(ParameterRole.DOWN, "down_proj");
        return names;
    }

    /** The names of all matrices that can have an adapter. */
    public static List<String> possibleTargets() {
        return List.copyOf(NAMES.values());
    }

    /**
     * The matrices of these names.
     *
     * @throws Refusal if one is none of {@link #possibleTargets}, or there is none
     */
    public static Set<ParameterRole> targets(List<String> names) {
        Set<ParameterRole> roles = EnumSet.noneOf(ParameterRole.class);
        for (String name : names) {
            roles.add(NAMES.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(name))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow(() -> Refusal.unknown("targets", name, possibleTargets())));
        }
        return roles;
    }

    /** The names of its targets. */
    List<String> targetNames() {
        List<String> names = new ArrayList<>();
        NAMES.forEach((role, name) -> {
            if (matrices.targets().contains(role)) {
                names.add(name);
            }
        });
        return names;
    }

    /** Rank, alpha, targets and form, for people and to tell runs apart. */
    String text() {
        return "rank " + matrices.rank() + ", alpha " + PlainNumber.text(matrices.alpha()) + ", on "
                + String.join(" ", targetNames()) + ", " + (apart ? "apart" : "merged");
    }
}
