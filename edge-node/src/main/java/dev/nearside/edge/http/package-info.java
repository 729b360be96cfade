/// Values of HTTP, free of any transport: header fields, requests, stored heads.
@NullMarked
package dev.nearside.edge.http;

import org.jspecify.annotations.NullMarked;
