# Groups of bars as SVG. Input: title|who|milliseconds|times as long as without, grouped by title.

BEGIN {
  FS = "|"; left = 80; width = 480; top = 34
  colour["no audit"] = "#888888"; colour["steward"] = "#3465a4"; colour["row trigger"] = "#cc0000"; colour["statement trigger"] = "#f57900"
}
{ title[NR] = $1; who[NR] = $2; ms[NR] = $3; ratio[NR] = $4; if ($3 > most) most = $3; if (title[NR] != title[NR - 1]) groups++ }
END {
  height = top + 20 * NR + 14 * groups + 10
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n", left + width + 220, height
  print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
  print "<text x=\"10\" y=\"20\" font-size=\"14\">medians in milliseconds, less is better</text>"
  for (i = 1; i <= NR; i++) {
    if (title[i] != title[i - 1]) { group++; printf "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", left - 8, top + 20 * (i - 1) + 14 * (group - 1) + 18, title[i] }
    y = top + 20 * (i - 1) + 14 * (group - 1) + 4
    printf "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"17\" fill=\"%s\"/>", left, y, width * ms[i] / most, colour[who[i]]
    printf "<text x=\"%.1f\" y=\"%d\">%s, %s%s</text>\n", left + width * ms[i] / most + 5, y + 13, who[i], ms[i], ratio[i] == 1 ? "" : " (× " ratio[i] ")"
  }
  print "</svg>"
}
