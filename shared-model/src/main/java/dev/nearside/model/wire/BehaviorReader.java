package dev.nearside.model.wire;

import static dev.nearside.model.wire.Documents.atMost;
import static dev.nearside.model.wire.Documents.each;
import static dev.nearside.model.wire.Documents.or;

import dev.nearside.model.behavior.AllowedMethods;
import dev.nearside.model.behavior.Behavior;
import dev.nearside.model.behavior.PathPattern;
import dev.nearside.model.behavior.ViewerProtocolPolicy;
import dev.nearside.model.check.Problems;
import dev.nearside.model.origin.OriginId;
import dev.nearside.model.policy.Policies;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How requests for some paths are answered (CF§1.5).
///
/// @param targets the ids of all origins and groups of origins
/// @param policies all that a behavior may refer to
record BehaviorReader(Set<String> targets, Policies policies) {

    private static final int MAX_BEHAVIORS = 75;

    List<Behavior> ordered(List<BehaviorDocument> documents, Problems at) {
        atMost(MAX_BEHAVIORS, "behaviors", documents, at);
        var seen = new HashSet<String>();
        return each(documents, at, (document, place) -> {
            var pattern = document.pathPattern();
            checkPattern(pattern, seen, place.at("pathPattern"));
            return read(document, new PathPattern(or(pattern, "*")), place);
        });
    }

    Optional<Behavior> byDefault(@Nullable BehaviorDocument document, Problems at) {
        if (document == null) {
            at.add("missing (expected: the behavior of whatever no other one matches)");
            return Optional.empty();
        }
        if (document.pathPattern() != null) {
            at.at("pathPattern").add(document.pathPattern(), "no pattern: the default behavior matches all");
        }
        return Optional.of(read(document, PathPattern.ALL, at));
    }

    private Behavior read(BehaviorDocument document, PathPattern pattern, Problems at) {
        var target = or(document.targetOriginId(), "");
        if (!targets.contains(target)) {
            at.at("targetOriginId").add(target, "the id of one of the origins or origin groups");
        }
        var allowed = allowedMethods(document.allowedMethods(), at.at("allowedMethods"));
        return new Behavior(
                pattern,
                new OriginId(target),
                protocol(or(document.viewerProtocolPolicy(), "allow-all"), at.at("viewerProtocolPolicy")),
                allowed,
                cachesOptions(document.cachedMethods(), allowed, at.at("cachedMethods")),
                or(document.compress(), false),
                CachingReader.read(document, policies, at),
                CachingReader.reference(
                        document.responseHeadersPolicyId(),
                        "response headers policy",
                        name -> policies.responseHeaders(name).map(p -> p.id()),
                        at.at("responseHeadersPolicyId")));
    }

    private static void checkPattern(@Nullable String pattern, Set<String> seen, Problems at) {
        if (pattern == null) {
            at.add("missing (expected: a path pattern)");
            return;
        }
        var problem = PathPattern.problem(pattern);
        at.add(problem);
        if (problem.isEmpty() && !seen.add(pattern)) at.add(pattern, "each pattern once");
    }

    private static ViewerProtocolPolicy protocol(String said, Problems at) {
        return switch (said) {
            case "allow-all" -> ViewerProtocolPolicy.ALLOW_ALL;
            case "redirect-to-https" -> ViewerProtocolPolicy.REDIRECT_TO_HTTPS;
            case "https-only" -> ViewerProtocolPolicy.HTTPS_ONLY;
            default -> {
                at.add(said, "allow-all, redirect-to-https or https-only");
                yield ViewerProtocolPolicy.ALLOW_ALL;
            }
        };
    }

    private static AllowedMethods allowedMethods(@Nullable List<String> methods, Problems at) {
        if (methods == null) return AllowedMethods.GET_HEAD;
        var said = Set.copyOf(methods);
        for (var legal : AllowedMethods.values()) if (legal.names().equals(said)) return legal;
        at.add(methods, "[GET, HEAD], [GET, HEAD, OPTIONS], [GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE] or [*]");
        return AllowedMethods.GET_HEAD;
    }

    private static boolean cachesOptions(@Nullable List<String> methods, AllowedMethods allowed, Problems at) {
        if (methods == null) return false;
        var said = Set.copyOf(methods);
        if (said.equals(AllowedMethods.GET_HEAD.names())) return false;
        if (said.equals(AllowedMethods.GET_HEAD_OPTIONS.names())) {
            if (!allowed.allows("OPTIONS")) at.add(methods, "no OPTIONS where it is not allowed");
            return true;
        }
        at.add(methods, "[GET, HEAD] or [GET, HEAD, OPTIONS]");
        return false;
    }
}
