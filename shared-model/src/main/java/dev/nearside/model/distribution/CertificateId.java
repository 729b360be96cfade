package dev.nearside.model.distribution;

/// Names a certificate that the control plane keeps; in a file, the name that it goes by there.
public record CertificateId(String value) {

    @Override
    public String toString() {
        return value;
    }
}
