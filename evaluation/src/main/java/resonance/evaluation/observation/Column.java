package resonance.evaluation.observation;

import java.time.Instant;
import java.util.Locale;

/** The columns of the table, in their order. A row has no value where its kind of study knows no such thing. */
public enum Column {
    /** See {@link #description()}, here and below. */
    KIND(Type.TEXT, "kind of study: perplexity, passkey, evaluate, posgen-compare, extend, search"),
    FOLDER(Type.TEXT, "the study's folder, as it was given"),
    NAME(Type.TEXT, "name that was given to the folder, NAME=DIR"),
    TRAINING(Type.TEXT, "which of several trainings of one name, NAME:SEED=DIR"),
    MODEL(Type.TEXT, "what the model calls itself"),
    MODEL_SHA256(Type.TEXT, "SHA-256 of every file that defines the model"),
    TRAINED_LENGTH(Type.INTEGER, "tokens that it was trained on at a time"),
    ENCODING(Type.TEXT, "position encoding, such as resonance-yarn"),
    METHOD(Type.TEXT, "its scaling, or other method, without rounding, such as yarn"),
    RESONANCE(Type.FLAG, "whether its wavelengths are rounded"),
    PERIODS(Type.TEXT, "how: whole, searched, or a bound such as p64 or x16; none where they are not"),
    FACTOR(Type.REAL, "factor that scalings stretch by; those without one do not read it"),
    FREQUENCIES(Type.TEXT, "SHA-256 of the encoding's frequencies; equal for encodings that rotate alike"),
    SCALING_PHASE(Type.TEXT, "when scalings act: evaluation or training"),
    PROPOSAL(Type.INTEGER, "which of the optimiser's proposals, from 1; 0 for an encoding made by hand"),
    SUITE(Type.TEXT, "suite of tasks: ruler, leval, longbench"),
    TASK(Type.TEXT, "task of the suite, or subtask of PosGen"),
    MODULUS(Type.INTEGER, "values that a token of a rule of PosGen may have"),
    DOCUMENT(Type.TEXT, "text that was read"),
    DOCUMENT_SHA256(Type.TEXT, "SHA-256 of its file"),
    LENGTH(Type.INTEGER, "tokens of a window, of a prompt with its answer, or of a test sequence"),
    DEPTH(Type.REAL, "where the number is hidden, from 0 (start) to 1 (end)"),
    TRIAL(Type.INTEGER, "which number at that depth, from 0"),
    QUESTION(Type.INTEGER, "which question of the task, from 0"),
    STAGE(Type.TEXT, "what of a candidate is measured: choosing, reporting, within, needle, screening, completing"),
    PIECE(Type.INTEGER, "which piece of text or which number of that stage, from 0"),
    SEED(Type.INTEGER, "seed of data and training (posgen-compare), or of the hidden numbers (passkey)"),
    METRIC(Type.TEXT, "what the value is"),
    VALUE(Type.REAL, "the value"),
    N(Type.INTEGER, "how many it is the mean of"),
    UNIT(Type.TEXT, "what these are: token, window, answer, question, sequence"),
    POSITION(Type.INTEGER, "first position that the value is of, from 0"),
    POSITION_END(Type.INTEGER, "position after the last"),
    WINDOW(Type.INTEGER, "which window of the text, from 0"),
    STEP(Type.INTEGER, "steps of training done"),
    PROTOCOL(Type.TEXT, "how text is cut and scored: token, yarn, llama.cpp"),
    PROMPT_STYLE(Type.TEXT, "how prompts are written: plain, chat, llama2, vicuna"),
    PRECISION(Type.TEXT, "arithmetic: float32 or bfloat16"),
    DEVICE(Type.TEXT, "cpu or a GPU, where the study says"),
    THREADS(Type.INTEGER, "threads that computed"),
    SECONDS(Type.REAL, "time of the whole record"),
    PROCESSOR(Type.TEXT, "model of the CPU"),
    CORES(Type.INTEGER, "logical processors there"),
    OPERATING_SYSTEM(Type.TEXT, "name, version and architecture"),
    JAVA_VERSION(Type.TEXT, "version and vendor of the Java runtime"),
    LIBTORCH_VERSION(Type.TEXT, "version of the native tensor library"),
    SOFTWARE_VERSION(Type.TEXT, "version of this software"),
    GIT_COMMIT(Type.TEXT, "commit it was built from, or unknown"),
    STARTED(Type.INSTANT, "when the run that made the record started, UTC"),
    RECORD(Type.TEXT, "the record's file in the folder"),
    RECORD_SHA256(Type.TEXT, "checksum that stands in the record"),
    SPECIFICATION(Type.TEXT, "everything that could have changed the result, as a JSON object of text by name");

    /** What a column holds. */
    public enum Type {
        /** Text, UTF-8. */
        TEXT(String.class),
        /** 64-bit integer. */
        INTEGER(Long.class),
        /** Double; NaN or infinite where a loss was. */
        REAL(Double.class),
        /** True or false. */
        FLAG(Boolean.class),
        /** A moment to the second, UTC. */
        INSTANT(Instant.class);

        private final Class<?> valueClass;

        Type(Class<?> valueClass) {
            this.valueClass = valueClass;
        }

        Class<?> valueClass() {
            return valueClass;
        }
    }

    private final Type type;
    private final String description;

    Column(Type type, String description) {
        this.type = type;
        this.description = description;
    }

    /** Its name in a file: lower case, words joined by "_". */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it holds. */
    public Type type() {
        return type;
    }

    /** What it says, in words. */
    public String description() {
        return description;
    }
}
