# Lines of tps over clients, as SVG. Input: title|clients|tps, grouped by title, clients ascending.
# Variable: what, which is counted on the vertical axis. Both axes are logarithmic: the ways are two orders of magnitude apart, and the clients double.

function escape(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); return text }
function log10(value) { return log(value) / log(10) }
function x_of(clients) { return left + width * (most > 1 ? log(clients) / log(most) : 0) }
function y_of(tps) { return top + height * (ceiling - log10(tps)) / (ceiling - ground) }
function label(tps) { return tps >= 1000 ? sprintf("%gk", tps / 1000) : tps }

BEGIN {
  FS = "|"
  left = 60; top = 40; width = 480; height = 340
  # A colour for what is done, dashes for what does not wait for the disk: in the order of the table ways.
  split("#888888 #3465a4 #3465a4 #4e9a06 #cc0000 #cc0000", colours, " ")
  split("2,4 6,3 none none none 6,3", dashes, " ")
}

!($1 in line_of) { line_of[$1] = ++lines; titles[lines] = $1 }
{
  line[NR] = line_of[$1]; clients[NR] = $2; tps[NR] = $3
  last[line[NR]] = NR
  seen[$2] = 1
  if ($2 > most) most = $2
  if (ground == "" || log10($3) < ground) ground = log10($3)
  if (log10($3) > ceiling) ceiling = log10($3)
}

# The legend beside the ends of the lines: in their order, moved apart where they would touch.
function legend(    i, j, swap, y, order) {
  for (i = 1; i <= lines; i++) order[i] = i
  for (i = 2; i <= lines; i++)
    for (j = i; j > 1 && tps[last[order[j]]] > tps[last[order[j - 1]]]; j--) {
      swap = order[j]; order[j] = order[j - 1]; order[j - 1] = swap
    }
  y = top - 18
  for (i = 1; i <= lines; i++) {
    j = order[i]
    y = y_of(tps[last[j]]) < y + 18 ? y + 18 : y_of(tps[last[j]])
    printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ccc\"/>", left + width + 5, y_of(tps[last[j]]), left + width + 18, y
    printf "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>", left + width + 20, y, left + width + 44, y, colours[j], dashes[j]
    printf "<text x=\"%d\" y=\"%.1f\">%s</text>\n", left + width + 50, y + 4, escape(titles[j])
  }
}

END {
  ground = int(ground); if (ceiling > int(ceiling)) ceiling = int(ceiling) + 1
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n", left + width + 330, top + height + 50
  print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
  print "<text x=\"10\" y=\"20\" font-size=\"14\">" what ", over the number of clients, both axes logarithmic; dashed: does not wait for the disk</text>"
  for (power = ground; power <= ceiling; power++)
    for (digit = 1; digit <= 5; digit = digit == 2 ? 5 : digit + 1) {
      if (power == ceiling && digit > 1) break
      y = y_of(digit * 10 ^ power)
      printf "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\"/>", left, y, left + width, y, digit == 1 ? "#bbb" : "#eee"
      printf "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#666\">%s</text>\n", left - 8, y + 4, label(digit * 10 ^ power)
    }
  for (count in seen) {
    printf "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#eee\"/>", x_of(count), top, x_of(count), top + height
    printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">%d</text>\n", x_of(count), top + height + 18, count
  }
  printf "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">clients</text>\n", left + width / 2, top + height + 38
  for (i = 1; i <= lines; i++) {
    printf "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\" points=\"", colours[i], dashes[i]
    for (n = 1; n <= NR; n++) if (line[n] == i) printf "%.1f,%.1f ", x_of(clients[n]), y_of(tps[n])
    print "\"/>"
    for (n = 1; n <= NR; n++) if (line[n] == i) printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", x_of(clients[n]), y_of(tps[n]), colours[i]
  }
  legend()
  print "</svg>"
}
