package dev.nearside.edge;

import dev.nearside.edge.decide.Asked;
import dev.nearside.edge.decide.TtlRules;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.log.Exchange;
import dev.nearside.edge.respond.ResultClass;
import dev.nearside.edge.route.RoutingTable;
import dev.nearside.edge.store.Entry;
import io.netty.buffer.ByteBuf;

/// What follows from the bytes of a request, from a snapshot and from a stored head.
///
/// @param head of the answer, as its version of HTTP has it
/// @param offset where in the body the bytes begin that are sent
/// @param length how many they are
/// @param told of an earlier answer
/// @param <H> what a head is made of
record KnownHit<H>(
        RoutingTable routes,
        Asked asked,
        TtlRules ttl,
        CacheKey key,
        StoredResponse stored,
        H head,
        int offset,
        int length,
        String distribution,
        ResultClass result,
        Exchange told) {

    /// What is sent of the body of an entry in memory.
    ByteBuf part(Entry entry) {
        var bytes = entry.body().inMemory().orElseThrow();
        int from = bytes.readerIndex() + offset;
        return bytes.setIndex(from, from + length);
    }
}
