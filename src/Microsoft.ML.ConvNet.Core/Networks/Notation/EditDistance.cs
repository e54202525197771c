namespace Microsoft.ML.ConvNet.Networks.Notation;

/// <summary>How far two texts are from each other, to name the nearest of what is known.</summary>
internal static class EditDistance
{
    /// <summary>How many characters to insert, delete or replace to make one text of another (Levenshtein, 1966).</summary>
    public static int Between(string from, string to)
    {
        int[] distances = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = distances[0];
            distances[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = distances[j];
                distances[j] = Math.Min(replaced, Math.Min(distances[j], distances[j - 1]) + 1);
            }
        }

        return distances[^1];
    }
}
