/**
 * Position encodings as Hugging Face model configurations write them, read and written without a JSON library.
 *
 * <p>A configuration ({@code config.json}) is a {@code Map<String, Object>} as any JSON parser gives it: maps, lists,
 * numbers, strings, booleans and null. {@link resonance.rope.huggingface.ModelRopeReader} turns it into a
 * {@link resonance.rope.huggingface.RopeReading}: one {@link resonance.rope.huggingface.ModelRope} per layer type, which layers
 * see a window or don't rotate, and notes. {@link resonance.rope.huggingface.ModelRopeWriter} goes the other way and writes the
 * keys that concern positions; {@link resonance.rope.huggingface.PortableModel} puts other frequencies into a model's whole
 * configuration.
 *
 * <p><b>Classes.</b> A key means what the class behind {@code model_type} makes of it. {@code model-classes.tsv}, written by
 * golden/model_classes.py and checked against transformers 5.18.0, says of every class what it takes for granted: base, lengths
 * and sizes if none are given, where the size of the rotating part stands, whether an unscaled encoding rotates a part of the
 * head, which layers see a window. A multimodal configuration's text part is found and read by its own class. A model type
 * that is not in the table is refused with {@link resonance.rope.huggingface.UnknownPositionsException}, as is a scaling that only
 * code of the model's own ({@code auto_map}) could know.
 *
 * <p><b>Two layouts.</b> Transformers 4 keeps {@code rope_theta} and {@code partial_rotary_factor} at the top and the
 * rest in {@code rope_scaling}; transformers 5 keeps everything in {@code rope_parameters}, and still reads the old
 * layout. They also look for the trained length in different places, so the same file can mean different encodings to
 * the two:
 *
 * <pre>
 *   trained length of      transformers 4.57                    transformers 5.18
 *   yarn                   dictionary, else maximum             top level, else dictionary, else maximum
 *   longrope               top level, else maximum              top level, else dictionary, else maximum
 *   llama3                 dictionary                           top level, else dictionary, else maximum
 *   default, linear,       maximum                              maximum
 *   dynamic, proportional
 *   ("original_max_position_embeddings"; maximum = "max_position_embeddings") </pre>
 *
 * <p>A dictionary of one type of layers in transformers 5 is read without a look at the top level.
 *
 * <p>Where a longrope's two lists are equal and its attention factor is given, no length changes anything in either
 * version, and a trained length in the dictionary is taken for what it says.
 *
 * <p>Hence {@link resonance.rope.huggingface.TransformersVersion}: which of the two is imitated. Null counts as
 * absent, except for YaRN's {@code factor}, where null means maximum length over trained length in version 5 and is
 * refused in version 4, and its {@code truncate}, where null means false. Unknown types are refused with the known ones. Keys
 * that nothing reads become notes with the nearest that is read: transformers itself only warns, and then computes something
 * else than the author meant.
 *
 * <p><b>Any frequencies at all</b> can be written as {@code longrope} with one divisor per pair:
 * {@link resonance.rope.huggingface.ModelRopeWriter#portable} writes the block that transformers 4.57, 5.18 and vLLM
 * read alike, which is how Resonance and every method without a {@code rope_type} of its own reach other engines.
 */
package resonance.rope.huggingface;
