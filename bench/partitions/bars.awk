# Pairs of bars as SVG, on a logarithmic axis. Input: title|who|milliseconds.

BEGIN {
  FS = "|"; left = 190; width = 460; top = 34
  colour["steward"] = "#3465a4"; colour["pg_partman"] = "#cc0000"
}
function x_of(ms) { return left + width * log(ms < 1 ? 1 : ms) / log(100000) }
{ title[NR] = $1; who[NR] = $2; ms[NR] = $3 }
END {
  height = top + 22 * NR + 8 * NR / 2 + 30
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n", left + width + 130, height
  print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
  print "<text x=\"10\" y=\"20\" font-size=\"14\">medians in milliseconds, less is better; the axis is logarithmic</text>"
  for (power = 0; power <= 5; power++) {
    x = x_of(10 ^ power)
    printf "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#ddd\"/>", x, top, x, height - 25
    printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">%g</text>\n", x, height - 10, 10 ^ power
  }
  for (i = 1; i <= NR; i++) {
    y = top + 22 * (i - 1) + 8 * int((i - 1) / 2) + 4
    if (i % 2) printf "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", left - 8, y + 24, title[i]
    printf "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"18\" fill=\"%s\"/>", left, y, x_of(ms[i]) - left, colour[who[i]]
    printf "<text x=\"%.1f\" y=\"%d\">%s, %s</text>\n", x_of(ms[i]) + 5, y + 13, who[i], ms[i]
  }
  print "</svg>"
}
