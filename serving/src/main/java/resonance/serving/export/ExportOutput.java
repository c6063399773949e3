package resonance.serving.export;

/**
 * How an export is written.
 *
 * @param files how a Hugging Face folder's unchanged files get into the new one; a GGUF file is always written whole
 * @param replace whether an earlier export that nobody changed may be replaced
 */
public record ExportOutput(CarriedFiles files, boolean replace) {}
