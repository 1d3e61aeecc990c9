# The year of Milan, second part: meetings, a consent taken back, a bad night, a referral, and what ends. Sourced by deploy/demo.

scene 32 "6. A round table finds a date, the family first, and is held"
table=$(said $lead tables propose "$trajectory" --title "Ronde tafel: eerste maand thuis" --place "bij Milan thuis" \
  --date "$(on 7) 16:00-17:30" --date "$(on 11) 09:00-10:30" --date "$(on 14) 17:00-18:30" --to $school,$police,$caw)
family=$(said $lead tables family "$table" --choices yes,maybe,yes --comment "Milan wil het liefst na school")
for voter in "$school|yes,no,maybe" "$police|no,yes,yes" "$caw|maybe,no,yes"; do
  id=$(field "$voter" 1)
  received "$id" "$table"
  received "$id" "$family"
  do_ "$id" tables vote "$table" --choices "$(field "$voter" 2)"
done
voted() { [ "$(as $lead --json tables list "$trajectory" | json tables.0.votes)" = 3 ]; }  # Looking at the votes themselves would be a view of each.
await "three votes" voted
as $lead tables show "$table" | grep -E "^State| {3,}yes  |^[0-9]  " | evidence
fixed=$(said $lead tables fix "$table" --date 3 --to $school,$police,$caw)
received $caw "$fixed"
day 48
report=$(said $lead tables report "$table" --text "Milan sprak zelf eerst. Wat ieder met hem afsprak, blijft gelden; over twee maanden kijken we samen hoe het loopt." \
  --decision "Wie aan een afspraak wil raken, belt eerst Milan" --present "Milan" --present "mama" --present "opa" --to $school,$police,$caw)
received $school "$report"
received $police "$report"
action=$(said $lead actions add "$trajectory" --table "$table" --owner $school --due "$(on 14)" --text "Spreekt met het houtatelier af wie Milan opwacht")
received $school "$action"
do_ $school actions done "$action" --remark "Meneer Luyten wacht hem op maandag op."
expect "the report tells the police of no partner that they were not introduced to" 0 "$(as $police --json read "$report" | grep -ciE "caw|leerrecht|psychiatrie" || true)"
ok "a date for everyone, a report, decisions, and an action that is done"

scene 95 "7. Three months: an evolution review"
review=$(said $lead tables propose "$trajectory" --kind review-3-months --title "Evolutiebespreking na drie maanden" --together \
  --date "$(on 5) 16:00-17:00" --to $school,$caw)
for voter in $school $caw; do received $voter "$review"; do_ $voter tables vote "$review" --choices yes; done
waits "the inbox says that a date can be fixed" $lead fix
do_ $lead tables fix "$review" --date 1 --to $school,$caw
do_ $school goals progress "$goal_school" --progress on-track --text "Twee halve dagen, en hij vraagt zelf naar een derde."
day 102
do_ $lead tables report "$review" --text "Thuis is er minder ruzie. Het atelier lukt. De nachten blijven moeilijk." --present "Milan" --present "mama" --to $school,$caw
as $lead goals list "$trajectory" | sed -n '1,9p' | evidence
ok "reviewed at three months; who carries a goal says how far it is"

