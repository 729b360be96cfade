package dev.nearside.control.rollout;

/// What was answered in the same time under the snapshot that is tried, and under the one before.
public record Sides(Counts canaries, Counts others) {
    public static final Sides NOTHING = new Sides(Counts.NOTHING, Counts.NOTHING);

    public Sides plus(Sides more) {
        return new Sides(canaries.plus(more.canaries), others.plus(more.others));
    }
}
