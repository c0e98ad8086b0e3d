# Bars from 0 to p99 with a mark at p50, as SVG. Input: title|who|p50|p99, grouped by title. The axis is logarithmic: ways are far apart.

function x_of(ms) { return left + width * (ms > ground ? log(ms / ground) / log(ceiling / ground) : 0) }
BEGIN { FS = "|"; left = 140; width = 420; top = 40; ground = 0.1; ceiling = 1; colour["steward"] = "#3465a4"; colour["plain"] = "#cc0000"; colour["striped"] = "#f57900" }
{
  title[NR] = $1; who[NR] = $2; p50[NR] = $3; p99[NR] = $4
  if (title[NR] != title[NR - 1]) groups++
  while ($4 > ceiling) ceiling *= 10
}
END {
  height = top + 20 * NR + 14 * groups
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n", left + width + 210, height + 30
  print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
  print "<text x=\"10\" y=\"20\" font-size=\"14\">latency in milliseconds, logarithmic: the bar ends at p99, the mark is p50; synchronous commit; less is better</text>"
  for (ms = ground; ms <= ceiling * 1.01; ms *= 10) {
    printf "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#ccc\"/>", x_of(ms), top, x_of(ms), height
    printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">%g</text>\n", x_of(ms), height + 16, ms
  }
  for (i = 1; i <= NR; i++) {
    if (title[i] != title[i - 1]) { group++; printf "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", left - 8, top + 20 * (i - 1) + 14 * (group - 1) + 28, title[i] }
    y = top + 20 * (i - 1) + 14 * (group - 1) + 4
    printf "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"17\" fill=\"%s\"/>", left, y, x_of(p99[i]) - left, colour[who[i]]
    printf "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"white\" stroke-width=\"2\"/>", x_of(p50[i]), y, x_of(p50[i]), y + 17
    printf "<text x=\"%.1f\" y=\"%d\">%s, %s / %s</text>\n", x_of(p99[i]) + 5, y + 13, who[i], p50[i], p99[i]
  }
  print "</svg>"
}
