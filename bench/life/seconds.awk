# Transactions in each second of a run, as SVG. Input: who|second since 1970|transactions, grouped by who, seconds ascending. A run's first and last
# second are parts of one, and are left out.

BEGIN { FS = "|"; left = 70; width = 560; top = 40; height = 260; colour["steward"] = "#3465a4"; colour["plain"] = "#cc0000"; colour["striped"] = "#f57900" }
!($1 in first) { first[$1] = $2; who[++ways] = $1 }
{ tps[$1, $2 - first[$1]] = $3; last[$1] = $2 - first[$1]; if (last[$1] - 1 > most) most = last[$1] - 1; if ($3 > highest) highest = $3 }
function y_of(value) { return top + height * (1 - value / ceiling) }
function x_of(second) { return left + (most > 1 ? width * (second - 1) / (most - 1) : width / 2) }
END {
  step = 1
  while (highest / step > 10) step *= substr(step, 1, 1) == 2 ? 2.5 : 2
  ceiling = step * (int(highest / step) + 1)
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n", left + width + 100, top + height + 50
  print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
  print "<text x=\"10\" y=\"20\" font-size=\"14\">transactions in each second of the first round, synchronous commit</text>"
  for (value = 0; value <= ceiling; value += step) {
    printf "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/>", left, y_of(value), left + width, y_of(value)
    printf "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#666\">%d</text>\n", left - 8, y_of(value) + 4, value
  }
  printf "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">%d seconds</text>\n", left + width / 2, top + height + 22, most + 1
  for (i = 1; i <= ways; i++) {
    printf "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"", colour[who[i]]
    for (second = 1; second < last[who[i]]; second++) printf "%.1f,%.1f ", x_of(second), y_of(tps[who[i], second])
    print "\"/>"
    printf "<text x=\"%d\" y=\"%.1f\" fill=\"%s\">%s</text>\n", left + width + 8, y_of(tps[who[i], last[who[i]] - 1]) + 4, colour[who[i]], who[i]
  }
  print "</svg>"
}
