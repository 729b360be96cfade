/// What a page of figures needs beside the figures: what machine they were taken on, and its place on the page.
@NullMarked
package dev.nearside.load.report;

import org.jspecify.annotations.NullMarked;
