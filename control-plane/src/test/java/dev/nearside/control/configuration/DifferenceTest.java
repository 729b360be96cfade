package dev.nearside.control.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.configuration.Difference.Change;
import dev.nearside.control.configuration.Difference.Way;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferenceTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        # before                          | after                             | what changed
        {'a':1}                           | {'a':1}                           |
        {'a':1}                           | {'a':2}                           | changed a 1 -> 2
        {}                                | {'a':1}                           | added a -> 1
        {'a':1}                           | {}                                | removed a 1 ->
        {'a':{'b':1,'c':1}}               | {'a':{'b':2,'c':1}}               | changed a.b 1 -> 2
        {'a':{'b':1}}                     | {'a':[1]}                         | changed a {'b':1} -> [1]
        {'a':'1'}                         | {'a':1}                           | changed a '1' -> 1
        # plain values are a set
        {'a':['x','y']}                   | {'a':['y','x']}                   |
        {'a':['x','y']}                   | {'a':['y','z']}                   | removed a[x] 'x' ->; added a[z] -> 'z'
        {'a':[404]}                       | {'a':[404,500]}                   | added a[500] -> 500
        # unless one is there twice
        {'a':['x','x']}                   | {'a':['x','y']}                   | changed a[1] 'x' -> 'y'
        # elements are known by what names them
        {'o':[{'id':'s','p':1}]}          | {'o':[{'id':'s','p':2}]}          | changed o[s].p 1 -> 2
        {'o':[{'id':'s'},{'id':'t'}]}     | {'o':[{'id':'t'}]}                | removed o[s] {'id':'s'} ->
        {'o':[{'id':'s'},{'id':'t'}]}     | {'o':[{'id':'t'},{'id':'s'}]}     |
        {'h':[{'name':'X','value':'1'}]}  | {'h':[{'name':'X','value':'2'}]}  | changed h[X].value '1' -> '2'
        {'e':[{'errorCode':404}]}         | {'e':[{'errorCode':503}]}         | removed e[404] {'errorCode':404} ->; added e[503] -> {'errorCode':503}
        # or else by their place
        {'o':[{'p':1},{'p':2}]}           | {'o':[{'p':2}]}                   | changed o[0].p 1 -> 2; removed o[1] {'p':2} ->
        {'o':[{'id':'s'},{'id':'s'}]}     | {'o':[{'id':'s'}]}                | removed o[1] {'id':'s'} ->
        # the order of behaviors and of members of a group says what is tried first
        {'b':[{'pathPattern':'/a'},{'pathPattern':'/b'}]} | {'b':[{'pathPattern':'/b'},{'pathPattern':'/a'}]} | moved b[/b] 1 -> 0
        {'b':[{'pathPattern':'/a'},{'pathPattern':'/b'},{'pathPattern':'/c'}]} | {'b':[{'pathPattern':'/c'},{'pathPattern':'/a'},{'pathPattern':'/b'}]} | moved b[/c] 2 -> 0
        {'b':[{'pathPattern':'/a'},{'pathPattern':'/b'}]} | {'b':[{'pathPattern':'/n'},{'pathPattern':'/a'},{'pathPattern':'/b'}]} | added b[/n] -> {'pathPattern':'/n'}
        {'m':[{'originId':'p'},{'originId':'s'}]} | {'m':[{'originId':'s'},{'originId':'p'}]} | moved m[s] 1 -> 0
        # a behavior that moved and changed is told twice
        {'b':[{'pathPattern':'/a'},{'pathPattern':'/b','c':1}]} | {'b':[{'pathPattern':'/b','c':2},{'pathPattern':'/a'}]} | changed b[/b].c 1 -> 2; moved b[/b] 1 -> 0
        """)
    void tellsWhatChanged(String before, String after, String told) {
        var changes = Difference.between(before.replace('\'', '"'), after.replace('\'', '"'));

        assertThat(String.join("; ", changes.stream().map(DifferenceTest::words).toList()))
                .isEqualTo(told == null ? "" : told);
    }

    private static String words(Change change) {
        var told = "%s %s %s -> %s"
                .formatted(
                        change.way().word(),
                        change.path(),
                        change.before().map(JsonValue::toString).orElse(""),
                        change.after().map(JsonValue::toString).orElse(""));
        return told.replace('"', '\'').replace("  ", " ").strip();
    }

    /// Documents as ours are: members are scalars, sets of words, elements with an id, ordered elements.
    @Provide
    Arbitrary<JsonValue> documents() {
        var word = Arbitraries.of("a", "b", "c", "d", "e");
        var number = Arbitraries.integers().between(0, 3).map(Json::createValue);
        var element = number.list().ofMaxSize(2);
        var named = word.list().uniqueElements().ofMaxSize(5);
        return Combinators.combine(number.optional(), word.set().ofMaxSize(4), named, named, element, element)
                .as((scalar, words, ids, patterns, values, more) -> {
                    var document = Json.createObjectBuilder();
                    scalar.ifPresent(value -> document.add("scalar", value));
                    // A set is written in one order, so that equal sets are equal documents.
                    var sorted = new ArrayList<>(words);
                    sorted.sort(null);
                    document.add("set", Json.createArrayBuilder(sorted));
                    document.add("origins", list("id", ids.stream().sorted().toList(), values));
                    document.add("behaviors", list("pathPattern", patterns, more));
                    document.add("plain", Json.createObjectBuilder(Map.of("inner", values.size())));
                    return document.build();
                });
    }

    private static JsonValue list(String identity, List<String> ids, List<? extends JsonValue> values) {
        var list = Json.createArrayBuilder();
        for (int i = 0; i < ids.size(); i++) {
            var element = Json.createObjectBuilder().add(identity, ids.get(i));
            if (!values.isEmpty()) element.add("value", values.get(i % values.size()));
            list.add(element);
        }
        return list.build();
    }

    @Property(tries = 300)
    void onlyEqualDocumentsDoNotDiffer(@ForAll("documents") JsonValue before, @ForAll("documents") JsonValue after) {
        assertThat(Difference.between(before, after).isEmpty()).isEqualTo(before.equals(after));
        assertThat(Difference.between(before, before)).isEmpty();
    }

    @Property(tries = 300)
    void theWayBackUndoesEveryChange(@ForAll("documents") JsonValue before, @ForAll("documents") JsonValue after) {
        assertThat(Difference.between(after, before))
                .containsExactlyInAnyOrderElementsOf(Difference.between(before, after).stream()
                        .map(DifferenceTest::undone)
                        .toList());
    }

    private static Change undone(Change change) {
        var way = switch (change.way()) {
            case ADDED -> Way.REMOVED;
            case REMOVED -> Way.ADDED;
            case CHANGED -> Way.CHANGED;
            case MOVED -> Way.MOVED;
        };
        var before = change.after();
        var after = change.before();
        return new Change(change.path(), way, before, after);
    }

    @ParameterizedTest
    @CsvSource({"{}", "[]", "1"})
    void aDocumentComesOutOfNothingAndGoesBack(String document) {
        assertThat(Difference.whole(document).after()).contains(Difference.tree(document));
        assertThat(Difference.nothingOf(document).before()).contains(Difference.tree(document));
        assertThat(Difference.whole(document).before()).isEqualTo(Optional.empty());
    }
}
