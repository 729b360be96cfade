package dev.nearside.edge.coding;

/// A content coding that the edge can make, the preferred one first (RFC 9110, section 8.4.1).
public enum Coding {
    BROTLI("br"),
    GZIP("gzip");

    private final String token;

    Coding(String token) {
        this.token = token;
    }

    /// As in `Content-Encoding` and `Accept-Encoding`.
    public String token() {
        return token;
    }
}
