package resonance.transformer.training;

import java.util.ArrayList;
import java.util.List;

/** The training loss over the steps of a run, thinned to about {@value #POINTS} points. */
public final class TrainingCurve {
    /** Points kept of a whole training, about. */
    public static final int POINTS = 400;

    /** What a point says of the steps since the one before. */
    public enum Kind {
        /** The loss of the point's own step; the first step has a point too. */
        SINGLE_STEPS,
        /** The mean over the steps since the last point. */
        MEANS
    }

    /**
     * A point of the curve.
     *
     * @param step optimiser steps done
     * @param loss as {@link Kind} says, nats a token
     * @param learningRate of the step
     */
    public record Point(long step, double loss, double learningRate) {}

    /** Everything that a checkpoint keeps of a curve. */
    record State(List<Point> points, double lossSincePoint, long stepsSincePoint) {}

    private final Kind kind;
    private final long totalSteps;
    private final List<Point> points = new ArrayList<>();
    private double lossSincePoint;
    private long stepsSincePoint;

    TrainingCurve(Kind kind, long totalSteps) {
        this.kind = kind;
        this.totalSteps = totalSteps;
    }

    void add(long stepsDone, double loss, double learningRate) {
        lossSincePoint += loss;
        stepsSincePoint++;
        boolean due = stepsDone % Math.max(1, totalSteps / POINTS) == 0 || stepsDone == totalSteps;
        if (due || (kind == Kind.SINGLE_STEPS && stepsDone == 1)) {
            double shown = kind == Kind.MEANS ? lossSincePoint / stepsSincePoint : loss;
            points.add(new Point(stepsDone, shown, learningRate));
            lossSincePoint = 0;
            stepsSincePoint = 0;
        }
    }

    /** The points so far. */
    public List<Point> points() {
        return List.copyOf(points);
    }

    State state() {
        return new State(points(), lossSincePoint, stepsSincePoint);
    }

    void restore(State state) {
        points.clear();
        points.addAll(state.points());
        lossSincePoint = state.lossSincePoint();
        stepsSincePoint = state.stepsSincePoint();
    }
}
