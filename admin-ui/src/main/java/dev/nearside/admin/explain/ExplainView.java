package dev.nearside.admin.explain;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Key;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import dev.nearside.admin.component.ApiCall;
import dev.nearside.admin.component.Curl;
import dev.nearside.admin.component.Glyph;
import dev.nearside.admin.component.Link;
import dev.nearside.admin.component.Note;
import dev.nearside.admin.component.Page;
import dev.nearside.admin.component.Panel;
import dev.nearside.admin.component.Places;
import dev.nearside.admin.component.StateLabel;
import dev.nearside.admin.component.Table;
import dev.nearside.admin.component.Tone;
import dev.nearside.admin.component.Trouble;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.Answer.Refused;
import dev.nearside.admin.control.Answer.SignedOut;
import dev.nearside.admin.control.Answer.Unreachable;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.api.Edges;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.api.Explanation;
import jakarta.annotation.security.PermitAll;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Asks edges what they would do with a viewer's request, and why; nothing is served or fetched for it.
@Route(Places.EXPLAIN)
@PermitAll
final class ExplainView extends Page implements BeforeEnterObserver {

    /// Edges that are asked at once.
    private static final int MOST = 20;

    private final ControlPlane controlPlane;
    private final TextField url = new TextField("Address, as a viewer asks for it");
    private final Select<String> edge = new Select<>();
    private final TextField method = new TextField("Method");
    private final TextArea headers = new TextArea("Headers of the viewer");
    private final Div answers = new Div();
    private final ApiCall command = new ApiCall("");
    private List<String> connected = List.of();

    ExplainView(ControlPlane controlPlane) {
        super(
                "Why is this page stale?",
                "What edges would do with a request right now, and why. Nothing is served or fetched.");
        this.controlPlane = controlPlane;
        url.setId("explain-url");
        url.setPlaceholder("https://shop.example.org/static/shop.css");
        url.addClassName("wide");
        edge.setId("explain-edge");
        edge.setLabel("Edge");
        edge.setItemLabelGenerator(name -> name.isEmpty() ? "Every connected edge" : name);
        method.setId("explain-method");
        method.setValue("GET");
        headers.setId("explain-headers");
        headers.setPlaceholder("Accept-Encoding: gzip");
        headers.setHelperText("One a line, as Name: value. They stay on this page.");
        headers.addClassName("wide");
        answers.setId("explain-answers");
        answers.addClassName("page-body");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        var asked = event.getLocation().getQueryParameters();
        var fleet = controlPlane.edges();
        if (!(fleet instanceof Done<Edges>(var edges))) {
            var trouble = Trouble.note(fleet);
            if (trouble != null) body(trouble);
            return;
        }
        connected = edges.items().stream()
                .filter(item -> item.state().equals("connected"))
                .map(Edges.Item::name)
                .sorted()
                .toList();
        var names = edges.items().stream().map(Edges.Item::name).sorted().toList();
        edge.setItems(Stream.concat(Stream.of(""), names.stream()).toList());
        var chosen = asked.getSingleParameter("edge").orElse("");
        edge.setValue(names.contains(chosen) ? chosen : "");
        asked.getSingleParameter("url").ifPresent(url::setValue);
        body(form(), answers);
        if (url.isEmpty()) answers.removeAll();
        else ask();
    }

    private Component form() {
        var explain = new Button("Explain", Glyph.QUESTION.draw(), _ -> askAnew());
        explain.setId("explain-ask");
        explain.addThemeVariants(ButtonVariant.PRIMARY);
        url.addKeyPressListener(Key.ENTER, _ -> askAnew());
        var fields = new Div(url, edge, method, headers);
        fields.addClassName("form");
        var buttons = new Div(explain);
        buttons.addClassName("buttons");
        showCommand();
        return new Panel("Request", fields, buttons, command);
    }

    /// The question goes into the address, so that a link shows a colleague the same; headers may be secret and do not.
    private void askAnew() {
        var place = Places.explain(url.getValue().strip(), edge.getValue());
        getUI().ifPresent(ui -> ui.getPage().getHistory().replaceState(null, place));
        ask();
    }

    private void showCommand() {
        command.show(new Curl(controlPlane.address()).post("/explain", question(edge.getValue())));
    }

    private ExplainRequest question(String name) {
        return new ExplainRequest(
                url.getValue().strip(), method.getValue().strip(), written(), null, name.isEmpty() ? null : name);
    }

