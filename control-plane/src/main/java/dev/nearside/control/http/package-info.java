/// Every request is met by one route, one caller and one answer; the only place that knows the web server.
@NullMarked
package dev.nearside.control.http;

import org.jspecify.annotations.NullMarked;
