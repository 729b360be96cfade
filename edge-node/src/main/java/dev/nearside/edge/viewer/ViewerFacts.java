package dev.nearside.edge.viewer;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.Headers.Field;
import dev.nearside.edge.route.Fact;
import dev.nearside.edge.route.Routed.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Tells what policies want to know of a viewer (CF§7), as headers of the request that a route holds: from there on
/// they are headers like any other, to the key, to `Vary` and to the origin.
///
/// What is not known is no header.
public final class ViewerFacts implements AutoCloseable {

    /// Longest list of header names that is told, in characters.
    private static final int LONGEST_ORDER = 7_680;

    private final Devices devices = new Devices();
    private final @Nullable AddressDatabase<Place> places;
    private final @Nullable AddressDatabase<Optional<String>> networks;

    private ViewerFacts(@Nullable AddressDatabase<Place> places, @Nullable AddressDatabase<Optional<String>> networks) {
        this.places = places;
        this.networks = networks;
    }

    /// What these databases tell, if any.
    ///
    /// @param places a City or Country database
    /// @param networks an ASN database
    /// @param scratch a directory where copies of them may lie for a moment
    /// @throws IOException with a message for the operator if a file is no such database
    public static ViewerFacts open(Optional<Path> places, Optional<Path> networks, Path scratch) throws IOException {
        return new ViewerFacts(
                places.isEmpty()
                        ? null
                        : new AddressDatabase<>(
                                AddressDatabase.Kind.PLACES, places.get(), scratch, Place::of, Place.UNKNOWN),
                networks.isEmpty()
                        ? null
                        : new AddressDatabase<>(
                                AddressDatabase.Kind.NETWORKS,
                                networks.get(),
                                scratch,
                                Place::network,
                                Optional.empty()));
    }

    /// Takes databases again whose files have changed. Reads files.
    public void reload() {
        if (places != null) places.reload();
        if (networks != null) networks.reload();
    }

    /// Gets ready to tell devices before a viewer waits for it.
    public void expectDevices() {
        devices.load();
    }

    /// The country of an address, as ISO 3166-1 alpha-2; empty if it is unknown.
    public Optional<String> country(String address) {
        return place(address).told(Fact.COUNTRY);
    }

    /// The route of the request with these facts, complete at once unless the device must first be thought about.
    public CompletableFuture<Route> told(Route route, List<Fact> facts, Viewer viewer) {
        if (facts.isEmpty()) return CompletableFuture.completedFuture(route);
        if (facts.stream().noneMatch(fact -> fact.about() == Fact.About.DEVICE)) {
            return CompletableFuture.completedFuture(with(route, facts, viewer, DeviceKind.UNKNOWN));
        }
        return devices.of(viewer.request().headers().first("User-Agent"))
                .thenApply(device -> with(route, facts, viewer, device));
    }

    private Route with(Route route, List<Fact> facts, Viewer viewer, DeviceKind device) {
        var request = route.request();
        var fields = new ArrayList<Field>(request.headers().fields().size() + facts.size());
        fields.addAll(request.headers().fields());
        for (var fact : facts) {
            value(fact, viewer, device).ifPresent(value -> fields.add(new Field(fact.header(), value)));
        }
        return route.withRequest(request.with(new Headers(fields)));
    }

    private Optional<String> value(Fact fact, Viewer viewer, DeviceKind device) {
        var request = viewer.request();
        return switch (fact) {
            case IS_ANDROID, IS_DESKTOP, IS_IOS, IS_MOBILE, IS_SMART_TV, IS_TABLET -> Optional.of(device.told(fact));
            case ADDRESS -> Optional.of(request.clientAddress() + ":" + request.clientPort());
            case ASN -> networks == null ? Optional.empty() : networks.find(request.clientAddress());
            case COUNTRY,
                    COUNTRY_NAME,
                    REGION,
                    REGION_NAME,
                    CITY,
                    LATITUDE,
                    LONGITUDE,
                    METRO_CODE,
                    POSTAL_CODE,
                    TIME_ZONE -> place(request.clientAddress()).told(fact);
            case HEADER_ORDER -> Optional.of(order(request.headers()));
            case HEADER_COUNT ->
                Optional.of(Integer.toString(request.headers().fields().size()));
            case TLS -> viewer.tls().get();
            case FORWARDED_PROTO -> Optional.of(request.scheme());
            case HTTP_VERSION -> Optional.of(request.httpVersion());
        };
    }

    private Place place(String address) {
        return places == null ? Place.UNKNOWN : places.find(address);
    }

    private static String order(Headers headers) {
        var names = new StringBuilder();
        for (var field : headers.fields()) {
            if (!names.isEmpty()) names.append(':');
            names.append(field.name());
            if (names.length() >= LONGEST_ORDER) return names.substring(0, LONGEST_ORDER);
        }
        return names.toString();
    }

    @Override
    public void close() {
        devices.close();
    }
}
