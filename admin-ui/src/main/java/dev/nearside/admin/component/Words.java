package dev.nearside.admin.component;

import com.vaadin.flow.component.UI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Numbers, sizes and times in the words an operator reads.
public final class Words {

    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss z", Locale.ENGLISH);

    private Words() {}

    /// A point in time as the clock beside the reader shows it, with its zone: two people on the telephone have to
    /// mean the same second, and the charts speak the reader's time as well.
    public static String instant(Instant at) {
        return instant(at, zone());
    }

    static String instant(Instant at, ZoneId zone) {
        return SECOND.withZone(zone).format(at);
    }

    /// Where the browser is; where the console runs if it does not say.
    private static ZoneId zone() {
        var ui = UI.getCurrent();
        var browser = ui == null ? null : ui.getPage().getExtendedClientDetails();
        var name = browser == null ? null : browser.getTimeZoneId();
        try {
            return name == null || name.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(name);
        } catch (DateTimeException _) {
            return ZoneId.systemDefault();
        }
    }

    public static String instantOrDash(@Nullable Instant at) {
        return at == null ? "—" : instant(at);
    }

    public static String ago(Instant then, Instant now) {
        var age = Duration.between(then, now);
        if (age.toSeconds() < 2) return "just now";
        return span(age) + " ago";
    }

    /// The largest unit that says enough: `45 s`, `3 min`, `5 h`, `12 d`.
    public static String span(Duration time) {
        if (time.toSeconds() < 100) return time.toSeconds() + " s";
        if (time.toMinutes() < 100) return time.toMinutes() + " min";
        if (time.toHours() < 48) return time.toHours() + " h";
        return time.toDays() + " d";
    }

    public static String bytes(long bytes) {
        var units = new String[] {"B", "kB", "MB", "GB", "TB", "PB"};
        var value = (double) bytes;
        var unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    }

    public static String percent(double share) {
        return String.format(Locale.ROOT, share == 0 || share == 1 ? "%.0f %%" : "%.1f %%", share * 100);
    }

    public static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond >= 100 || perSecond == 0 ? "%,.0f" : "%,.1f", perSecond);
    }

    public static String count(long number, String one, String many) {
        return number == 1 ? "1 " + one : String.format(Locale.ROOT, "%,d %s", number, many);
    }
}
