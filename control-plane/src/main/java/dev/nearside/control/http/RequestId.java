package dev.nearside.control.http;

/// The name of the request being served, in answers and in every log line about it.
public final class RequestId {
    static final ScopedValue<String> CURRENT = ScopedValue.newInstance();

    private RequestId() {}

    /// The current request's id; a dash outside of any request.
    public static String current() {
        return CURRENT.orElse("-");
    }
}
