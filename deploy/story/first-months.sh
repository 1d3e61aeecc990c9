# The year of Milan, first part: home from the community institution; who gets what. Sourced by deploy/demo.

scene 1 "1. Milan (17) leaves the community institution: a trajectory is opened"
tell "Lotte, context worker, opens the trajectory. She holds the lead: exactly one organisation does, at every moment. What she calls it stays with her: an invitation leaves before there is consent, and names nobody."
trajectory=$(as $lead --json trajectories open --label "M. (17), naar huis" --why "Uitstroom uit de gemeenschapsinstelling, start contextbegeleiding" | json trajectory)
own_purposes=care-coordination,consultation,education,safety,adulthood,crisis,evaluation,round-table
own_categories=identity,contact,family,living,mental-health,school,income,safety,agreements,goals,own-voice,meeting
own=$(consent $lead $own_purposes $own_categories)
as $lead grants show "$own" | grep -vE "^$|Categor|Stage" | evidence
refused "oral consent without a witness is refused" grant.witness $lead grants give "$trajectory" --to $lead --purpose safety --category safety --for 1m --by "Milan" --oral --how mondeling
do_ $lead requests add "$trajectory" --who young-person --words "Ik wil thuis wonen zonder ruzie, en iets doen met mijn handen."
do_ $lead requests add "$trajectory" --who mother --words "Ik wil 's nachts kunnen slapen zonder te wachten op de telefoon."
ok "Milan's request for help, and his mother's, stand in their own words"

scene 5 "2. Psychiatry is consulted on one question"
invite $psychiatry "Graag jullie blik op één vraag."
psychiatry_grant=$(consent $psychiatry consultation,crisis identity,mental-health,family)
join_ $psychiatry
question=$(said $lead consultations ask "$trajectory" --to $psychiatry --category mental-health,family --urgency soon \
  --question "Milan slaapt al weken slecht en wordt 's nachts angstig. Wat kunnen wij in de context doen, en wanneer verwijzen we door?")
received $psychiatry "$question"
answer=$(said $psychiatry consultations answer "$question" --text "Vast avondritueel, geen schermen na 22 u, moeder betrekken. Bij paniek drie nachten na elkaar: bel ons, we zien hem binnen de week.")
received $lead "$answer"
do_ $lead consultations conclude "$question" --taken yes --why "We starten morgen met het avondritueel."
as $lead consultations show "$question" | grep -A3 -E "^(Question|Answer|Conclusion)" | grep -vE "^(--|$)|Text:|Question:$" | evidence
ok "asked, answered and concluded"

scene 12 "3. School support gets what concerns school, and nothing else"
invite $school "Milan zoekt een weg terug naar school."
school_grant=$(consent $school education,round-table,evaluation,care-coordination identity,school,goals,meeting,agreements)
join_ $school
school_note=$(said $lead notes add "$trajectory" --to $school --category school --purpose education --title "Terug naar school, stap voor stap" \
  --text "Milan wil twee halve dagen houtbewerking proberen. Wie kan hem maandag opwachten?")
received $school "$school_note"
ok "the note about school arrived"
refused "a note about mental health does not leave for the school" sending.unreached $lead notes add "$trajectory" --to $school --category mental-health --purpose education --title "Slaap" --text "Slaapt slecht."
expect "the school does not learn that psychiatry takes part" 0 "$(as $school --json trajectories show "$trajectory" | grep -c $psychiatry || true)"

scene 16 "4. The police liaison gets an agreement on running away, and never sees health"
invite $police "We maken graag een afspraak over weglopen."
refused "no consent can open health to the police: the region's ceiling" grant.ceiling $lead grants give "$trajectory" --to $police --purpose safety --category health --for 1m --by "Milan (17)" --oral --how mondeling --witness "Karim Daems"
police_grant=$(consent $police safety,round-table identity,safety,agreements,meeting)
join_ $police
agreement=$(said $lead agreements add "$trajectory" --to $police --about running-away --contact "permanentie 0470 00 00 00" \
  --text "Bij weglopen bellen we eerst mama en opa. Na 4 uur, of bij gevaar, melden we; de signalering stopt zodra Milan terug is.")
received $police "$agreement"
as $police read "$agreement" | evidence
expect "the police never see what the lead calls the trajectory" 0 "$(as $police --json trajectories list | grep -c "naar huis" || true)"
expect "nothing about health ever reached the police" 0 "$(as $police --json notes list "$trajectory" | grep -c health || true)"
found() { as "$1" --json search "$2" | json total; }
expect "the lead finds what psychiatry was asked" 1 "$(found $lead angstig)"
expect "and the police no word of it, in any record" 0 "$(found $police angstig)"

scene 26 "5. CAW joins for the passage to adulthood; who commits to what"
invite $caw "Een jongere in dit traject wordt over tien maanden 18."
caw_grant=$(consent $caw adulthood,round-table,evaluation,care-coordination identity,living,income,goals,meeting,agreements)
join_ $caw
adult=$(said $lead notes add "$trajectory" --to $caw --category living,income --purpose adulthood --title "Naar 18" \
  --text "Milan wil op termijn kleinschalig alleen wonen. Wat moet er voor zijn verjaardag in orde zijn?")
received $caw "$adult"
do_ $lead trajectories introduce "$trajectory" --member $school --to $caw --both
ok "school and CAW now know of each other; nobody else learned of anybody"
commitment=$(said $lead commitments propose "$trajectory" --party $lead,$school,$caw \
  --text "Wij blijven, ook als het moeilijk wordt. Niemand stopt zonder eerst samen met Milan aan tafel te zitten.")
for party in $school $caw; do
  received $party "$commitment"
  do_ $party commitments sign "$commitment"
done
all_signed() { as $lead commitments list "$trajectory" | grep -q "State: holds since"; }
await "every signature" all_signed
as $lead commitments list "$trajectory" | grep "State:" | evidence
goal_school=$(said $lead goals set "$trajectory" --text "Milan werkt drie halve dagen in de week in het houtatelier" --owner $lead,$school --with "Milan en opa")
goal_living=$(said $lead goals set "$trajectory" --text "Milan weet wat hij nodig heeft om alleen te wonen, en oefent een weekend" --owner $lead,$caw --with "Milan en mama")
criterion_milan=$(said $lead criteria set "$trajectory" --whose young-person --text "Ik kan een week thuis zijn zonder dat iemand roept.")
criterion_home=$(said $lead criteria set "$trajectory" --whose helpers --text "Er is een plek waar Milan na zijn 18 kan blijven.")
for record in "$goal_school" "$goal_living"; do await "goal ${record:0:8}" as $lead --json read "$record"; done
received $school "$goal_school"
received $caw "$goal_living"
ok "a commitment that all parties signed, two goals for half a year, and when it is good enough"
