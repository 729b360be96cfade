/// A whole CDN on one machine: starts every process, looks after them, and takes them along when it ends.
@NullMarked
package dev.nearside.deploy.demo;

import org.jspecify.annotations.NullMarked;
