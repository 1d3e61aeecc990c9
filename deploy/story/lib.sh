# What the story is told with: output, processes, command lines and checks. Sourced by deploy/demo.

bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
[ -t 1 ] || bold= dim= green= red= plain=

fail() { printf '%sdeploy/demo: error: %s%s\n' "$red" "$1" "$plain" >&2; printf 'hint: %s\n' "${2:-the logs lie in .demo/logs}" >&2; exit 1; }
chapter() { printf '\n%s── %s%s\n' "$bold" "$*" "$plain"; }
tell() { printf '%s\n' "$*" | fold -s -w 110 | sed 's/^/   /'; }
held=0
ok() { held=$((held + 1)); printf '   %s✓%s %s\n' "$green" "$plain" "$*"; }
evidence() { fold -s -w 170 | sed "s/^/     $dim│$plain /"; }

# ---- processes ----
# A file of a machine that was switched off names a number that may be anybody's by now.
ours() { # pid: whether it is a program of this demo
  [[ ${1:-} =~ ^[1-9][0-9]*$ ]] || return 1
  local line
  line=$({ tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null) || return 1
  [[ ($line == *"$bin/schakel-"* || $line == *"$story/doors.py"*) && $line == *"$demo/"* ]]
}
stop_one() { # name
  local file="$demo/run/$1.pid" pid
  [ -e "$file" ] || return 0
  pid=$(cat "$file")
  ours "$pid" || { rm -f "$file"; return 0; }
  kill -TERM "$pid" 2>/dev/null || true
  for _ in $(seq 300); do ours "$pid" || break; sleep 0.1; done
  ! ours "$pid" || kill -KILL "$pid" 2>/dev/null || true
  rm -f "$file"
}
stop_all() {
  [ -d "$demo/run" ] || return 0
  local file pid
  for file in "$demo"/run/*.pid; do
    [ -e "$file" ] || continue
    pid=$(cat "$file")
    ! ours "$pid" || kill -TERM "$pid" 2>/dev/null || true
  done
  for file in "$demo"/run/*.pid; do [ -e "$file" ] && stop_one "$(basename "$file" .pid)" || true; done
}
start() { # name command...
  local name=$1; shift
  setsid "${clocked[@]}" "$@" >>"$demo/logs/$name.log" 2>&1 </dev/null {from_others}<&- {to_others}>&- &
  disown
  echo $! >"$demo/run/$name.pid"
}
start_hub() { start hub "$bin/schakel-hub" --config="$demo/hub/hub.toml" run; await "the hub's start" curl -fsS "http://127.0.0.1:$((port + 1))/readyz"; }
start_agent() { start "$1" "$bin/schakel-agent" run --config "$demo/agents/$1/agent.toml"; }
connected() { [ "$(as "$1" --json status | json connected)" = true ]; }
patience=120  # Seconds: a busy machine is slow, and says nothing about the programs.
await() { # what command...: until it succeeds
  local what=$1 until=$((SECONDS + patience)); shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $until ] || fail "$what did not happen within $patience s"
    sleep 0.1
  done
}
quiet() { # command...: shown only if it fails
  "$@" >"$demo/logs/last.txt" 2>&1 || { cat "$demo/logs/last.txt" >&2; fail "$(basename "$1") ${*:2:3} failed"; }
}

# ---- the clock of the story ----
# Every program runs on a clock of its own (clock.c), that starts a year ago and leaps between chapters.
year=365
clocked=()      # What a program is started with to run on that clock.
today=0         # The day of the story.
now() { echo $(($(date +%s) - (year - today) * 86400)); }
on() { # days from the day of the story: a working day, as 03/12/2026
  local then
  then=$(date -d "$(date -d "@$(now)" +%F) + $1 days" +%F)
  case $(date -d "$then" +%u) in 6 | 7) then=$(date -d "$then + 2 days" +%F) ;; esac
  date -d "$then" +%d/%m/%Y
}
day() { # number: what happens around twenty others until that day, and then it is that day
  local answer
  echo "$1" >&"$to_others"
  read -r answer <&"$from_others" || fail "the story of the others broke off" "$(tail -3 "$demo/logs/others.log")"
  [ "$answer" = "day $1" ] || fail "around the others: $answer" "see .demo/logs/others.log"
  today=$1
}
scene() { # day title: a chapter
  day "$1"
  chapter "$(LC_ALL=C date -d "@$(now)" '+%-d %B %Y') · $2"
}

# ---- who takes part ----
field() { cut -d'|' -f"$2" <<<"$1"; }
as() { # organisation arguments...: the command line of that organisation's own agent
  local id=$1 line; shift
  for line in "${organisations[@]}"; do [ "${line%%|*}" = "$id" ] && break; done
  SCHAKEL_SOCKET="$demo/agents/$id/agent.sock" "${clocked[@]}" "$bin/schakel" --lang en --as "${line##*|}" "$@"
}
json() { # path: of the JSON on standard input
  python3 -ISc 'import json,sys
try:
    value = json.load(sys.stdin)
except ValueError:
    sys.exit(1)  # What went wrong stands on standard error already.
for key in sys.argv[1].split("."):
    value = value[int(key)] if isinstance(value, list) else value[key]
print(value if isinstance(value, str) else json.dumps(value))' "$1"
}
hub() { "${clocked[@]}" "$bin/schakel-hub" --config="$demo/hub/hub.toml" "$@"; }

# ---- saying and checking ----
expect() { # what wanted got
  [ "$2" = "$3" ] || fail "$1: expected $2, got $3"
  ok "$1"
}
refused() { # what rule organisation arguments...: must be refused by that rule
  local what=$1 rule=$2 answer; shift 2
  if answer=$(as "$1" --json "${@:2}" 2>/dev/null); then fail "$what: it was allowed"; fi
  [ "$(json rule <<<"$answer")" = "$rule" ] || fail "$what: refused by $(json rule <<<"$answer"), expected $rule"
  ok "$what"
  json title <<<"$answer" | evidence
}
do_() { as "$1" --json "${@:2}" >"$demo/logs/last.txt" 2>&1 || { cat "$demo/logs/last.txt" >&2; fail "$1: ${*:2:3}"; }; }
said() { as "$1" --json "${@:2}" | json record; }  # The id of what was said.
received() { # organisation record: it is there
  await "record ${2:0:8} at $1" as "$1" --json read "$2"
}
waits() { # what organisation task: the inbox of that organisation asks for it, on this trajectory
  local what=$1 organisation=$2 task=$3
  there() { as "$organisation" --json inbox | python3 -ISc 'import json,sys
sys.exit(not any([item["what"], (item["trajectory"] or {}).get("id")] == sys.argv[1:] for item in json.load(sys.stdin)["items"]))' "$task" "$trajectory"; }
  await "$task in the inbox of $organisation" there
  ok "$what"
}
invite() { # organisation message: with a label that names nobody
  do_ $lead trajectories invite "$trajectory" "$1" --label "Traject 12" --message "$2"
}
join_() { # organisation: takes up its invitation
  local there; there() { as "$1" --json trajectories invitations | grep -q "$trajectory"; }
  await "the invitation of $1" there "$1"
  do_ "$1" trajectories join "$trajectory" --message "Wij engageren ons in dit traject."
  member() { as "$lead" --json trajectories show "$trajectory" | python3 -ISc 'import json,sys
value = json.load(sys.stdin)
sys.exit(not any(p["organisation"]["id"] == sys.argv[1] and p["status"] == "joined" for p in value["members"]))' "$1"; }
  await "the membership of $1" member "$1"
}
consent() { # recipient purposes categories [how long]: the young person's own, oral, witnessed
  said "$lead" grants give "$trajectory" --to "$1" --purpose "$2" --category "$3" --for "${4:-6m}" \
    --by "Milan (17)" --oral --how "gesprek op de kamer, in eigen woorden nagevraagd" --witness "Karim Daems, begeleider"
}
