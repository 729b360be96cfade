package dev.nearside.command;

import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command lines of all our programs. Each knows its version, and says of an option that cannot be which one it is,
/// what was said and what was expected, then where all of them are listed; and ends with status 2.
public final class CommandLines {

    private static final int REFUSED = 2;

    /// In characters: names of hosts, files and URLs are not broken in two.
    private static final int WIDTH = 110;

    private CommandLines() {}

    /// The command line of a command that picocli describes.
    public static CommandLine of(Object command) {
        var commandLine = new CommandLine(command);
        whole(commandLine, int.class, Integer.class, Integer.MAX_VALUE, Integer::valueOf);
        whole(commandLine, long.class, Long.class, Long.MAX_VALUE, Long::valueOf);
        ITypeConverter<Double> number = said -> converted(said, "a number", Double::valueOf);
        commandLine.registerConverter(double.class, number).registerConverter(Double.class, number);
        commandLine.registerConverter(URI.class, CommandLines::address);
        commandLine.setParameterExceptionHandler((wrong, _) -> refuse(wrong));
        commandLine.setUsageHelpWidth(WIDTH);
        describe(commandLine);
        return commandLine;
    }

    private static <T> void whole(
            CommandLine commandLine, Class<T> type, Class<T> boxed, long most, Function<String, T> read) {
        ITypeConverter<T> converter =
                said -> converted(said, said.matches("[0-9]{10,}") ? "at most " + most : "a whole number", read);
        commandLine.registerConverter(type, converter).registerConverter(boxed, converter);
    }

    private static <T> T converted(String said, String expected, Function<String, T> read) {
        try {
            return read.apply(said);
        } catch (NumberFormatException _) {
            throw new TypeConversionException("%s (expected: %s)".formatted(said, expected));
        }
    }

    private static URI address(String said) {
        try {
            return new URI(said);
        } catch (URISyntaxException _) {
            throw new TypeConversionException("%s (expected: http://HOST:PORT)".formatted(said));
        }
    }

    private static void describe(CommandLine commandLine) {
        commandLine.getCommandSpec().versionProvider(new BuildVersion());
        commandLine.getCommandSpec().usageMessage().sortOptions(false);
        commandLine.getSubcommands().values().forEach(CommandLines::describe);
    }

    private static int refuse(ParameterException wrong) {
        var commandLine = wrong.getCommandLine();
        PrintWriter err = commandLine.getErr();
        err.println(message(wrong));
        err.println(
                "All options: %s --help".formatted(commandLine.getCommandSpec().qualifiedName()));
        err.flush();
        return REFUSED;
    }

    private static String message(ParameterException wrong) {
        return switch (wrong) {
            case MissingParameterException missing
            when !missing.getMissing().isEmpty() ->
                missing.getMissing().stream().map(CommandLines::isMissing).collect(Collectors.joining("\n"));
            case OverwrittenOptionException twice -> name(twice.getOverwritten()) + ": said twice (expected: once)";
            case UnmatchedArgumentException unknown -> unknown(unknown);
            default -> {
                if (String.valueOf(wrong.getMessage()).equals("Missing required subcommand")) {
                    yield "COMMAND: missing (expected: %s)".formatted(commands(wrong.getCommandLine()));
                }
                yield wrong.getCause() instanceof TypeConversionException conversion && wrong.getArgSpec() != null
                        ? name(wrong.getArgSpec()) + ": " + conversion.getMessage()
                        : String.valueOf(wrong.getMessage());
            }
        };
    }

    private static String commands(CommandLine commandLine) {
        var names = List.copyOf(commandLine.getSubcommands().keySet());
        return names.size() == 1
                ? names.getFirst()
                : String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
    }

    private static String isMissing(ArgSpec argument) {
        return argument instanceof OptionSpec
                ? "%s: missing (expected: %s)".formatted(name(argument), argument.paramLabel())
                : argument.paramLabel() + ": missing";
    }

    // What stands behind an unknown option was meant for it.
    private static String unknown(UnmatchedArgumentException wrong) {
        var unknown = wrong.getUnmatched();
        var known = wrong.getCommandLine();
        if (!known.getSubcommands().isEmpty() && !unknown.getFirst().startsWith("-")) {
            return "%s: no such command (expected: %s)".formatted(unknown.getFirst(), commands(known));
        }
        var options = unknown.stream().filter(word -> word.startsWith("-")).toList();
        if (options.isEmpty()) return "%s: belongs to no option".formatted(String.join(" ", unknown));
        var meant = unknown.getFirst().startsWith("-") ? wrong.getSuggestions() : List.<String>of();
        return "%s: no such option%s"
                .formatted(
                        String.join(", ", options),
                        meant.isEmpty() ? "" : " (near it: %s)".formatted(String.join(", ", meant)));
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
