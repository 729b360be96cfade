/// What a document from outside turned out to be: a usable value, or every reason it is refused.
@NullMarked
package dev.nearside.model.check;

import org.jspecify.annotations.NullMarked;
