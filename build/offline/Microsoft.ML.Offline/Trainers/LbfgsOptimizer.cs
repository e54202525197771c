namespace Microsoft.ML.Trainers;

/// <summary>
/// Minimizes a smooth convex function plus an L1 penalty by limited-memory BFGS: the two-loop recursion of Nocedal and Wright
/// (Numerical Optimization, 2nd edition, 2006, algorithm 7.4), orthant by orthant where there is a penalty (Andrew and Gao,
/// Scalable training of L1-regularized log-linear models, 2007), projected where weights must not be negative.
/// </summary>
internal sealed class LbfgsOptimizer
{
    /// <summary>How much a new improvement counts against the mean of the ones before it.</summary>
    private const double Forgetting = 0.25;

    private const double SufficientDecrease = 1e-4;
    private const int MaximumHalvings = 40;

    /// <summary>Computes the smooth part of the objective at a point, and its gradient.</summary>
    public delegate double SmoothFunction(double[] point, double[] gradient);

    /// <summary>How many pairs of steps and gradient differences model the curvature.</summary>
    public required int HistorySize { get; init; }

    /// <summary>The search ends when the mean improvement of the objective falls below.</summary>
    public required double Tolerance { get; init; }

    public required int MaximumNumberOfIterations { get; init; }

    /// <summary>The weight of the sum of the absolute values of the penalized coordinates.</summary>
    public required double L1Weight { get; init; }

    /// <summary>The first coordinate that is penalized; those before it are not.</summary>
    public required int FirstPenalized { get; init; }

    /// <summary>The first coordinate that must not be negative; the dimension where all may be.</summary>
    public required int FirstNonNegative { get; init; }

    /// <summary>How many iterations the last search took.</summary>
    public int Iterations { get; private set; }

    public double[] Minimize(SmoothFunction function, double[] start)
    {
        double[] point = [.. start];
        var gradient = new double[point.Length];
        double value = function(point, gradient) + Penalty(point);
        RequireFinite(value);
        var history = new LbfgsHistory(HistorySize);
        double meanImprovement = 0;
        for (Iterations = 1; ; Iterations++)
        {
            double[] descent = SteepestDescent(point, gradient);
            double[]? direction = history.Count > 0 ? Direction(history, descent) : descent;
            Step? step = Search(function, point, value, descent, direction, history.Count > 0 ? 1 : 1 / Norm(descent));
            if (step is null && history.Count > 0)
            {
                // The model of the curvature has gone bad: start a new one.
                history.Clear();
                step = Search(function, point, value, descent, descent, 1 / Norm(descent));
            }

            if (step is null)
            {
                return point;
            }

            history.Add(Difference(step.Point, point), Difference(step.Gradient, gradient));
            meanImprovement = value - step.Value + Forgetting * meanImprovement;
            (point, gradient, value) = (step.Point, step.Gradient, step.Value);
            double criterion = meanImprovement * (1 - Forgetting) / (1 - Math.Pow(Forgetting, Iterations));
            if (criterion < Tolerance || Iterations >= MaximumNumberOfIterations)
            {
                return point;
            }
        }
    }

    /// <summary>Minus the gradient of the whole objective; at a kink, minus the one-sided derivative that descends, or 0.</summary>
    private double[] SteepestDescent(double[] point, double[] gradient)
    {
        var descent = new double[point.Length];
        for (int i = 0; i < descent.Length; i++)
        {
            double penalty = i >= FirstPenalized ? L1Weight : 0;
            if (i >= FirstNonNegative)
            {
                double slope = gradient[i] + penalty;
                descent[i] = point[i] > 0 ? -slope : Math.Max(0, -slope);
            }
            else if (point[i] != 0)
            {
                descent[i] = -gradient[i] - Math.Sign(point[i]) * penalty;
            }
            else
            {
                descent[i] = -Math.Sign(gradient[i]) * Math.Max(0, Math.Abs(gradient[i]) - penalty);
            }
        }

        return descent;
    }

    /// <summary>The quasi-Newton direction; at kinks and bounds, coordinates that turn against descent stand still.</summary>
    private double[] Direction(LbfgsHistory history, double[] descent)
    {
        double[] direction = history.ApplyInverseHessian(descent);
        for (int i = Math.Min(FirstPenalized, FirstNonNegative); i < direction.Length; i++)
        {
            bool isSmooth = i < FirstNonNegative && (i < FirstPenalized || L1Weight == 0);
            if (!isSmooth && direction[i] * descent[i] <= 0)
            {
                direction[i] = 0;
            }
        }

        return direction;
    }

    /// <summary>Halves the step until the objective decreases enough; null where it does not.</summary>
    private Step? Search(SmoothFunction function, double[] point, double value, double[] descent, double[] direction, double length)
    {
        if (!(Dot(descent, direction) > 0) || !double.IsFinite(length))
        {
            return null;
        }

        var gradient = new double[point.Length];
        for (int halving = 0; halving < MaximumHalvings; halving++, length /= 2)
        {
            double[] next = Move(point, descent, direction, length);
            double expected = 0;
            for (int i = 0; i < next.Length; i++)
            {
                expected += descent[i] * (next[i] - point[i]);
            }

            double nextValue = function(next, gradient) + Penalty(next);
            RequireFinite(nextValue);
            if (expected > 0 && nextValue <= value - SufficientDecrease * expected && nextValue < value)
            {
                return new Step(next, gradient, nextValue);
            }
        }

        return null;
    }

    private double[] Move(double[] point, double[] descent, double[] direction, double length)
    {
        var next = new double[point.Length];
        for (int i = 0; i < next.Length; i++)
        {
            next[i] = point[i] + length * direction[i];
            if (i >= FirstNonNegative)
            {
                next[i] = Math.Max(0, next[i]);
            }
            else if (i >= FirstPenalized && L1Weight > 0)
            {
                // Within one step no coordinate leaves its orthant.
                double side = point[i] != 0 ? point[i] : descent[i];
                next[i] = next[i] * side > 0 ? next[i] : 0;
            }
        }

        return next;
    }

    private double Penalty(double[] point)
    {
        if (L1Weight == 0)
        {
            return 0;
        }

        double sum = 0;
        for (int i = FirstPenalized; i < point.Length; i++)
        {
            sum += Math.Abs(point[i]);
        }

        return L1Weight * sum;
    }

    private static void RequireFinite(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new InvalidOperationException($"Optimizer unable to proceed with loss function yielding {value}");
        }
    }

    private static double[] Difference(double[] a, double[] b)
    {
        var difference = new double[a.Length];
        for (int i = 0; i < difference.Length; i++)
        {
            difference[i] = a[i] - b[i];
        }

        return difference;
    }

    private static double Norm(double[] a) => Math.Sqrt(Dot(a, a));

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private sealed record Step(double[] Point, double[] Gradient, double Value);
}
