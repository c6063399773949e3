package resonance.serving.lint;

/** Rules about one layer type's settings as one engine finds them. */
abstract class LayerRules {
    final LayerReading layer;
    final JsonValues dictionary;
    final JsonValues config;
    final EngineFindings findings;

    LayerRules(LayerReading layer, EngineFindings findings) {
        this.layer = layer;
        this.dictionary = layer.dictionary();
        this.config = layer.config();
        this.findings = findings;
    }

    abstract void check();

    /** Whether two numbers differ by more than rounding. */
    static boolean differ(double value, double wanted) {
        return Math.abs(value - wanted) > 1e-6 * Math.abs(wanted);
    }
}
