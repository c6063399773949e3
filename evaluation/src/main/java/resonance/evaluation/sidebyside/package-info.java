/**
 * Several studies in one report: perplexity, passkey, tasks and PosGen of several models or encodings as the rows of common tables,
 * each held against one of them.
 *
 * <p>A row is a model under an encoding, with as many {@linkplain NamedFolder#seed seeds} as it was trained with. What is
 * compared is paired by the specifications of the cells: two cells are the same question if their specifications agree in
 * everything but the model, its encoding, and what ran it. What can't be paired, and tables that can't be one, are named with the reason.
 */
@NullMarked
package resonance.evaluation.sidebyside;

import org.jspecify.annotations.NullMarked;
