package dev.nearside.control.command;

import dev.nearside.command.CommandLines;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.ConfigurationDifference;
import dev.nearside.model.wire.api.Draft;
import dev.nearside.model.wire.api.NewSnapshot;
import dev.nearside.model.wire.api.Snapshots;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Keeps the whole configuration of a control plane in a file, as one keeps code.
@Command(
        name = "nearside config",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Keeps the configuration of a control plane in a file.",
            "",
            "An API token is expected in NEARSIDE_TOKEN or --token-file. Exit code: 0 the file and the control plane",
            "say the same, or do now; 1 they differ (diff); 2 refused, and nothing was changed.",
            ""
        })
public final class ConfigMain {
    static final int SAME = 0;
    static final int DIFFERS = 1;
    static final int REFUSED = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--control-plane",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8070",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Which control plane (default: ${DEFAULT-VALUE}).")
    private String controlPlane = "";

    @Mixin
    private final Connection connection;

    ConfigMain(Map<String, String> environment) {
        this.connection = new Connection(environment);
    }

    public static void main(String[] arguments) {
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    /// The command, as the given environment sees it.
    public static CommandLine commandLine(Map<String, String> environment) {
        var line = CommandLines.of(new ConfigMain(environment));
        line.setExecutionExceptionHandler((failure, command, _) -> {
            if (!(failure instanceof NotDone)) throw failure;
            command.getErr().println(failure.getMessage());
            command.getErr().flush();
            return REFUSED;
        });
        return line;
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Writes everything that is saved to a file, or to the standard output.")
    int export(
            @Parameters(paramLabel = "FILE", arity = "0..1", description = "Where to; replaced as a whole.") @Nullable
                    Path file)
            throws NotDone, InterruptedException {
        var exported = call("GET", "/config", "", Optional.empty());
        if (file == null) {
            out().print(exported.body());
            out().flush();
            return SAME;
        }
        try {
            Files.writeString(file, exported.body());
        } catch (IOException e) {
            throw new NotDone("%s cannot be written (expected: a file in a folder that is there)".formatted(file));
        }
        return SAME;
    }

    @Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description = "Tells what applying a file would change, and changes nothing.")
    int diff(
            @Parameters(paramLabel = "FILE", description = "A configuration, as export writes it.") Path file,
            @Option(names = "--json", description = "Print the answer as it came.") boolean json)
            throws NotDone, InterruptedException {
        var answer = call("PUT", "/config?dryRun=true", read(file), Optional.empty());
        var difference = read(answer, ConfigurationDifference.class);
        out().print(json ? answer.body() : DifferenceText.of(difference.documents()));
        out().println(json ? "" : "Compared with the configuration %s.".formatted(difference.etag()));
        out().flush();
        return difference.documents().isEmpty() ? SAME : DIFFERS;
    }

    @Command(
            name = "apply",
            mixinStandardHelpOptions = true,
            description = {
                "Makes the configuration what a file says: creates, updates and deletes, all or nothing.",
                "Edges see nothing of it before it is published."
            })
    int apply(
            @Parameters(paramLabel = "FILE", description = "A configuration, as export writes it.") Path file,
            @Option(names = "--comment", paramLabel = "TEXT", defaultValue = "", description = "Why.") String comment,
            @Option(
                            names = "--if-match",
                            paramLabel = "ETAG",
                            description = "Only if the configuration is still the one with this ETag"
                                    + " (default: the one that is there).")
                    @Nullable
                    String ifMatch,
            @Option(names = "--publish", description = "Publish it as well, unless somebody saves more meanwhile.")
                    boolean publish)
            throws NotDone, InterruptedException {
        var wanted = read(file);
        var etag = ifMatch == null
                ? call("GET", "/config", "", Optional.empty()).headers().firstValue("ETag")
                : Optional.of(ifMatch.startsWith("\"") ? ifMatch : "\"" + ifMatch + "\"");
        var query = comment.isEmpty() ? "" : "?comment=" + URLEncoder.encode(comment, StandardCharsets.UTF_8);
        var difference = read(call("PUT", "/config" + query, wanted, etag), ConfigurationDifference.class);
        out().print(DifferenceText.of(difference.documents()));
        if (publish) out().println(publish(comment, difference.draft()));
        out().flush();
        return SAME;
    }

    /// Publishes a draft, unless edges have all of it already.
    private String publish(String comment, String etag) throws NotDone, InterruptedException {
        var draft = read(call("GET", "/draft", "", Optional.empty()), Draft.class);
        if (draft.etag().equals(etag) && draft.documents().isEmpty()) {
            return "Snapshot %d says the same; nothing is published.".formatted(draft.snapshot());
        }
        var made = call("POST", "/snapshots", Json.write(new NewSnapshot(comment, null)), Optional.of(etag));
        return "Published as snapshot %d."
                .formatted(read(made, Snapshots.Item.class).version());
    }

    private static <T extends Record> T read(HttpResponse<String> answer, Class<T> type) throws NotDone {
        return switch (Json.readKnown(answer.body(), type)) {
            case Checked.Valid<T>(var value) -> value;
            case Checked.Invalid<T>(var problems) ->
                throw new NotDone("the answer is of another release: " + problems.getFirst());
        };
    }

    private static String read(Path file) throws NotDone {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new NotDone("%s cannot be read (expected: a configuration in JSON)".formatted(file));
        }
    }

    /// A call that was answered with success.
    private HttpResponse<String> call(String method, String path, String body, Optional<String> ifMatch)
            throws NotDone, InterruptedException {
        var target = URI.create(connection.controlPlane(controlPlane).resolve("/") + "api/v1" + path);
        var request = HttpRequest.newBuilder(target)
                .timeout(PATIENCE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) request.header("Content-Type", "application/json");
        ifMatch.ifPresent(etag -> request.header("If-Match", etag));
        connection.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        try (var http = connection.client(PATIENCE)) {
            var response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new NotDone(Problems.of(response, Problems.Detail.WITHOUT_PROBLEMS));
            }
            return response;
        } catch (IOException e) {
            throw new NotDone("%s cannot be reached: %s".formatted(target, Problems.reason(e)));
        }
    }

    private PrintWriter out() {
        return commandLine().getOut();
    }

    private CommandLine commandLine() {
        if (spec == null) throw new IllegalStateException("picocli has not been here");
        return spec.commandLine();
    }

    /// Why something was not done, in words for people.
    static final class NotDone extends Exception {
        private static final long serialVersionUID = 1;

        NotDone(String why) {
            super(why);
        }
    }
}