scene 120 "8. Consent for the school is withdrawn, and takes effect at once"
tell "The school's agent is switched off; a note for it waits at the hub. Then Milan withdraws his consent."
stop_one $school
waiting=$(said $lead --wait 10 notes add "$trajectory" --to $school --category school --purpose education --title "Nog iets over school" --text "Dit had de school nog moeten krijgen.")
do_ $lead --wait 10 grants withdraw "$school_grant" --why "Milan wil voorlopig niet dat de school meeleest."
start_agent $school
withheld() { as $school --json inbox | grep -q '"withheld"'; }
await "the withheld mark" withheld
ok "what was queued became a withheld mark: position and reason, no content"
as $school inbox | grep -A1 -i withheld | sed -n '1,4p' | evidence
expect "with the consent went the label: the school sees a number" "${trajectory:0:8}" "$(as $school --json trajectories show "$trajectory" | json label)"
if as $school --json read "$waiting" >/dev/null 2>&1; then fail "the school can read what was withheld"; fi
ok "the school cannot read it"
refused "from now on nothing more leaves for the school" sending.unreached $lead notes add "$trajectory" --to $school --category school --purpose education --title "Na intrekking" --text "Dit mag niet meer."
sealed() { as $lead grants show "$school_grant" | grep -q "sealed it on"; }
await "the school's proof of sealing" sealed
as $lead grants show "$school_grant" | grep "sealed it on" | evidence
ok "the school locked away what it had, and signed for that"
denied() { as $school audit "$trajectory" --denied | grep "${waiting:0:8}"; }
await "the line about what was withheld" denied
denied | evidence
ok "what was held back stands in the log, for the school as well"

scene 138 "9. Milan runs away: an emergency, reviewed afterwards; and a time-out is found"
night=$(TZ=Europe/Brussels date -d "@$(now)" +%d/%m/%Y)
emergency=$(said $lead grants give "$trajectory" --to $police --basis emergency --purpose crisis --category safety,identity --for 48h \
  --why "Sinds gisteravond weg, telefoon af, eerder een poging om van de brug te springen.")
missing=$(said $lead notes add "$trajectory" --to $police --category safety --purpose crisis --title "Sinds gisteravond weg" \
  --text "Milan is sinds 21 u weg zonder telefoon. Hij gaat soms naar zijn nonkel in de haven. Mama en opa zijn verwittigd.")
received $police "$missing"
ok "on the ground of an emergency the police get at once what they need, for 48 hours"
reason() { as "$1" --json read "$emergency" 2>/dev/null | grep -c brug || true; }
expect "the police read why" 1 "$(reason $police)"
for other in $school $caw $psychiatry; do expect "$other reads no word of it" 0 "$(reason $other)"; done
day 142
waits "the inbox of the lead asks for the review" $lead emergency-review
do_ $lead grants review "$emergency" --outcome justified --why "Hij is die nacht bij zijn nonkel gevonden; wat gedeeld werd, was daarvoor nodig."
as $lead grants show "$emergency" | tail -8 | evidence
ok "Milan is back; the emergency was reviewed, and what was found stands with it"
refused "two days later the emergency covers nothing any more" sending.unreached $lead notes add "$trajectory" --to $police --category safety --purpose crisis --title "Nog iets" --text "Waar hij die nacht nog was."
invite $haven "Is er plaats voor een korte time-out?"
haven_grant=$(consent $haven care-coordination,crisis identity,safety,family,agreements 3m)
join_ $haven
ask_time_out() { said $lead referrals ask "$trajectory" "$1" --module time-out --category family --question "Twee weken rust voor Milan en voor thuis, met de afspraak dat hij terugkomt. Kan dat vanaf maandag?"; }
referral=$(ask_time_out $haven)
received $haven "$referral"
do_ $haven referrals refuse "$referral" --why "Volzet tot eind volgende maand; daarna graag."
do_ $haven trajectories leave "$trajectory"
do_ $lead grants give "$trajectory" --to $psychiatry --purpose care-coordination,crisis,safety --category identity,family,safety,agreements --for 3m \
  --by "Milan (17)" --oral --how "gesprek op de kamer, in eigen woorden nagevraagd" --witness "Karim Daems, begeleider"
again=$(ask_time_out $psychiatry)
received $psychiatry "$again"
do_ $psychiatry referrals accept "$again" --why "Een bed vanaf maandag, veertien dagen, mama mag elke dag komen."
back=$(said $lead agreements add "$trajectory" --to $psychiatry --about running-away --text "Loopt Milan weg uit de time-out, dan belt De Brug eerst Lotte. Zijn bed blijft drie dagen vrij.")
received $psychiatry "$back"
accepted() { as $lead referrals list "$trajectory" | grep -qi accepted; }
await "the acceptance" accepted
as $lead referrals list "$trajectory" | grep -E "^(Referral|Answer)|To:|State:|Why: ." | evidence
ok "refused with a reason, asked elsewhere, accepted; with an agreement on running away"

