package resonance.transformer.position;

/** Tells positions apart by nothing but the causal mask ("NoPE"; Haviv et al. 2022). */
public record NoEncoding() implements PositionEncoding {}
