# The year of Milan, last part: eighteen, another organisation leads, and a hub that dies. Sourced by deploy/demo.

scene 333 "15. Milan is eighteen: the lead passes to the CAW"
refused "nobody takes over whom the table does not know" lead.introduced $lead lead offer "$trajectory" --to $caw
for member in $psychiatry $police; do do_ $lead trajectories introduce "$trajectory" --member $caw --to "$member" --both; done
do_ $lead trajectories stage "$trajectory" --stage adult --receiver $caw
do_ $lead lead offer "$trajectory" --to $caw --message "Zoals samen met Milan besproken."
waits "the offer waits at the CAW" $caw lead-offered
day 336
do_ $caw lead accept "$trajectory" --message "Wij gaan met Milan verder."
leads() { as "$1" --json trajectories show "$trajectory" | python3 -ISc 'import json,sys
sys.exit("caw" not in json.dumps(json.load(sys.stdin)["lead"]))'; }
for member in $lead $psychiatry $school $police $caw; do await "the new lead at $member" leads "$member"; done
ok "offered and accepted: the CAW leads, and everybody who takes part knows"
as $caw trajectories show "$trajectory" | sed -n '1,14p' | evidence
for member in $lead $caw; do
  as $member --role auditor --reason audit audit "$trajectory" --export "$demo/work/$member.evidence" >/dev/null 2>&1 || fail "no audit at $member"
  "${offline[@]}" "$demo/work/$member.evidence" >"$demo/work/verified.txt" || fail "the evidence of $member does not verify"
done
ok "who saw what: the answer to who leads now verifies, and that to who led before"

scene 350 "16. Good enough? Closing waits"
for record in "$criterion_milan" "$criterion_home"; do received $caw "$record"; done
do_ $lead criteria met "$criterion_milan" --why "Vijf weken al, zegt Milan. Mama knikt."
judged() { as $caw --json criteria list "$trajectory" | grep -q '"met": true'; }
await "the judgement at the CAW" judged
as $caw criteria list "$trajectory" | evidence
refused "it is not closed while there is no place to stay for after 18" closing.criteria $caw trajectories close "$trajectory" --copy-offered "meegegeven op papier" --copy taken
ok "so it stays open: his studio is ready in two months"

scene "$year" "17. The hub is killed, and has lost nothing; and it never could read a word"
before=$(hub head | sed -n 2p)
kill -KILL "$(cat "$demo/run/hub.pid")"
start_hub
reconnected() { [ "$(as $lead --json status | json connected)" = true ] && [ "$(as $lead --json status | json outbox)" = 0 ]; }
await "the lead's return" reconnected
ok "kill -9: the log had $before entries, and has $(hub head | sed -n 2p) now"
found_in() { # folders...: how many files in them hold one of the words
  LC_ALL=C grep -rlaF "${words[@]/#/-e}" -- "$@" | wc -l
}
words=(Milan houtbewerking slaapt "Karim Daems" "Lotte Vermeulen" "0470 00 00 00" avondritueel "$trajectory")
expect "no name, no text, no trajectory can be found in any byte of the hub's folder" 0 "$(found_in "$demo/hub" || true)"
words=(Milan houtbewerking "Karim Daems" avondritueel contextbegeleiding)
expect "nor in any agent's vault" 0 "$(found_in "$demo"/agents/*/vault || true)"
words=("127.0.0.1:$port")
[ "$(found_in "$demo/hub")" -gt 0 ] || fail "the search finds not even what stands there"
tell "A year in a few minutes: keys were due more often than a hub takes in an hour. That passes by itself, and alarms nobody."
as $lead alarms | evidence
for line in "${organisations[@]}"; do do_ "$(field "$line" 1)" alarms --seen all; done

chapter "Twenty others lived through that year too"
as $lead trajectories list | sed -n '1,16p' | evidence
as $lead inbox | sed -n '1,14p' | evidence
expect "twenty trajectories of others, led by three organisations" 20 "$(wc -l <"$demo/others.txt")"
