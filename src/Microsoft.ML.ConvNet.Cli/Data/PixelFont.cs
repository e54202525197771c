namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>Small letters and digits of five by seven pixels, for labels that look the same on machines with any fonts, or none.</summary>
internal static class PixelFont
{
    /// <summary>The rows of a line, those below letters such as g among them.</summary>
    public const int Height = 9;

    private const int Width = 5;
    private const int Advance = 6;
    private const int BytesPerPixel = 4;
    private const int RowOfText = Width + 1;

    private static readonly string Missing = string.Join(' ', Enumerable.Repeat("#####", Height - 2).Concat(Enumerable.Repeat(".....", 2)));

    // The rows of a letter, from the top to what is below the line.
    private static readonly Dictionary<char, string> Letters = new()
    {
        ['a'] = "..... ..... .###. ....# .#### #...# .#### ..... .....",
        ['b'] = "#.... #.... ####. #...# #...# #...# ####. ..... .....",
        ['c'] = "..... ..... .###. #...# #.... #...# .###. ..... .....",
        ['d'] = "....# ....# .#### #...# #...# #...# .#### ..... .....",
        ['e'] = "..... ..... .###. #...# ##### #.... .###. ..... .....",
        ['f'] = "..##. .#... ####. .#... .#... .#... .#... ..... .....",
        ['g'] = "..... ..... .#### #...# #...# #...# .#### ....# .###.",
        ['h'] = "#.... #.... #.##. ##..# #...# #...# #...# ..... .....",
        ['i'] = "..#.. ..... .##.. ..#.. ..#.. ..#.. .###. ..... .....",
        ['j'] = "...#. ..... ..##. ...#. ...#. ...#. ...#. #..#. .##..",
        ['k'] = "#.... #.... #..#. #.#.. ##... #.#.. #..#. ..... .....",
        ['l'] = ".##.. ..#.. ..#.. ..#.. ..#.. ..#.. .###. ..... .....",
        ['m'] = "..... ..... ##.#. #.#.# #.#.# #.#.# #.#.# ..... .....",
        ['n'] = "..... ..... #.##. ##..# #...# #...# #...# ..... .....",
        ['o'] = "..... ..... .###. #...# #...# #...# .###. ..... .....",
        ['p'] = "..... ..... ####. #...# #...# #...# ####. #.... #....",
        ['q'] = "..... ..... .#### #...# #...# #...# .#### ....# ....#",
        ['r'] = "..... ..... #.##. ##... #.... #.... #.... ..... .....",
        ['s'] = "..... ..... .#### #.... .###. ....# ####. ..... .....",
        ['t'] = ".#... .#... ####. .#... .#... .#... ..##. ..... .....",
        ['u'] = "..... ..... #...# #...# #...# #..## .##.# ..... .....",
        ['v'] = "..... ..... #...# #...# #...# .#.#. ..#.. ..... .....",
        ['w'] = "..... ..... #...# #...# #.#.# #.#.# .#.#. ..... .....",
        ['x'] = "..... ..... #...# .#.#. ..#.. .#.#. #...# ..... .....",
        ['y'] = "..... ..... #...# #...# #...# #...# .#### ....# .###.",
        ['z'] = "..... ..... ##### ...#. ..#.. .#... ##### ..... .....",
        ['0'] = ".###. #...# #..## #.#.# ##..# #...# .###. ..... .....",
        ['1'] = "..#.. .##.. ..#.. ..#.. ..#.. ..#.. .###. ..... .....",
        ['2'] = ".###. #...# ....# ...#. ..#.. .#... ##### ..... .....",
        ['3'] = "####. ....# ....# .###. ....# ....# ####. ..... .....",
        ['4'] = "...#. ..##. .#.#. #..#. ##### ...#. ...#. ..... .....",
        ['5'] = "##### #.... ####. ....# ....# #...# .###. ..... .....",
        ['6'] = ".###. #.... ####. #...# #...# #...# .###. ..... .....",
        ['7'] = "##### ....# ...#. ..#.. ..#.. .#... .#... ..... .....",
        ['8'] = ".###. #...# #...# .###. #...# #...# .###. ..... .....",
        ['9'] = ".###. #...# #...# .#### ....# ....# .###. ..... .....",
        ['-'] = "..... ..... ..... ##### ..... ..... ..... ..... .....",
        ['.'] = "..... ..... ..... ..... ..... .##.. .##.. ..... .....",
        [':'] = "..... .##.. .##.. ..... ..... .##.. .##.. ..... .....",
        ['='] = "..... ..... ##### ..... ##### ..... ..... ..... .....",
        [','] = "..... ..... ..... ..... ..... .##.. .##.. ..#.. .#...",
        ['+'] = "..... ..... ..#.. ..#.. ##### ..#.. ..#.. ..... .....",
        [' '] = "..... ..... ..... ..... ..... ..... ..... ..... .....",
    };

    /// <summary>The pixels that a text is wide.</summary>
    public static int WidthOf(string text) => text.Length * Advance;

    /// <summary>Writes a text in black.</summary>
    /// <param name="text">The text; a character that there is no letter for is a block.</param>
    /// <param name="scale">How many pixels wide and high a pixel of a letter is.</param>
    /// <param name="pixels">The picture from the text's upper left corner on, four bytes a pixel.</param>
    /// <param name="stride">Bytes of a row of the picture.</param>
    public static void Draw(string text, int scale, Span<byte> pixels, int stride)
    {
        for (int i = 0; i < text.Length; i++)
        {
            string letter = Letters.GetValueOrDefault(text[i], Missing);
            for (int y = 0; y < Height * scale; y++)
            {
                for (int x = 0; x < Width * scale; x++)
                {
                    if (letter[(y / scale * RowOfText) + (x / scale)] == '#')
                    {
                        int at = (y * stride) + (((i * Advance * scale) + x) * BytesPerPixel);
                        pixels.Slice(at, BytesPerPixel - 1).Clear();
                    }
                }
            }
        }
    }
}
