package dev.nearside.admin.component;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Somebody else saved the document that one was editing: who did, and which of the two is to stay.
public final class Conflict extends Note {

    private final long version;

    /// @param author of the version that was saved meanwhile
    public Conflict(@Nullable String author, long version, String text, List<String> details) {
        super(
                Tone.WARN,
                "%s saved version %d while you were editing"
                        .formatted(Objects.requireNonNullElse(author, "Somebody"), version),
                text,
                details);
        this.version = version;
    }

    /// Offers both, below what is said.
    public Note offering(Runnable takeTheirs, Runnable keepMine) {
        var take = new Button("Discard mine, load version " + version, _ -> takeTheirs.run());
        take.setId("conflict-take-theirs");
        var keep = new Button("Keep mine, as the version after it", _ -> keepMine.run());
        keep.setId("conflict-keep-mine");
        var choice = new Div(take, keep);
        choice.addClassName("buttons");
        return with(choice).alert();
    }
}
