/**
 * The command line, {@code ./resonance}: it parses, calls one library method, and prints.
 *
 * <pre>
 *   resonance perplexity         a language model's perplexity over length, for every encoding
 *   resonance passkey            whether it finds a number hidden in a long text
 *   resonance generate           a text continued under an encoding
 *   resonance pretrain           a small language model from nothing but texts
 *   resonance rope               what an encoding's frequencies say, feature by feature
 *   resonance posgen generate    the benchmark's data as files
 *   resonance posgen compare     the paper's main experiment: train short, test long
 *   resonance study run          several of these as a file says
 * </pre>
 *
 * <p>{@link resonance.cli.ResonanceCli} is the program. A command fills one immutable record of a library from its options
 * and hands it on. The rules for values live in the libraries; {@link resonance.cli.OptionRefusals} turns a library's refusal
 * ("headSize must be even, was 63") into one that names the option it came from.
 *
 * <p>A {@link resonance.cli.StudyFile} is such commands written down. It has no options of its own: {@link
 * resonance.cli.StudyFileReader} asks the commands for theirs, {@link resonance.cli.StudyCheck} holds every part against its command,
 * and each runs as if it had been typed.
 *
 * <p><b>Streams.</b> Results go to standard output, everything else to standard error. With {@code --json} standard output
 * gets one JSON document and nothing more.
 *
 * <p><b>Exit codes.</b> 0 done; 1 failed; 2 the command line asks for something impossible, with one line that names the option, the
 * rule, the value and the cure; 130 or 143 stopped by Ctrl-C or SIGTERM, with everything finished kept.
 */
@org.jspecify.annotations.NullMarked
package resonance.cli;
