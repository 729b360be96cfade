vcl 4.1;

# Varnish as a cache. ${…} is filled in by the comparison.
backend origin {
    .host = "127.0.0.1";
    .port = "${origin-port}";
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}
