# The web pages of a region that stays up, and a link per role that logs in straight away. Sourced by deploy/demo.
# On this machine alone, without TLS: what is real is set up as docs/operations.md says.

doors=$((port + 2)) pages=$((port + 10))  # Ports: of the links, and of the first agent's page.

page_of() { # organisation: the port of its page
  local line number=$pages
  for line in "${organisations[@]}"; do
    [ "${line%%|*}" = "$1" ] && { echo $number; return; }
    number=$((number + 1))
  done
}
serve_page() { # organisation
  cat >>"$demo/agents/$1/agent.toml" <<TEXT

[edge]
listen = "127.0.0.1:$(page_of "$1")"
plain = true
public_url = "http://$1.localhost:$(page_of "$1")"
TEXT
}

# host, role, organisation, name
people=(
  "lotte|worker|$lead|Lotte Vermeulen"
  "inge|coordinator|$lead|Inge Callens"
  "greet|auditor|$lead|Greet Aerts"
  "ruben|administrator|$lead|Ruben Pauwels"
  "an|worker|$psychiatry|Dr. An Claes"
  "bart|worker|$school|Bart Wouters"
  "nadia|worker|$police|Inspecteur Nadia El Amrani"
  "joris|coordinator|$caw|Joris Peeters"
  "hilde|worker|$caw|Hilde Saelens"
  "sofie|worker+coordinator|$haven|Sofie Maes"
)

# A meeting that seeks a date, so that there is something for Milan and his mother to choose.
invite_family() {
  local table
  table=$(said $lead tables propose "$trajectory" --title "Hoe gaat het in de studio?" --place "bij Milan" \
    --date "$(on 9) 16:00-17:00" --date "$(on 11) 17:30-18:30" --date "$(on 15) 16:00-17:00")
  milan="$table/$(said $lead tables guest-invite "$table" --name "Milan" --who young-person)"
  mother="$table/$(said $lead tables guest-invite "$table" --name "Mama van Milan" --who mother)"
}

doors_of() { # host role name organisation: a line for doors.py
  echo "$1|$2|$3|$4|$demo/agents/$4/agent.sock|$(page_of "$4")"
}
open_doors() {
  local line
  invite_family
  {
    for line in "${people[@]}"; do doors_of "$(field "$line" 1)" "$(field "$line" 2)" "$(field "$line" 4)" "$(field "$line" 3)"; done
    echo "$(doors_of milan guest "$milan" $lead)|Lotte Vermeulen"
    echo "$(doors_of mama guest "$mother" $lead)|Lotte Vermeulen"
  } >"$demo/work/doors.txt"
  rm -f "$demo/links.txt"
  start doors python3 -B "$story/doors.py" --port "$doors" --people "$demo/work/doors.txt" --links "$demo/links.txt"
  opened() { [ -s "$demo/links.txt" ] || [ ! -d "/proc/$(cat "$demo/run/doors.pid")" ]; }
  await "the links into the pages" opened
  [ -s "$demo/links.txt" ] || fail "there are no links into the pages" "$(tail -1 "$demo/logs/doors.log")"
}
print_doors() {
  local role name organisation link
  while IFS=$'\t' read -r role name organisation link; do
    printf '   %-20s %-27s %-20s %s\n' "${role/+/, }" "$name" "$organisation" "$link"
  done <"$demo/links.txt"
}
