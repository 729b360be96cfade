package dev.nearside.control.metrics;

/// One family of metrics, in the text of OpenMetrics 1.0.
public final class Family {
    private final String sample;
    private final StringBuilder text = new StringBuilder();

    private Family(String name, String type, String suffix, String help) {
        this.sample = name + suffix;
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    }

    public static Family gauge(String name, String help) {
        return new Family(name, "gauge", "", help);
    }

    /// Something that only grows while the control plane runs.
    ///
    /// @param name without `_total`
    public static Family counter(String name, String help) {
        return new Family(name, "counter", "_total", help);
    }

    /// This family with one more value.
    public Family with(long value) {
        text.append(sample).append(' ').append(value).append('\n');
        return this;
    }

    /// This family with one more value, which a label tells from the others.
    public Family with(String label, String said, long value) {
        text.append(sample).append('{').append(label).append("=\"").append(escaped(said));
        text.append("\"} ").append(value).append('\n');
        return this;
    }

    private static String escaped(String said) {
        return said.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /// Its lines, each with its end.
    public String text() {
        return text.toString();
    }
}