    private Map<String, String> written() {
        var written = new LinkedHashMap<String, String>();
        headers.getValue()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(line -> {
                    int colon = line.indexOf(':');
                    // Without a colon it is no header name, and is refused as one.
                    var name = colon < 0 ? line : line.substring(0, colon).strip();
                    written.merge(
                            name, colon < 0 ? "" : line.substring(colon + 1).strip(), (one, two) -> one + ", " + two);
                });
        return written;
    }

    private void ask() {
        List.of(url, method).forEach(field -> field.setInvalid(false));
        headers.setInvalid(false);
        answers.removeAll();
        showCommand();
        if (!edge.getValue().isEmpty() || connected.size() < 2) {
            one(controlPlane.explain(question(edge.getValue())));
            return;
        }
        var all = askAll(connected.stream().limit(MOST).toList());
        var first = all.values().iterator().next();
        if (first instanceof Refused<Explanation> refused && !refused.problems().isEmpty()) {
            one(first);
            return;
        }
        answers.add(overview(all));
        all.values().stream()
                .flatMap(answer -> answer instanceof Done<Explanation>(var said) ? Stream.of(said) : Stream.empty())
                .findFirst()
                .ifPresent(said -> ExplanationParts.of(said).forEach(answers::add));
    }

    /// All at once: one that says nothing holds up nobody else.
    private Map<String, Answer<Explanation>> askAll(List<String> names) {
        var questions = names.stream()
                .map(name -> (Callable<Answer<Explanation>>) () -> controlPlane.explain(question(name)))
                .toList();
        var all = new LinkedHashMap<String, Answer<Explanation>>();
        try (var asking = Executors.newVirtualThreadPerTaskExecutor()) {
            var coming = asking.invokeAll(questions);
            for (var i = 0; i < names.size(); i++)
                all.put(names.get(i), coming.get(i).get());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug.getCause());
        }
        return all;
    }

    private void one(Answer<Explanation> answer) {
        switch (answer) {
            case Done<Explanation>(var said) -> ExplanationParts.of(said).forEach(answers::add);
            case Refused<Explanation>(var _, var title, var detail, var problems)
            when !problems.isEmpty() -> {
                mark(problems);
                answers.add(new Note(Tone.BAD, title, detail, Trouble.spelled(problems)).alert());
            }
            case Answer<Explanation> other -> {
                var trouble = Trouble.note(other);
                if (trouble != null) answers.add(trouble.alert());
            }
        }
    }

    private void mark(List<Problem> problems) {
        var ofUrl = said(problems, "url");
        url.setErrorMessage(ofUrl);
        url.setInvalid(!ofUrl.isEmpty());
        var ofMethod = said(problems, "method");
        method.setErrorMessage(ofMethod);
        method.setInvalid(!ofMethod.isEmpty());
        var ofHeaders = said(problems, "headers");
        headers.setErrorMessage(ofHeaders);
        headers.setInvalid(!ofHeaders.isEmpty());
    }

    private static String said(List<Problem> problems, String path) {
        return problems.stream()
                .filter(problem -> problem.path().equals(path) || problem.path().startsWith(path + "."))
                .map(Problem::message)
                .collect(Collectors.joining("; "));
    }

    private Component overview(Map<String, Answer<Explanation>> all) {
        var table = new Table<Map.Entry<String, Answer<Explanation>>>("explain-edges", "What each edge would do")
                .rowId(each -> "explain-" + each.getKey())
                .column("Edge", each -> new Link(Places.explain(url.getValue().strip(), each.getKey()), each.getKey()))
                .column("Decision", each -> decision(each.getValue()))
                .text("Why", each -> why(each.getValue()))
                .number(
                        "Age",
                        each -> each.getValue().map(ExplanationParts::age).orElse("—"))
                .number(
                        "Snapshot",
                        each -> each.getValue()
                                .map(said -> String.valueOf(said.snapshotVersion()))
                                .orElse("—"));
        table.show(List.copyOf(all.entrySet()));
        var panel = new Panel("Every edge decides for itself", table);
        if (connected.size() > all.size()) {
            panel.note("The first %d of %d connected edges; choose another one above"
                    .formatted(all.size(), connected.size()));
        }
        return panel;
    }

    private static Component decision(Answer<Explanation> answer) {
        return answer instanceof Done<Explanation>(var said)
                ? ExplanationParts.outcome(said)
                : new StateLabel(Tone.WARN, "no answer");
    }

    private static String why(Answer<Explanation> answer) {
        return switch (answer) {
            case Done<Explanation>(var said) -> said.sentence();
            case Refused<Explanation>(var _, var title, var detail, var _) -> detail.isEmpty() ? title : detail;
            case Unreachable<Explanation>(var reason) -> reason;
            case SignedOut<Explanation> _ -> "";
        };
    }
}
