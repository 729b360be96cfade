package dev.nearside.edge.viewer;

import dev.nearside.edge.route.Fact;

/// What a viewer holds in its hands, as far as its `User-Agent` tells; several may be true (CF§7).
record DeviceKind(boolean android, boolean desktop, boolean ios, boolean mobile, boolean smartTv, boolean tablet) {

    /// Of a viewer that says nothing, or nothing that is understood. CloudFront takes such a one for a desktop too.
    static final DeviceKind UNKNOWN = new DeviceKind(false, true, false, false, false, false);

    /// From the class and the operating system that the parser names.
    static DeviceKind of(String deviceClass, String operatingSystem) {
        boolean tablet = deviceClass.equals("Tablet") || deviceClass.equals("eReader");
        boolean smartTv = deviceClass.equals("TV") || deviceClass.equals("Set-top box");
        boolean mobile = tablet
                || switch (deviceClass) {
                    case "Phone", "Mobile", "Watch", "Handheld Game Console", "Robot Mobile" -> true;
                    default -> false;
                };
        return new DeviceKind(
                operatingSystem.equals("Android") || operatingSystem.equals("FireOS"),
                !mobile && !smartTv,
                operatingSystem.equals("iOS") || operatingSystem.equals("iPadOS"),
                mobile,
                smartTv,
                tablet);
    }

    /// As the value of that header.
    String told(Fact fact) {
        boolean is = switch (fact) {
            case IS_ANDROID -> android;
            case IS_DESKTOP -> desktop;
            case IS_IOS -> ios;
            case IS_MOBILE -> mobile;
            case IS_SMART_TV -> smartTv;
            case IS_TABLET -> tablet;
            default -> throw new IllegalArgumentException(fact + " (expected: a fact about the device)");
        };
        return is ? "true" : "false";
    }
}
