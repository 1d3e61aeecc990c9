# The year of Milan, third part: who saw what, with proof; and Milan asks himself. Sourced by deploy/demo.

scene 255 "12. Lotte was away for a month, and catches up"
do_ $lead follow "$trajectory"
do_ $lead changes "$trajectory" --seen
decided=$(as $caw inbox | grep "Carry out an action.*${trajectory:0:8}" | grep -oE '[0-9a-f]{8}$')
finished=$(said $caw actions done "$decided" --remark "Hij staat op de lijst; de studio komt vrij in januari.")
received $lead "$finished"
school_progress=$(said $school notes add "$trajectory" --to $lead --category school --purpose education --title "Vierde halve dag" --text "Milan vraagt een vierde halve dag, nu in het schrijnwerkersatelier.")
received $lead "$school_progress"
as $lead changes "$trajectory" | sed -n '1,8p' | evidence
found=$(as $lead --json search "weglopen" --trajectory "$trajectory" | json total)
[ "$found" -gt 0 ] || fail "the search for weglopen found nothing"
as $lead search "weglopen" --trajectory "$trajectory" | sed -n '1,6p' | evidence
ok "what changed since she last looked, and every word that she may see, found again"

scene 300 "13. The data protection officer asks who saw what, and checks the answer without the hub"
file="$demo/wie-zag-wat.evidence"
as $lead --role auditor --reason audit audit "$trajectory" --export "$file" >"$demo/work/audit.txt" 2>&1 || { cat "$demo/work/audit.txt" >&2; fail "no audit"; }
tell "Of $(wc -l <"$demo/work/audit.txt") lines, what was sent and handed over in the night that Milan was gone:"
grep -F "$night" "$demo/work/audit.txt" | grep -v " saw " | evidence
offline=("${clocked[@]}" "$bin/schakel" --lang en verify --hub-key "@$demo/hub-log.pub" --threshold 2 "${public[@]}")
"${offline[@]}" "$file" >"$demo/work/verified.txt"
head -8 "$demo/work/verified.txt" | evidence
ok "every line is proven to stand in the log, with public keys alone"
grep -q "$school.* before entry [0-9]*, nothing is missing" "$demo/work/verified.txt" || fail "it does not say that nothing is missing"
ok "and nothing that was handed to anybody on this trajectory is missing"
for witness in $lead $psychiatry; do
  grep -q "cosigned by .*$witness (up to entry" "$demo/work/verified.txt" || fail "$witness does not stand behind this history"
done
ok "$lead, $psychiatry and others saw the same history, and put their name to it"
cp "$file" "$file.forged"
python3 - "$file.forged" <<'PY'
import sys
path = sys.argv[1]
data = bytearray(open(path, "rb").read())
data[len(data) // 2] ^= 1
open(path, "wb").write(data)
PY
if "${offline[@]}" "$file.forged" >/dev/null 2>"$demo/work/forged.txt"; then fail "a forged answer was accepted"; fi
evidence <"$demo/work/forged.txt"
ok "with one bit changed the same file is refused"

scene 310 "14. Milan asks: wie zag mij?"
do_ $lead --role coordinator trajectories assign "$trajectory" --person "Lotte Vermeulen"
wim=$(SCHAKEL_SOCKET="$demo/agents/$lead/agent.sock" "${clocked[@]}" "$bin/schakel" --as "Wim De Wit" --json read "$school_note" 2>/dev/null || true)
expect "a colleague without a task is not shown the note, and the attempt is noted" view.no_task "$(json rule <<<"$wim")"
paper="$demo/wie-zag-mij"
as $lead report "$trajectory" --for young-person --output "$paper" >/dev/null 2>"$demo/work/report.txt" || { cat "$demo/work/report.txt" >&2; fail "no report"; }
grep -q "ingetrokken op" "$paper/wie-zag-mij.html" || fail "the report does not tell of the withdrawal"
expect "the report holds no words of any record" 0 "$(grep -cE "houtbewerking|avondritueel|Terug naar school" "$paper/wie-zag-mij.html" || true)"
"${offline[@]}" "$paper/wie-zag-mij.evidence" >"$demo/work/verified.txt" || fail "the report's evidence does not verify"
ok "a page for Milan, in plain words, and a file that proves it: $paper"
as $lead --role auditor --reason audit audit "$trajectory" --format fhir --output "$demo/wie-zag-wat.fhir.json" 2>/dev/null
as $lead grants export "$trajectory" --format fhir --output "$demo/toestemmingen.fhir.json" 2>/dev/null
[ "$(json entry.0.resource.resourceType <"$demo/toestemmingen.fhir.json")" = Consent ] || fail "no consents"
ok "$(python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["entry"]))' "$demo/wie-zag-wat.fhir.json") audit events and every agreement, as FHIR R4"
