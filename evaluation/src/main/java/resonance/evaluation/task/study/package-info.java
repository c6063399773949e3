/**
 * An evaluation of a model on a suite's tasks as a study: its plan, what is kept of every question, and the report made of that.
 *
 * <p>A cell is one question under one encoding at one length. What is kept is the answer and its reference, never a score: a
 * {@link resonance.evaluation.task.study.TaskReport} scores what it reads, so that a folder's answers can be scored again by a
 * later version, without the model.
 */
@NullMarked
package resonance.evaluation.task.study;

import org.jspecify.annotations.NullMarked;
