package dev.nearside.edge.viewer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The smallest database of addresses in MaxMind's format (version 2.0): one tree of 24-bit records, IPv4 addresses in
/// it below `::/96`.
public final class AddressFile {

    private static final byte[] MARKER = {
        (byte) 0xab, (byte) 0xcd, (byte) 0xef, 'M', 'a', 'x', 'M', 'i', 'n', 'd', '.', 'c', 'o', 'm'
    };
    private static final int EMPTY = -1;

    private final String type;

    /// Two branches each: a node's number, {@link #EMPTY}, or -2 and below for a record.
    private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {EMPTY, EMPTY}));

    private final List<Object> records = new ArrayList<>();

    /// @param type what the database calls itself, `GeoLite2-City` say
    public AddressFile(String type) {
        this.type = type;
    }

    /// A place in the shape of a City database.
    public static Map<String, Object> place(String country, String name) {
        var place = new LinkedHashMap<String, Object>();
        place.put("country", Map.of("iso_code", country, "names", Map.of("en", name)));
        return place;
    }

    /// Says this of all addresses of a network, written `192.0.2.0/24` or `2001:db8::/32`.
    public AddressFile with(String network, Map<String, Object> found) {
        int slash = network.indexOf('/');
        var address = InetAddress.ofLiteral(network.substring(0, slash)).getAddress();
        int bits = Integer.parseInt(network.substring(slash + 1)) + (address.length == 4 ? 96 : 0);
        var whole = new byte[16];
        System.arraycopy(address, 0, whole, 16 - address.length, address.length);
        records.add(found);
        int node = 0;
        for (int bit = 0; bit < bits; bit++) {
            int side = (whole[bit / 8] >> (7 - bit % 8)) & 1;
            if (bit == bits - 1) {
                nodes.get(node)[side] = -1 - records.size();
            } else {
                if (nodes.get(node)[side] < 0) {
                    nodes.get(node)[side] = nodes.size();
                    nodes.add(new int[] {EMPTY, EMPTY});
                }
                node = nodes.get(node)[side];
            }
        }
        return this;
    }

    /// Writes it beside the file and moves it there, as a careful operator does.
    public void write(Path file) {
        try {
            var fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.write(fresh, bytes());
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] bytes() {
        var data = new ByteArrayOutputStream();
        var places = new int[records.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = data.size();
            encode(records.get(i), data);
        }
        var all = new ByteArrayOutputStream();
        for (var node : nodes) for (int branch : node) all.writeBytes(record(branch, places));
        all.writeBytes(new byte[16]);
        all.writeBytes(data.toByteArray());
        all.writeBytes(MARKER);
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("binary_format_major_version", (short) 2);
        metadata.put("binary_format_minor_version", (short) 0);
        metadata.put("build_epoch", 1_700_000_000L);
        metadata.put("database_type", type);
        metadata.put("description", Map.of("en", "for tests"));
        metadata.put("ip_version", (short) 6);
        metadata.put("languages", List.of("en"));
        metadata.put("node_count", nodes.size());
        metadata.put("record_size", (short) 24);
        encode(metadata, all);
        return all.toByteArray();
    }

    private byte[] record(int branch, int[] places) {
        int value = branch >= 0 ? branch : branch == EMPTY ? nodes.size() : nodes.size() + 16 + places[-2 - branch];
        return new byte[] {(byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    private static void encode(Object value, ByteArrayOutputStream to) {
        switch (value) {
            case String text -> {
                var bytes = text.getBytes(StandardCharsets.UTF_8);
                control(2, bytes.length, to);
                to.writeBytes(bytes);
            }
            case Double number -> {
                control(3, 8, to);
                to.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
            }
            case Short number -> {
                control(5, 2, to);
                to.writeBytes(ByteBuffer.allocate(2).putShort(number).array());
            }
            case Integer number -> {
                control(6, 4, to);
                to.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
            }
            case Long number -> {
                control(9, 8, to);
                to.writeBytes(ByteBuffer.allocate(8).putLong(number).array());
            }
            case Map<?, ?> map -> {
                control(7, map.size(), to);
                map.forEach((name, inner) -> {
                    encode(name, to);
                    encode(inner, to);
                });
            }
            case List<?> list -> {
                control(11, list.size(), to);
                for (var inner : list) encode(inner, to);
            }
            default -> throw new IllegalArgumentException(value + " (expected: a value of the format)");
        }
    }

    private static void control(int type, int size, ByteArrayOutputStream to) {
        int low = Math.min(size, 29);
        to.write(type > 7 ? low : (type << 5) | low);
        if (type > 7) to.write(type - 7);
        if (size >= 29) to.write(size - 29);
    }
}
