# Makes a script for psql of a document: its SQL as it is, and before it, as comments, what is said about it. Sections without SQL are
# left out, and so are tables and what answers there were.

/^```sql/   { end_paragraph(); printf "%s", told; told = ""; in_sql = 1; next }
/^```[a-z]/ { in_other = 1; next }
/^```/      { in_sql = in_other = 0; next }
in_sql      { print; next }
in_other || /^\|/ || /^# / { next }
/^##/       { sub(/^#+ /, ""); paragraph = ""; told = "-- ==== " $0 "\n"; next }
/^$/        { end_paragraph(); next }
            { paragraph = paragraph " " $0 }

function end_paragraph(   words, count, i, line) {
  if (paragraph == "") return
  gsub(/\*\*/, "", paragraph)
  count = split(without_links(paragraph), words, " ")
  line = "--"
  for (i = 1; i <= count; i++) {
    if (length(line) + length(words[i]) > 110) { told = told line "\n"; line = "--" }
    line = line " " words[i]
  }
  told = told line "\n"
  paragraph = ""
}

function without_links(text,   link) {
  while (match(text, /\[[^]]*\]\([^)]*\)/)) {
    link = substr(text, RSTART + 1, RLENGTH - 1)
    sub(/\]\(.*$/, "", link)
    text = substr(text, 1, RSTART - 1) link substr(text, RSTART + RLENGTH)
  }
  return text
}
