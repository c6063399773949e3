/**
 * L-Eval's closed-ended tasks (An et al., "L-Eval: Instituting Standardized Evaluation for Long Context Language Models", 2023,
 * arXiv:2307.11088): questions about long documents with one right answer each. The files are the user's; nothing of them is here.
 *
 * <p>Prompts, truncation, processing of answers and metric are those of github.com/OpenLMLab/LEval, commit cd34b05, misspellings
 * included. What differs is said where it does.
 */
@NullMarked
package resonance.evaluation.leval;

import org.jspecify.annotations.NullMarked;
