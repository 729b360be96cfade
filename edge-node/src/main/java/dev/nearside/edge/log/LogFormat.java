package dev.nearside.edge.log;

/// How a line of the access log is written.
public enum LogFormat {
    /// CloudFront's standard log: W3C extended, tab separated (CF§12.2).
    W3C,
    /// One JSON object a line, with the same names.
    JSON
}
