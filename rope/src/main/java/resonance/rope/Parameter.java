package resonance.rope;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One value that a scaling reads, with all that a command line, a report or a page of help needs to know of it. Methods that
 * read the same parameter share the object.
 *
 * @param <T> {@link Double}, {@link OptionalDouble}, {@link Boolean} or {@code List<Double>}, see {@link Kind}
 * @param name in camel case, as the scaling's own component: {@code betaFast}
 * @param standard the default
 * @param standardText the default for people; empty if there is nothing to say
 * @param range the numbers that are allowed; says nothing for a {@link Kind#FLAG}
 * @param meaning in one line, with the unit where there is one; for a flag that of what is not the default
 * @param option the word in options, without the hyphens before it: {@code beta-fast}, {@code no-truncate}
 * @param bound the parameter that this one must be above, if there is one
 * @param reader a value of this kind from one that may be
 */
public record Parameter<T>(
        String name,
        Kind kind,
        T standard,
        String standardText,
        Range range,
        String meaning,
        String option,
        Optional<Parameter<Double>> bound,
        Function<Object, T> reader) {
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
        AT_LEAST_0,
        AT_LEAST_1,
        ABOVE_0,
        ABOVE_1,
        /** From 0 to 1. */
        FRACTION;

        private void require(String name, double value) {
            switch (this) {
                case AT_LEAST_0 -> Require.atLeast(name, value, 0);
                case AT_LEAST_1 -> Require.atLeast(name, value, 1);
                case ABOVE_0 -> Require.above(name, value, 0);
                case ABOVE_1 -> Require.above(name, value, 1);
                case FRACTION -> Require.fraction(name, value);
            }
        }
    }

    private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]*");
    private static final Pattern HUMP = Pattern.compile("([A-Z])");

    /** Factor s of the scalings. */
    public static final Parameter<Double> FACTOR =
            number("factor", 1, Range.AT_LEAST_1, "target length over trained length");

    public Parameter {
        if (!NAME.matcher(name).matches()) {
            throw Refusal.was("name", "must be letters and digits in camel case", "'" + name + "'");
        }
    }

    /** A number with a default. */
    public static Parameter<Double> number(String name, double standard, Range range, String meaning) {
        return of(name, Kind.NUMBER, standard, PlainNumber.text(standard), range, meaning, Double.class::cast);
    }

    /**
     * A number that may be left out.
     *
     * @param otherwise what stands for it then; empty if the meaning says it
     */
    public static Parameter<OptionalDouble> optional(String name, Range range, String meaning, String otherwise) {
        OptionalDouble none = OptionalDouble.empty();
        return of(name, Kind.OPTIONAL_NUMBER, none, otherwise, range, meaning, Parameter::optionalNumber);
    }

    private static OptionalDouble optionalNumber(Object value) {
        return value instanceof Double number ? OptionalDouble.of(number) : (OptionalDouble) value;
    }

    /** Yes or no. */
    public static Parameter<Boolean> flag(String name, boolean standard, String meaning) {
        Parameter<Boolean> flag = of(name, Kind.FLAG, standard, "", Range.FRACTION, meaning, Boolean.class::cast);
        return standard ? flag.inOptions("no-" + flag.option) : flag;
    }

    /** A list of numbers, empty by default. */
    public static Parameter<List<Double>> numbers(String name, Range range, String meaning) {
        return of(
                name,
                Kind.NUMBERS,
                List.of(),
                "",
                range,
                meaning,
                value -> ((List<?>) value).stream().map(Double.class::cast).toList());
    }

    private static <T> Parameter<T> of(
            String name, Kind kind, T standard, String text, Range range, String meaning, Function<Object, T> reader) {
        String words = HUMP.matcher(name).replaceAll("-$1").toLowerCase(Locale.ROOT);
        return new Parameter<>(name, kind, standard, text, range, meaning, words, Optional.empty(), reader);
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

    /** A value for people and records: 4 rather than 4.0. */
    static String text(Object value) {
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

    @Override
    public String toString() {
        return name;
    }
}
