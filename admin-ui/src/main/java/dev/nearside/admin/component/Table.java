package dev.nearside.admin.component;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Tag;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.dom.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A plain table; on a narrow screen each row becomes a card that names its values.
public final class Table<T> extends Div {

    private record Column<T>(String name, Function<T, Component> cell, boolean isNumber) {}

    @Tag("table")
    private static final class Body extends Component {}

    private final List<Column<T>> columns = new ArrayList<>();
    private final Body body = new Body();
    private final Element lines = new Element("tbody");
    private Function<T, String> rowId = _ -> "";

    public Table(String id, String description) {
        addClassName("table");
        setId(id);
        getElement().setAttribute("tabindex", "0");
        getElement().setAttribute("role", "region");
        getElement().setAttribute("aria-label", description);
        add(body);
    }

    public Table<T> text(String name, Function<T, String> value) {
        return column(name, row -> new Span(value.apply(row)));
    }

    public Table<T> column(String name, Function<T, Component> cell) {
        columns.add(new Column<>(name, cell, false));
        return this;
    }

    public Table<T> number(String name, Function<T, String> value) {
        columns.add(new Column<>(name, row -> new Span(value.apply(row)), true));
        return this;
    }

    /// A point in time, never broken over two lines.
    public Table<T> when(String name, Function<T, String> value) {
        return column(name, row -> {
            var time = new Span(value.apply(row));
            time.addClassName("when");
            return time;
        });
    }

    /// Gives each row an id that tests and links can rely on.
    public Table<T> rowId(Function<T, String> id) {
        rowId = id;
        return this;
    }

    /// Shows these rows; cells that did not change stay as they are, so a reader's place is kept.
    public void show(List<T> rows) {
        if (lines.getChildCount() == 0) body.getElement().appendChild(headings(), lines);
        while (lines.getChildCount() > rows.size()) lines.removeChild(lines.getChildCount() - 1);
        for (var i = 0; i < rows.size(); i++) {
            if (i < lines.getChildCount()) update(lines.getChild(i), rows.get(i));
            else lines.appendChild(line(rows.get(i)));
        }
    }

    private Element headings() {
        var heading = new Element("tr");
        for (var column : columns) {
            var cell = new Element("th");
            cell.setAttribute("scope", "col");
            cell.setText(column.name());
            if (column.isNumber()) cell.getClassList().add("number");
            heading.appendChild(cell);
        }
        return new Element("thead").appendChild(heading);
    }

    private Element line(T row) {
        var line = new Element("tr");
        var id = rowId.apply(row);
        if (!id.isEmpty()) line.setAttribute("id", id);
        for (var column : columns) {
            var cell = new Element("td");
            cell.setAttribute("data-label", column.name());
            if (column.isNumber()) cell.getClassList().add("number");
            cell.appendChild(column.cell().apply(row).getElement());
            line.appendChild(cell);
        }
        return line;
    }

    private void update(Element line, T row) {
        var id = rowId.apply(row);
        if (!id.isEmpty()) line.setAttribute("id", id);
        for (var i = 0; i < columns.size(); i++) {
            var cell = line.getChild(i);
            var now = columns.get(i).cell().apply(row).getElement();
            if (cell.getChild(0).getOuterHTML().equals(now.getOuterHTML())) continue;
            cell.removeAllChildren();
            cell.appendChild(now);
        }
    }
}
