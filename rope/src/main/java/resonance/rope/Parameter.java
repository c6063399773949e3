package resonance.rope;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One value that a scaling reads, with all that a command line, a report or a page of help needs to know of it.
 *
 * <p>Methods that read the same parameter share the object: that is what makes it the same. Immutable.
 *
 * @param <T> {@link Double}, {@link OptionalDouble}, {@link Boolean} or {@code List<Double>}, see {@link Kind}
 */
public final class Parameter<T> {
    /** The kinds of values. */
    public enum Kind {
        /** A number, {@link Double}. */
        NUMBER,
        /** A number or nothing, {@link OptionalDouble}. */
        OPTIONAL_NUMBER,
        /** Yes or no, {@link Boolean}. */
        FLAG,
        /** Any number of numbers, {@code List<Double>}. */
        NUMBERS
    }

    /** Which numbers are allowed; all are finite. */
    public enum Range {
        AT_LEAST_0("at least 0") {
            @Override
            void require(String name, double value) {
                Require.atLeast(name, value, 0);
            }
        },
        AT_LEAST_1("at least 1") {
            @Override
            void require(String name, double value) {
                Require.atLeast(name, value, 1);
            }
        },
        ABOVE_0("above 0") {
            @Override
            void require(String name, double value) {
                Require.above(name, value, 0);
            }
        },
        ABOVE_1("above 1") {
            @Override
            void require(String name, double value) {
                Require.above(name, value, 1);
            }
        },
        FRACTION("from 0 to 1") {
            @Override
            void require(String name, double value) {
                Require.fraction(name, value);
            }
        };

        private final String text;

        Range(String text) {
            this.text = text;
        }

        /** "at least 1", ... */
        public String text() {
            return text;
        }

        abstract void require(String name, double value);
    }

    private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]*");
    private static final Pattern HUMP = Pattern.compile("([A-Z])");

    /** Factor s of the scalings: target length over trained length. */
    public static final Parameter<Double> FACTOR =
            number("factor", 1, Range.AT_LEAST_1, "target length over trained length");

    private final String name;
    private final Kind kind;
    private final T standard;
    private final String standardText;
    private final Range range;
    private final String meaning;
    private final String option;
    private final Optional<Parameter<Double>> bound;
    private final Function<Object, T> reader;

    private Parameter(
            String name,
            Kind kind,
            T standard,
            String standardText,
            Range range,
            String meaning,
            String option,
            Optional<Parameter<Double>> bound,
            Function<Object, T> reader) {
        if (!NAME.matcher(name).matches()) {
            throw Refusal.was("name", "must be letters and digits in camel case", "'" + name + "'");
        }
        this.name = name;
        this.kind = kind;
        this.standard = standard;
        this.standardText = standardText;
        this.range = range;
        this.meaning = meaning;
        this.option = option;
        this.bound = bound;
        this.reader = reader;
    }

    /**
     * A number with a default.
     *
     * @param name in camel case, as the scaling's own component
     * @param meaning one line, with the unit where there is one
     */
    public static Parameter<Double> number(String name, double standard, Range range, String meaning) {
        return new Parameter<>(
                name,
                Kind.NUMBER,
                standard,
                PlainNumber.text(standard),
                range,
                meaning,
                words(name),
                Optional.empty(),
                Double.class::cast);
    }

    /**
     * A number that may be left out.
     *
     * @param otherwise what stands for it then; empty if the meaning says it
     */
    public static Parameter<OptionalDouble> optional(String name, Range range, String meaning, String otherwise) {
        return new Parameter<>(
                name,
                Kind.OPTIONAL_NUMBER,
                OptionalDouble.empty(),
                otherwise,
                range,
                meaning,
                words(name),
                Optional.empty(),
                value -> value instanceof Double number ? OptionalDouble.of(number) : (OptionalDouble) value);
    }

    /** Yes or no; {@code meaning} is that of what is not the default. */
    public static Parameter<Boolean> flag(String name, boolean standard, String meaning) {
        return new Parameter<>(
                name,
                Kind.FLAG,
                standard,
                "",
                Range.FRACTION,
                meaning,
                standard ? "no-" + words(name) : words(name),
                Optional.empty(),
                Boolean.class::cast);
    }

    /** A list of numbers, empty by default. */
    public static Parameter<List<Double>> numbers(String name, Range range, String meaning) {
        return new Parameter<>(
                name,
                Kind.NUMBERS,
                List.of(),
                "",
                range,
                meaning,
                words(name),
                Optional.empty(),
                value -> ((List<?>) value).stream().map(Double.class::cast).toList());
    }

    /** The same parameter by another word in options, such as {@code low-freq-factor}. */
    public Parameter<T> inOptions(String word) {
        return new Parameter<>(name, kind, standard, standardText, range, meaning, word, bound, reader);
    }

    /** The same parameter with another word for its default, such as "not used". */
    public Parameter<T> byDefault(String words) {
        return new Parameter<>(name, kind, standard, words, range, meaning, option, bound, reader);
    }

    /** The same parameter, which must be above another one. */
    public Parameter<T> above(Parameter<Double> lower) {
        return new Parameter<>(name, kind, standard, standardText, range, meaning, option, Optional.of(lower), reader);
    }

    /** Its name, in camel case: {@code betaFast}. */
    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    /** The default. */
    public T standard() {
        return standard;
    }

    /** The default for people; empty if there is nothing to say. */
    public String standardText() {
        return standardText;
    }

    /** The numbers that are allowed; says nothing for a {@link Kind#FLAG}. */
    public Range range() {
        return range;
    }

    /** What it means, in one line. */
    public String meaning() {
        return meaning;
    }

    /** The word for it in options, without the hyphens before it: {@code beta-fast}, {@code no-truncate}. */
    public String option() {
        return option;
    }

    /** The parameter that this one must be above, if there is one. */
    public Optional<Parameter<Double>> bound() {
        return bound;
    }

    /** A value for people and records: 4 rather than 4.0. */
    public String text(T value) {
        if (value instanceof OptionalDouble number) {
            return number.isPresent() ? PlainNumber.text(number.getAsDouble()) : "";
        }
        return value instanceof Double number ? PlainNumber.text(number) : value.toString();
    }

    /**
     * A value of this parameter's kind, where a number is one of {@link OptionalDouble} too.
     *
     * @throws ClassCastException if it is of another kind
     * @throws Refusal if it is out of range
     */
    T checked(Object value) {
        T read = reader.apply(value);
        if (read instanceof Double number) {
            range.require(name, number);
        } else if (read instanceof OptionalDouble number && number.isPresent()) {
            range.require(name, number.getAsDouble());
        } else if (read instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                range.require("{" + name + "}[" + i + "]", (Double) list.get(i));
            }
        }
        return read;
    }

    /** {@code beta-fast} for betaFast. */
    private static String words(String name) {
        return HUMP.matcher(name).replaceAll("-$1").toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return name;
    }
}
