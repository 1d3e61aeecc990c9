# A hub, its registrars, and the organisations that enrol: keys, invitations, fingerprints. Sourced by deploy/demo.

# id, sector, name, the person at the keyboard
organisations=(
  "contextbegeleiding|youth-care|Contextbegeleiding De Schakel (CANO)|Lotte Vermeulen"
  "jeugdpsychiatrie|psychiatry|Jeugdpsychiatrie De Brug|Dr. An Claes"
  "netwerk-leerrecht|school-support|Netwerk Leerrecht|Bart Wouters"
  "politie-jeugd|police-liaison|Lokale politie, jeugd en gezin|Inspecteur Nadia El Amrani"
  "caw|general-welfare|CAW, jongvolwassenen|Joris Peeters"
  "time-out-haven|youth-care|Time-out De Haven (CANO)|Sofie Maes"
)
lead=contextbegeleiding psychiatry=jeugdpsychiatrie school=netwerk-leerrecht police=politie-jeugd caw=caw haven=time-out-haven
registrars=("$demo/registrar/eerste.key" "$demo/registrar/tweede.key" "$demo/registrar/derde.key")
public=()

sign() { # statement: two of the three registrars sign it, off the hub
  quiet "${clocked[@]}" "$bin/schakel" --lang en registrar sign --key "${registrars[0]}" --key "${registrars[1]}" "$1" --output "$1.signed"
}

set_up_hub() {
  local key verifier
  for key in "${registrars[@]}"; do
    quiet "${clocked[@]}" "$bin/schakel" registrar keygen --output "$key"
    public+=(--registrar "$("$bin/schakel" registrar public "$key" | awk '{print $1}' | tail -1)")
  done
  verifier=$("${clocked[@]}" "$bin/schakel-hub" init --directory "$demo/hub" --origin schakel.example/demo --listen "tcp://127.0.0.1:$port" \
    --threshold 2 "${public[@]}" 2>"$demo/logs/init.log") || { cat "$demo/logs/init.log" >&2; fail "the hub could not be made"; }
  echo "$verifier" >"$demo/hub-log.pub"
  sed -i "s/127.0.0.1:9464/127.0.0.1:$((port + 1))/" "$demo/hub/hub.toml"
  quiet hub run --check-config
  start_hub
  ok "the hub runs; its log is signed by $verifier"
  quiet hub ceilings --profiles "$root/agents/profiles" --output "$demo/work/ceilings.bin"
  sign "$demo/work/ceilings.bin"
  quiet hub apply "$demo/work/ceilings.bin.signed"
  ok "two of three registrars signed what each sector may at most receive"
}

enrol_everybody() {
  local line id print prints=()
  for line in "${organisations[@]}"; do
    id=$(field "$line" 1)
    quiet hub token --org "$id" --sector "$(field "$line" 2)" --name "$(field "$line" 3)" --output "$demo/work/$id.invitation"
    quiet "${clocked[@]}" "$bin/schakel-agent" init --data "$demo/agents/$id" --profiles "$root/agents/profiles"
    start "enrol-$id" "$bin/schakel-agent" enrol --config "$demo/agents/$id/agent.toml" --invitation "$demo/work/$id.invitation" --wait
  done
  for line in "${organisations[@]}"; do
    id=$(field "$line" 1)
    asked() { hub enrolments | grep -P "^$id\t" | grep -E "([0-9a-f]{4} ){7}[0-9a-f]{4}"; }
    await "the request of $id" asked
    print=$(hub enrolments | grep -P "^$id\t" | grep -oE '([0-9a-f]{4} ){7}[0-9a-f]{4}')
    printed() { grep -q '^fingerprint' "$demo/logs/enrol-$id.log"; }
    await "the fingerprint of $id" printed
    grep -qF "$print" "$demo/logs/enrol-$id.log" || fail "the fingerprint at $id is another than the hub's" "do not approve it"
    quiet hub request --org "$id" --output "$demo/work/$id.bin"
    sign "$demo/work/$id.bin"
    quiet hub apply "$demo/work/$id.bin.signed"
    prints+=("$print")
  done
  for line in "${organisations[@]}"; do
    id=$(field "$line" 1)
    enrolled() { ! ours "$(cat "$demo/run/enrol-$id.pid")"; }
    await "the enrolment of $id" enrolled
    rm -f "$demo/run/enrol-$id.pid"
    start_agent "$id"
  done
  for line in "${organisations[@]}"; do
    await "the connection of $(field "$line" 1)" connected "$(field "$line" 1)"
    ok "$(printf '%-42s %s' "$(field "$line" 3)" "fingerprint ${prints[0]}")"
    prints=("${prints[@]:1}")
  done
  everyone_known() { [ "$(as "$1" --json organisations | grep -c '"sector_name"')" = ${#organisations[@]} ]; }
  for line in "${organisations[@]}"; do await "the directory at $(field "$line" 1)" everyone_known "$(field "$line" 1)"; done
  ok "every agent has verified the whole directory"
}
