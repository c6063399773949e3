package resonance.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import resonance.cli.StudyPart.Argument;
import resonance.cli.YamlTree.Value;
import resonance.rope.Spelling;
import resonance.study.StudyPlace;
import resonance.study.UnfitFolderException;

/**
 * Reads a study's file.
 *
 * <pre>
 *   name: NAME              of the study
 *   about: TEXT             what it is for; may be left out
 *   out: DIR                where results go; runs/NAME if left out
 *   settings:               keys of every part, unless the part has its own; may be left out
 *     KEY: VALUE
 *   parts:
 *     PART:                 a command, whose results go to DIR/PART
 *       command: COMMAND    one that keeps its cells, for example posgen compare
 *       KEY: VALUE          an option without its dashes, or a parameter such as model
 *       for:                a part for every combination, named PART-VALUE
 *         KEY: [VALUE, ...]
 * </pre>
 *
 * <p>The keys are the commands' own, asked of them, and so are the rules for values: nothing of them stands here. A list is what
 * the command takes several values by; an option without a value is {@code true} or {@code false}.
 */
final class StudyFileReader {
    private static final int MOST_BYTES = 1 << 20;
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,99}";
    private static final String COMMAND = "command";
    private static final String FOR = "for";

    /** Options that a part can't have, and why. */
    private static final Map<String, String> NOT_IN_FILES = Map.of(
            "out", "results go to a folder of the part's name; put 'out' at the top of the file",
            "spark", "where cells are computed is no part of a study; give --spark to 'study run'",
            "json", "results are kept whatever is printed; give --json to 'study run'",
            "plan-only", "a study trains; leave it out",
            "predictions", "it asks no model; use the command itself");

    private final Path file;
    private final YamlTree yaml;
    private final Map<String, CommandLine> commands = new LinkedHashMap<>();

    private StudyFileReader(Path file) {
        this.file = file;
        this.yaml = new YamlTree(file);
        addCommands(ResonanceCli.command(""), "");
    }

    /** Every command that runs a study and keeps it in {@code --out}, which extend and search have for models. */
    private void addCommands(CommandLine group, String before) {
        group.getSubcommands().forEach((word, command) -> {
            if (command.getCommand() instanceof StudyCommand
                    && command.getCommandSpec().findOption(ExtensionOutput.STUDY) == null) {
                commands.put(before + word, command);
            }
            addCommands(command, before + word + " ");
        });
    }

    /**
     * Reads a file, or the copy in a study's output folder, to which its results go then.
     *
     * @throws IllegalArgumentException if it is no study; the message names file and line
     */
    static StudyFile read(Path fileOrFolder) throws IOException {
        boolean isFolder = Files.isDirectory(fileOrFolder);
        Path file = isFolder ? fileOrFolder.resolve(StudyFile.COPY) : fileOrFolder;
        if (isFolder && !Files.exists(file)) {
            throw new IllegalArgumentException("FILE must be a study's file or output folder, " + fileOrFolder
                    + " has no " + StudyFile.COPY + "; name the file");
        }
        StudyFile study = new StudyFileReader(file).study(content(file));
        return isFolder ? study.to(fileOrFolder) : study;
    }

    /** The name of the study that a file is about; empty if it is none. */
    static Optional<String> name(Path file) throws IOException {
        YamlTree yaml = new YamlTree(file);
        try {
            Map<String, Value> top = yaml.mapping(yaml.root(content(file)), "a study");
            Value name = top.get("name");
            return name == null ? Optional.empty() : Optional.of(yaml.text(name, "'name'"));
        } catch (IllegalArgumentException noStudy) {
            return Optional.empty();
        }
    }

    private static String content(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("FILE must be a study's file or output folder, was " + file
                    + (Files.exists(file) ? ", which is neither" : ", which is missing") + "; correct the path");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new IllegalArgumentException(
                    file + " must be a study of at most 1 MB, is larger; name a study's file");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + " must be text in UTF-8, is not; convert it");
        }
    }

    private StudyFile study(String text) {
        Value root = yaml.root(text);
        Map<String, Value> top = yaml.mapping(root, "a study");
        yaml.requireKnown(top, "a study", new LinkedHashSet<>(List.of("name", "about", "out", "settings", "parts")));
        String name = yaml.text(required(top, root, "name", "name: my-study"), "'name'");
        requireName(name, line(top, "name"), "'name'");
        Value out = top.get("out");
        Value about = top.get("about");
        Value settings = top.get("settings");
        Map<String, Value> shared = settings == null ? Map.of() : yaml.mapping(settings, "'settings'");
        Map<String, Value> named =
                yaml.mapping(required(top, root, "parts", "parts: with a command in each"), "'parts'");
        List<StudyPart> parts = new ArrayList<>();
        named.forEach((part, value) -> {
            requireName(part, value.line(), "a part's name");
            parts.addAll(parts(part, value, shared));
        });
        requireParts(parts, line(top, "parts"));
        return new StudyFile(
                file,
                text,
                name,
                about == null ? "" : yaml.text(about, "'about'").strip().replaceAll("\\s+", " "),
                out == null ? Path.of("runs", name) : place(out),
                parts);
    }

    private static int line(Map<String, Value> values, String key) {
        Value value = values.get(key);
        return value == null ? 1 : value.line();
    }

    private Value required(Map<String, Value> values, Value in, String key, String example) {
        Value value = values.get(key);
        if (value == null) {
            throw yaml.refusal(in.line(), "'" + key + "' must be given, was left out; add '" + example + "'");
        }
        return value;
    }

    private Path place(Value out) {
        try {
            return StudyPlace.of(path(out, "'out'"));
        } catch (UnfitFolderException unfit) {
            throw yaml.refusal(out.line(), unfit.message("'out'"));
        }
    }

    private String path(Value value, String what) {
        String path = yaml.text(value, what);
        if (path.isEmpty() || path.indexOf('\0') >= 0) {
            throw yaml.refusal(
                    value.line(), what + " must be a path, was '" + path + "'; leave it out for its default");
        }
        return path;
    }

    private void requireName(String name, int line, String what) {
        if (!name.matches(NAME)) {
            throw yaml.refusal(
                    line,
                    what + " must be a letter or digit and up to 99 letters, digits, '-' and '_', was '" + name
                            + "'; call it otherwise, it also names a folder");
        }
    }

    /** None of one name on a file system that does not tell small letters from large. */
    private void requireParts(List<StudyPart> parts, int line) {
        if (parts.isEmpty()) {
            throw yaml.refusal(line, "'parts' must be at least one, was none; add a name with a command");
        }
        Set<String> names = new HashSet<>();
        for (StudyPart part : parts) {
            if (!names.add(part.name().toLowerCase(Locale.ROOT))) {
                throw yaml.refusal(
                        part.line(),
                        "parts must have names that differ in more than case, two are called '" + part.name()
                                + "'; call one of them otherwise");
            }
        }
    }

    /** The part of a name, or those that its {@code for} makes. */
    private List<StudyPart> parts(String name, Value value, Map<String, Value> shared) {
        Map<String, Value> own = yaml.mapping(value, "part '" + name + "'");
        Map<String, Value> choices = new LinkedHashMap<>();
        for (Map<String, Value> keys : List.of(shared, own)) {
            Value given = keys.get(FOR);
            if (given != null) {
                choices.putAll(yaml.mapping(given, "'" + FOR + "'"));
            }
        }
        Map<String, Value> keys = new LinkedHashMap<>(shared);
        keys.keySet().removeAll(choices.keySet());
        keys.putAll(own);
        keys.remove(FOR);
        choices.forEach((key, choice) -> {
            if (own.containsKey(key)) {
                throw yaml.refusal(
                        choice.line(),
                        "'" + key + "' must be given once, is given in part '" + name + "' and in its '" + FOR
                                + "'; leave one of them out");
            }
        });
        Value said = keys.remove(COMMAND);
        if (said == null) {
            throw yaml.refusal(
                    value.line(),
                    "part '" + name + "' must have a command, has none; add one of "
                            + String.join(", ", commands.keySet()));
        }
        String command = yaml.text(said, "'" + COMMAND + "'").strip().replaceAll("\\s+", " ");
        CommandLine parser = commands.get(command);
        if (parser == null) {
            throw yaml.refusal(
                    said.line(),
                    "command '" + command + "' is unknown to studies"
                            + YamlTree.suggestion(command, commands.keySet(), "known"));
        }
        List<Argument> arguments = new ArrayList<>();
        keys.forEach((key, given) -> arguments.add(argument(parser, command, key, given)));
        List<StudyPart> parts = new ArrayList<>();
        for (List<Argument> combination : combinations(parser, command, choices)) {
            StringBuilder full = new StringBuilder(name);
            combination.forEach(choice -> full.append('-').append(label(choice)));
            List<Argument> all = new ArrayList<>(arguments);
            all.addAll(combination);
            parts.add(new StudyPart(
                    full.toString(), value.line(), List.of(command.split(" ", -1)), inOrder(parser, all)));
        }
        return parts;
    }

    private List<List<Argument>> combinations(CommandLine parser, String command, Map<String, Value> choices) {
        List<List<Argument>> combinations = List.of(List.of());
        for (Map.Entry<String, Value> choice : choices.entrySet()) {
            Value values = choice.getValue();
            String what = "'" + choice.getKey() + "' of '" + FOR + "'";
            if (!YamlTree.isList(values)) {
                throw yaml.refusal(values.line(), what + " must be a list, is one value; put it into the part itself");
            }
            List<List<Argument>> longer = new ArrayList<>();
            for (List<Argument> begun : combinations) {
                for (String text : yaml.texts(values, what)) {
                    List<Argument> next = new ArrayList<>(begun);
                    next.add(argument(parser, command, choice.getKey(), values.line(), List.of(text), false));
                    longer.add(next);
                }
            }
            combinations = longer;
        }
        return combinations;
    }

    /** What a choice is called in the name of its part: a file as folders of results are, another value as it is. */
    private static String label(Argument choice) {
        List<String> words = choice.words();
        String value = words.isEmpty() ? "false" : words.get(words.size() - 1);
        if (choice.option() && words.size() == 1) {
            value = value.contains("=") ? value.substring(value.indexOf('=') + 1) : "true";
        }
        Path last = Path.of(value).getFileName();
        return (last == null ? value : last.toString())
                .replaceFirst("\\.gguf$", "")
                .replaceAll("[^A-Za-z0-9._-]", "_");
    }

    private Argument argument(CommandLine parser, String command, String key, Value value) {
        return argument(parser, command, key, value.line(), yaml.texts(value, "'" + key + "'"), YamlTree.isList(value));
    }

    private Argument argument(
            CommandLine parser, String command, String key, int line, List<String> values, boolean isList) {
        Map<String, ArgSpec> known = keys(parser);
        String reason = NOT_IN_FILES.get(key);
        if (reason != null && parser.getCommandSpec().findOption("--" + key) != null) {
            throw yaml.refusal(line, "key '" + key + "' must be left out of a part: " + reason);
        }
        ArgSpec spec = known.get(key);
        if (spec == null) {
            String nearest = Spelling.suggestion(key, known.keySet());
            throw yaml.refusal(
                    line,
                    "key '" + key + "' is unknown to " + command
                            + (nearest.isEmpty() ? "; see './resonance " + command + " --help'" : nearest));
        }
        if (isList && !spec.isMultiValue()) {
            throw yaml.refusal(line, "'" + key + "' must be one value, is a list; 'for' makes a part of each");
        }
        return new Argument(
                key, line, spec.isOption(), spec instanceof OptionSpec option ? words(option, line, values) : values);
    }

    private List<String> words(OptionSpec option, int line, List<String> values) {
        String name = option.longestName();
        if (option.arity().max() == 0) {
            String value = values.get(0);
            if (!value.equals("true") && !value.equals("false")) {
                throw yaml.refusal(
                        line,
                        "'" + name.substring(2) + "' must be true or false, was '" + value + "'; take one of them");
            }
            return value.equals("true") ? List.of(name) : List.of();
        }
        if (!option.splitRegex().isEmpty()) {
            return Argument.option(name, String.join(",", values));
        }
        return values.stream()
                .flatMap(value -> Argument.option(name, value).stream())
                .toList();
    }

    /** The keys of a command: its options' long names without dashes, and its parameters' in small letters. */
    private static Map<String, ArgSpec> keys(CommandLine parser) {
        Map<String, ArgSpec> keys = new LinkedHashMap<>();
        parser.getCommandSpec().positionalParameters().forEach(parameter -> keys.put(key(parameter), parameter));
        for (OptionSpec option : parser.getCommandSpec().options()) {
            String key = option.longestName().substring(2);
            if (!option.hidden() && !option.usageHelp() && !NOT_IN_FILES.containsKey(key)) {
                keys.put(key, option);
            }
        }
        return keys;
    }

    private static String key(PositionalParamSpec parameter) {
        return parameter.paramLabel().toLowerCase(Locale.ROOT);
    }

    /** Parameters in the order in which the command reads them; one that follows another can't be given alone. */
    private List<Argument> inOrder(CommandLine parser, List<Argument> arguments) {
        List<Argument> ordered = new ArrayList<>();
        @Nullable String missing = null;
        List<PositionalParamSpec> parameters =
                new ArrayList<>(parser.getCommandSpec().positionalParameters());
        parameters.sort(Comparator.comparing(parameter -> parameter.index().min()));
        for (PositionalParamSpec parameter : parameters) {
            Optional<Argument> given = arguments.stream()
                    .filter(argument -> !argument.option() && argument.key().equals(key(parameter)))
                    .findFirst();
            if (given.isEmpty()) {
                missing = missing == null ? key(parameter) : missing;
            } else if (missing != null) {
                throw yaml.refusal(
                        given.get().line(),
                        "'" + given.get().key() + "' must go with '" + missing + "', was given alone; add '" + missing
                                + "'");
            } else {
                ordered.add(given.get());
            }
        }
        arguments.stream().filter(Argument::option).forEach(ordered::add);
        return ordered;
    }
}
