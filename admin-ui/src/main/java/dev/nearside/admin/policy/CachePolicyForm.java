package dev.nearside.admin.policy;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.CachePolicyDocument;
import dev.nearside.model.wire.CookiesConfig;
import dev.nearside.model.wire.HeadersConfig;
import dev.nearside.model.wire.QueryStringsConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The fields of a cache policy. It knows which path of the document each field writes, and no rule about them.
final class CachePolicyForm extends Div {

    private final TextField name = new TextField("Name");
    private final TextField comment = new TextField("Description");
    private final IntegerField minTtl = seconds("policy-min-ttl", "At least (seconds)");
    private final IntegerField defaultTtl = seconds("policy-default-ttl", "When the origin says nothing (seconds)");
    private final IntegerField maxTtl = seconds("policy-max-ttl", "At most (seconds)");
    private final NamesField headers = new NamesField("policy-headers", "Headers", List.of("none", "whitelist"));
    private final NamesField cookies =
            new NamesField("policy-cookies", "Cookies", List.of("none", "whitelist", "allExcept", "all"));
    private final NamesField queries =
            new NamesField("policy-queries", "Query parameters", List.of("none", "whitelist", "allExcept", "all"));
    private final Checkbox gzip = new Checkbox("gzip");
    private final Checkbox brotli = new Checkbox("Brotli");
    private final Checkbox overrides = new Checkbox("\u201cAt least\u201d holds against no-store and private as well");
    private final Checkbox heuristic = new Checkbox("Without a lifetime, a tenth of the age since Last-Modified");
    private final Checkbox replays = new Checkbox("Store Set-Cookie and send it to every viewer");

    /// Where a problem's path leads, longest path first.
    private final Map<String, Consumer<String>> marks = new LinkedHashMap<>();

    private @Nullable String id;

    CachePolicyForm() {
        addClassName("form");
        name.setId("policy-name");
        comment.setId("policy-description");
        gzip.setId("policy-gzip");
        brotli.setId("policy-brotli");
        var compression = new Div(gzip, brotli);
        compression.addClassName("row");
        add(name, comment);
        overrides.setId("policy-overrides");
        heuristic.setId("policy-heuristic");
        replays.setId("policy-replays");
        overrides.setHelperText("Private pages may reach other viewers.");
        replays.setHelperText("One viewer's session may reach other viewers.");
        add(new H3("How long objects live"), minTtl, defaultTtl, maxTtl, overrides, heuristic);
        add(new H3("What tells objects apart"), headers, cookies, queries);
        add(new H3("Compressed variants are kept apart"), compression);
        add(new H3("What every viewer is sent"), replays);
        marks.put("name", problem -> mark(name, problem));
        marks.put("comment", problem -> mark(comment, problem));
        marks.put("minTTL", problem -> mark(minTtl, problem));
        marks.put("defaultTTL", problem -> mark(defaultTtl, problem));
        marks.put("maxTTL", problem -> mark(maxTtl, problem));
        marks.put("headersConfig", headers::mark);
        marks.put("cookiesConfig", cookies::mark);
        marks.put("queryStringsConfig", queries::mark);
    }

    private static IntegerField seconds(String id, String label) {
        var field = new IntegerField(label);
        field.setId(id);
        return field;
    }

    void show(CachePolicyDocument policy) {
        id = policy.id();
        name.setValue(or(policy.name(), ""));
        comment.setValue(or(policy.comment(), ""));
        minTtl.setValue(small(policy.minTTL()));
        defaultTtl.setValue(small(policy.defaultTTL()));
        maxTtl.setValue(small(policy.maxTTL()));
        var header = policy.headersConfig();
        if (header != null) headers.set(header.headerBehavior(), header.headers());
        var cookie = policy.cookiesConfig();
        if (cookie != null) cookies.set(cookie.cookieBehavior(), cookie.cookies());
        var query = policy.queryStringsConfig();
        if (query != null) queries.set(query.queryStringBehavior(), query.queryStrings());
        gzip.setValue(Boolean.TRUE.equals(policy.enableAcceptEncodingGzip()));
        brotli.setValue(Boolean.TRUE.equals(policy.enableAcceptEncodingBrotli()));
        overrides.setValue(Boolean.TRUE.equals(policy.minTTLOverridesOrigin()));
        heuristic.setValue(Boolean.TRUE.equals(policy.heuristicFreshness()));
        replays.setValue(Boolean.TRUE.equals(policy.replaySetCookie()));
    }

    CachePolicyDocument read() {
        return new CachePolicyDocument(
                id,
                name.getValue().strip(),
                comment.getValue().strip(),
                wide(minTtl.getValue()),
                wide(defaultTtl.getValue()),
                wide(maxTtl.getValue()),
                gzip.getValue(),
                brotli.getValue(),
                new HeadersConfig(headers.behavior(), headers.names()),
                new CookiesConfig(cookies.behavior(), cookies.names()),
                new QueryStringsConfig(queries.behavior(), queries.names()),
                orAbsent(overrides),
                orAbsent(heuristic),
                orAbsent(replays));
    }

