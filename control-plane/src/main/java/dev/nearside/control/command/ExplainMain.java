package dev.nearside.control.command;

import dev.nearside.command.CommandLines;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.api.Explanation;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints what an edge would do with a request, and why.
@Command(
        name = "nearside explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Says what an edge would do with a request, and why; nothing is served or fetched for it.",
            "",
            "Asks through a control plane, with an API token in NEARSIDE_TOKEN or --token-file, or with",
            "--management an edge itself.",
            ""
        })
public final class ExplainMain implements Callable<Integer> {
    /// Longer than a control plane waits for an edge.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "URL", description = "What a viewer asks for.")
    private String url = "";

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "A header of the viewer; may be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = {"-X", "--method"},
            paramLabel = "METHOD",
            description = "The viewer's method (default: GET).")
    private @Nullable String method;

    @Option(names = "--client-ip", paramLabel = "ADDRESS", description = "The viewer's address (default: 127.0.0.1).")
    private @Nullable String clientIp;

    @Option(names = "--edge", paramLabel = "NAME", description = "Which edge to ask (default: any connected one).")
    private @Nullable String edge;

    @Option(
            names = "--control-plane",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8070",
            description = "Through which control plane (default: ${DEFAULT-VALUE}).")
    private String controlPlane = "";

    @Option(
            names = "--management",
            paramLabel = "URL",
            description = "The management port of an edge, to ask it without a control plane.")
    private @Nullable String management;

    @Mixin
    private final Connection connection;

    @Option(names = "--json", description = "Print the answer as it came.")
    private boolean json;

    ExplainMain(Map<String, String> environment) {
        this.connection = new Connection(environment);
    }

    public static void main(String[] arguments) {
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    static CommandLine commandLine(Map<String, String> environment) {
        return CommandLines.of(new ExplainMain(environment));
    }

    @Override
    public Integer call() throws InterruptedException {
        var out = commandLine().getOut();
        var question = Json.write(new ExplainRequest(url, method, viewerHeaders(), clientIp, edge));
        HttpResponse<String> response;
        try (var http = connection.client(PATIENCE)) {
            response = http.send(request(question), BodyHandlers.ofString());
        } catch (IOException e) {
            return failed("%s cannot be reached: %s".formatted(target(), Problems.reason(e)));
        }
        if (response.statusCode() != 200) return failed(Problems.of(response, Problems.Detail.WITHOUT_PROBLEMS));
        if (json) {
            out.println(response.body());
            return 0;
        }
        return switch (Json.readKnown(response.body(), Explanation.class)) {
            case Checked.Valid<Explanation>(var explanation) -> {
                out.print(ExplanationText.of(explanation));
                out.flush();
                yield 0;
            }
            case Checked.Invalid<Explanation>(var problems) ->
                failed("the answer is of another release: " + problems.getFirst());
        };
    }

    private HttpRequest request(String question) {
        var request = HttpRequest.newBuilder(target())
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(question));
        if (management == null)
            connection.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return request.build();
    }

    private URI target() {
        return management == null
                ? connection.controlPlane(controlPlane).resolve("/api/v1/explain")
                : connection.edge(management).resolve("/explain");
    }

    private Map<String, String> viewerHeaders() {
        var named = new LinkedHashMap<String, String>();
        for (var header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new ParameterException(commandLine(), "-H: \"%s\" (expected: 'Name: value')".formatted(header));
            }
            var value = header.substring(colon + 1).strip();
            named.merge(header.substring(0, colon).strip(), value, (first, second) -> first + ", " + second);
        }
        return named;
    }

    private int failed(String why) {
        PrintWriter err = commandLine().getErr();
        err.println(why);
        err.flush();
        return 1;
    }

    private CommandLine commandLine() {
        if (spec == null) throw new IllegalStateException("picocli has not been here");
        return spec.commandLine();
    }
}
