package dev.nearside.control.audit;

import dev.nearside.control.http.Call;
import dev.nearside.control.http.PlainText;
import java.time.Instant;

/// Who makes a change, when, and why in their own words.
///
/// @param comment empty if they said nothing
public record Authorship(String author, Instant at, String comment) {

    /// Longest comment that is kept.
    public static final int LONGEST_COMMENT = PlainText.LONGEST_COMMENT;

    public Authorship {
        comment = PlainText.cut(comment, LONGEST_COMMENT);
    }

    /// The same for a change that says itself what it does; the author's own words follow.
    public Authorship saying(String what) {
        return new Authorship(author, at, comment.isEmpty() ? what : what + ": " + comment);
    }

    /// Of a change that somebody asks for through the API.
    public static Authorship of(Call call, Instant at) {
        return new Authorship(call.caller().name(), at, call.comment());
    }
}