    /// A switch that is off is left out, as in documents from before it existed.
    private static @Nullable Boolean orAbsent(Checkbox box) {
        return Boolean.TRUE.equals(box.getValue()) ? Boolean.TRUE : null;
    }

    /// Tells whenever a field has another value.
    void onChange(Runnable tell) {
        name.addValueChangeListener(_ -> tell.run());
        comment.addValueChangeListener(_ -> tell.run());
        for (var field : List.of(minTtl, defaultTtl, maxTtl)) field.addValueChangeListener(_ -> tell.run());
        for (var field : List.of(gzip, brotli, overrides, heuristic, replays))
            field.addValueChangeListener(_ -> tell.run());
        for (var field : List.of(headers, cookies, queries)) field.onChange(tell);
    }

    void unmark() {
        for (var field : List.of(name, comment)) field.setInvalid(false);
        for (var field : List.of(minTtl, defaultTtl, maxTtl)) field.setInvalid(false);
        headers.unmark();
        cookies.unmark();
        queries.unmark();
    }

    /// Marks the fields at fault.
    ///
    /// @return the problems that belong to no field
    List<Problem> mark(List<Problem> problems) {
        unmark();
        var said = new LinkedHashMap<String, List<String>>();
        var homeless = new ArrayList<Problem>();
        for (var problem : problems) {
            var field = marks.keySet().stream()
                    .filter(path -> problem.path().equals(path)
                            || problem.path().startsWith(path + ".")
                            || problem.path().startsWith(path + "["))
                    .findFirst();
            field.ifPresentOrElse(
                    path -> said.computeIfAbsent(path, _ -> new ArrayList<>()).add(problem.message()),
                    () -> homeless.add(problem));
        }
        said.forEach((path, messages) -> Objects.requireNonNull(marks.get(path)).accept(String.join("\n", messages)));
        return homeless;
    }

    private static void mark(TextField field, String problem) {
        field.setErrorMessage(problem);
        field.setInvalid(true);
    }

    private static void mark(IntegerField field, String problem) {
        field.setErrorMessage(problem);
        field.setInvalid(true);
    }

    private static @Nullable Integer small(@Nullable Long value) {
        return value == null ? null : (Integer) Math.toIntExact(Math.min(value, Integer.MAX_VALUE));
    }

    private static @Nullable Long wide(@Nullable Integer value) {
        return value == null ? null : (Long) value.longValue();
    }

    private static String or(@Nullable String text, String otherwise) {
        return Objects.requireNonNullElse(text, otherwise);
    }

    /// What differs between two versions, by the names that the form uses.
    static List<String> differences(CachePolicyDocument mine, CachePolicyDocument theirs) {
        var fields = new LinkedHashMap<String, Function<CachePolicyDocument, @Nullable Object>>();
        fields.put("Name", CachePolicyDocument::name);
        fields.put("Description", CachePolicyDocument::comment);
        fields.put("At least", CachePolicyDocument::minTTL);
        fields.put("When the origin says nothing", CachePolicyDocument::defaultTTL);
        fields.put("At most", CachePolicyDocument::maxTTL);
        fields.put("gzip", CachePolicyDocument::enableAcceptEncodingGzip);
        fields.put("Brotli", CachePolicyDocument::enableAcceptEncodingBrotli);
        var different = new ArrayList<String>();
        fields.forEach((label, value) -> {
            var here = value.apply(mine);
            var there = value.apply(theirs);
            if (!Objects.equals(here, there)) different.add("%s: yours %s, theirs %s".formatted(label, here, there));
        });
        if (!headers(mine).equals(headers(theirs))) different.add("Headers");
        if (!cookies(mine).equals(cookies(theirs))) different.add("Cookies");
        if (!queries(mine).equals(queries(theirs))) different.add("Query parameters");
        return different;
    }

    /// Absent and empty lists mean the same.
    private static List<String> headers(CachePolicyDocument policy) {
        var config = policy.headersConfig();
        return config == null ? List.of("none") : all(config.headerBehavior(), config.headers());
    }

    private static List<String> cookies(CachePolicyDocument policy) {
        var config = policy.cookiesConfig();
        return config == null ? List.of("none") : all(config.cookieBehavior(), config.cookies());
    }

    private static List<String> queries(CachePolicyDocument policy) {
        var config = policy.queryStringsConfig();
        return config == null ? List.of("none") : all(config.queryStringBehavior(), config.queryStrings());
    }

    private static List<String> all(@Nullable String behavior, @Nullable List<String> names) {
        var all = new ArrayList<>(List.of(or(behavior, "none")));
        if (names != null) all.addAll(names);
        return all;
    }
}