tell "A month later De Haven has one place free again. Whoever asks for it says what is needed, and nobody's name."
day 168
place=$(said $haven places offer --kind time-out --title "De Haven" --age-from 14 --age-to 17 --words rust --for 60d --wait-minutes 240 --to $lead,$psychiatry)
for asker in $lead $psychiatry; do received $asker "$place"; done
refused "what tells who it is for does not leave" place.identifying $lead places ask "$place" --needs "Milan (2009) zoekt rust" --for 3d
bed=$(said $lead places ask "$place" --needs "Drie dagen rust, liefst buiten de stad" --age-from 15 --age-to 17 --for 3d --urgency today)
refused "of two that ask for the last place one has it, and the other reads so at once" place.taken $psychiatry places ask "$place" --needs "Even weg van thuis" --for 3d
place_asked() { as $haven --json inbox | grep -q place-asked; }
await "the request at De Haven" place_asked
do_ $haven places agree "$bed" --text "Welkom vanaf 17 uur."
place_agreed() { as $lead --json places show "$bed" | grep -q '"agreed"'; }
await "the yes of De Haven" place_agreed
refused "who offers the place does not end the stay" place.answered $haven places refuse "$bed"
day 170
do_ $lead places release "$bed" --text "Terug thuis, een dag vroeger dan gedacht."
place_free() { as $haven places list --all | grep -q "1 of 1 free"; }
await "the place, given back" place_free
as $haven places list --all | evidence
ok "asked for, agreed, held and given back"

scene 172 "10. Consents are about to end: most are renewed, one is left to lapse"
waits "the inbox asks for the consents that end" $lead grant-ends
own=$(consent $lead $own_purposes $own_categories 7m)
police_grant=$(consent $police safety,round-table,care-coordination identity,safety,agreements,meeting 7m)
caw_grant=$(consent $caw adulthood,round-table,evaluation,care-coordination identity,living,income,goals,meeting,agreements,own-voice 7m)
school_grant=$(consent $school education,round-table,evaluation,care-coordination identity,school,goals,meeting,agreements 7m)
ok "talked through with Milan again, and renewed for seven months; the school may read along again"
tell "The one for consultations with psychiatry is not: Milan sleeps, and wants no more talk about it."

scene 205 "11. Six months: goals are reviewed, and what lapsed stays shut"
refused "a note about mental health no longer leaves for psychiatry" sending.unreached $lead notes add "$trajectory" --to $psychiatry --category mental-health --purpose consultation --title "Slaap" --text "Hij slaapt."
waits "the inbox asks for the review of the goals" $lead goal-review
do_ $lead goals review "$goal_school" --found reached --text "Drie halve dagen, al twee maanden. De vierde is zijn eigen idee."
do_ $lead goals review "$goal_living" --found continued --text "Eén weekend gelukt, één niet. We gaan nog een half jaar door."
half=$(said $lead tables propose "$trajectory" --kind review-6-months --title "Evolutiebespreking na zes maanden" --together --date "$(on 4) 17:00-18:00" --to $school,$caw)
for voter in $school $caw; do received $voter "$half"; do_ $voter tables vote "$half" --choices yes; done
do_ $lead tables fix "$half" --date 1 --to $school,$caw
day 210
do_ $lead tables report "$half" --text "Het atelier is van hem. Nu eerst leren wonen: budget, koken, buren." --present "Milan" --present "mama" --present "opa" --to $school,$caw \
  --action "$caw | Schrijft Milan in voor een studio begeleid wonen | $(on 5)"
waits "what was decided there waits in the inbox of the CAW" $caw action
as $lead goals list "$trajectory" | grep -E "^Goal|Text: .|^    Milan|on track|[Rr]eviewed" | evidence
ok "one goal reached, one goes on for another half a year"
