/**
 * Studies: grids of cells that are computed once, kept, and gone on with after a stop. Knows no model and no experiment.
 *
 * <p>An experiment supplies a {@link resonance.study.Study}: its plan, the specification of every cell (its identity as a
 * pure value, {@link resonance.study.CellSpecification}) and the work as {@linkplain resonance.study.Job jobs}; one whose later
 * cells follow from results is an {@link resonance.study.AdaptiveStudy}. A
 * {@link resonance.study.StudyRun} does the jobs that are missing and estimates the time left; a {@link
 * resonance.study.CellStore} keeps {@linkplain resonance.study.FinishedCell finished cells}, each with its whole
 * specification and the build, machine and time that made it. Reports are made from the {@linkplain
 * resonance.study.StudyRecords records} of a folder alone.
 *
 * <p>Other processes can do a part of the work: a {@link resonance.study.StudyRecipe} is sent to them, from which each makes the
 * study again, and each does a {@link resonance.study.StudyShare} of its cells. Who sends it is a {@link
 * resonance.study.StudyRunner}.
 *
 * <p>A folder is a {@link java.nio.file.Path} of any file system; {@link resonance.study.StudyPlace} makes one of text, also in a
 * store that a {@link resonance.study.StoreProvider} opens.
 *
 * <p>Also here, because every record needs them: {@link resonance.study.RecordJson}, {@link
 * resonance.study.AtomicFile}, {@link resonance.study.Sha256}, {@link resonance.study.Provenance}.
 */
@org.jspecify.annotations.NullMarked
package resonance.study;
