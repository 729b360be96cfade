package dev.nearside.admin.component;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.notification.Notification;
import com.vaadin.flow.component.notification.NotificationVariant;
import dev.nearside.admin.control.Answer;
import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.Answer.Refused;
import dev.nearside.admin.control.Answer.SignedOut;
import dev.nearside.admin.control.Answer.Unreachable;
import dev.nearside.model.check.Problem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How the console says that something did not work, and what it does when the session has ended.
public final class Trouble {

    private Trouble() {}

    /// The value; or nothing, after the person was told why.
    public static <T> Optional<T> valueOrTell(Answer<T> answer) {
        return switch (answer) {
            case Done<T>(var value) -> Optional.of(value);
            case Refused<T>(var _, var title, var detail, var problems) -> {
                tell(said(title, detail, problems));
                yield Optional.empty();
            }
            case SignedOut<T>() -> {
                toLogin();
                yield Optional.empty();
            }
            case Unreachable<T>(var reason) -> {
                tell("The control plane cannot be reached: %s.".formatted(reason));
                yield Optional.empty();
            }
        };
    }

    /// What to show in place of a value; nothing if there is one.
    public static <T> @Nullable Note note(Answer<T> answer) {
        return switch (answer) {
            case Done<T> _ -> null;
            case Refused<T>(var _, var title, var detail, var problems) ->
                new Note(Tone.BAD, title, detail, spelled(problems));
            case SignedOut<T>() -> {
                toLogin();
                yield new Note(Tone.WARN, "Your session has ended", "Sign in to go on.");
            }
            case Unreachable<T>(var reason) -> new Away(sentence(reason));
        };
    }

    /// Back to the door, and afterwards to this page again.
    ///
    /// It happens after the current request: a page that is just being opened would otherwise replace the door.
    public static void toLogin() {
        var ui = UI.getCurrent();
        var _ = ui.access(() -> {
            var here = ui.getActiveViewLocation().getPathWithQueryParameters();
            if (!here.startsWith("login")) Link.follow(ui, "login?expired&next=" + Places.encoded(here));
        });
    }

    public static void tell(String text) {
        var notification = Notification.show(text, 8000, Notification.Position.BOTTOM_CENTER);
        notification.addThemeVariants(NotificationVariant.ERROR);
        notification.setAssertive(true);
    }

    public static void done(String text) {
        Notification.show(text, 5000, Notification.Position.BOTTOM_CENTER)
                .addThemeVariants(NotificationVariant.SUCCESS);
    }

    public static List<String> spelled(List<Problem> problems) {
        return problems.stream().map(Problem::toString).toList();
    }

    private static String said(String title, String detail, List<Problem> problems) {
        var reasons = problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
        return reasons.isEmpty() ? title + (detail.isEmpty() ? "" : ": " + detail) : title + ": " + reasons;
    }

    private static String sentence(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
