"""What the others are called and say. Nobody in it exists; no sentence was ever said by anybody."""

# First name, and how one speaks of that person: he or she.
NAMES = [
    ("Noor", "ze"), ("Wout", "hij"), ("Yasmina", "ze"), ("Jef", "hij"), ("Lien", "ze"), ("Ilias", "hij"), ("Fien", "ze"),
    ("Senne", "hij"), ("Amber", "ze"), ("Bilal", "hij"), ("Marthe", "ze"), ("Robbe", "hij"), ("Zeynep", "ze"),
    ("Lander", "hij"), ("Roos", "ze"), ("Tuur", "hij"), ("Hanne", "ze"), ("Dario", "hij"), ("Elif", "ze"), ("Kobe", "hij"),
    ("Jitske", "ze"), ("Moussa", "hij"), ("Floor", "ze"), ("Siebe", "hij"), ("Aïcha", "ze"), ("Warre", "hij"),
]
WITNESSES = ["Karim Daems", "Els Goossens", "Pieter Maes", "Naima Bouzid", "Griet Lambrecht", "Stijn Verbeke"]
TALKS = [
    "gesprek aan de keukentafel, in eigen woorden nagevraagd",
    "tijdens een wandeling besproken en daarna samen opgeschreven",
    "huisbezoek, met een tekening van wie wat mag weten",
    "gesprek in de auto, de dag erna nog eens overlopen",
    "op de kamer besproken, met opa erbij",
]
FORMS = ["formulier getekend, in het dossier", "getekend op de intake, kopie meegegeven", "formulier met pictogrammen, getekend"]
SITUATIONS = [
    "al weken niet meer naar school",
    "ruzie met de nieuwe vriend van mama",
    "slaapt bij vrienden, nooit twee nachten op dezelfde plek",
    "terug uit een leefgroep",
    "vaak weg 's nachts",
    "blowt om te kunnen slapen",
    "alleen met een zieke mama",
    "derde school op twee jaar",
    "gesprekken thuis draaien altijd uit op roepen",
    "papa pas terug na jaren",
    "zit vast in de rol van grote zus",
    "gepest in de klas, en thuis niets gezegd",
    "wil bij papa gaan wonen",
    "gaat niet meer naar de training",
    "heeft schulden via de gsm",
    "zorgt voor twee kleine broers",
    "durft de bus niet meer op",
    "terug uit het ziekenhuis",
    "nieuw in de stad, kent niemand",
    "broer zit vast",
]
REQUESTS = [
    "Ik wil dat ze eerst met mij praten en dan pas over mij.",
    "Ik wil naar een school waar ze mij nog niet kennen.",
    "Ik wil bij mijn oma blijven, daar is het stil.",
    "Ik wil dat mijn broer ook iemand heeft.",
    "Ik wil een sleutel van thuis, meer niet.",
    "Ik wil weten of papa nog komt.",
    "Ik wil voetballen op woensdag, wat er ook gebeurt.",
    "Ik wil niet elke keer opnieuw mijn verhaal doen.",
    "Ik wil leren koken zodat ik later alleen kan wonen.",
    "Ik wil slapen zonder gsm onder mijn kussen.",
    "Ik wil dat papa en mama in dezelfde kamer kunnen zitten.",
    "Ik wil een stage bij een fietsenmaker.",
    "Ik wil dat iemand mij gelooft.",
    "Ik wil mijn kat mee.",
    "Ik wil dat het vrijdag gewoon vrijdag is.",
    "Ik wil iemand die Turks spreekt met mijn oma.",
    "Ik wil terug in de klas van meneer Aerts.",
    "Ik wil dat ze stoppen met zeggen dat het goedkomt.",
    "Ik wil op kamp, één keer.",
    "Ik wil zelf kiezen wie er aan tafel zit.",
]
PARENTS = [
    "Ik wil rust in huis, en dat er iemand opneemt als ik bel.",
    "Ik wil weer over gewone dingen met mijn kind praten.",
    "Ik wil niet dat ze ons opgeven als het een keer misloopt.",
    "Ik wil weten wat ik moet doen als de deur dichtslaat.",
    "Ik wil dat de school ook eens belt als het goed gaat.",
]
VISITS = [
    ("Eerste huisbezoek", "We zaten met drie aan tafel. {naam} zei weinig, maar bleef zitten tot het einde."),
    ("Kennismaking", "{naam} toonde de hond en de kamer. Het genogram maken we volgende keer, met mama erbij."),
    ("Netwerk in kaart", "Oma, de trainer en een buurvrouw: drie mensen die {naam} zelf opbelt als het moeilijk gaat."),
    ("Tussenstand", "Twee weken zonder grote ruzie. De afspraak over het eten lukt, die over het uur nog niet."),
    ("Na het weekend", "Het weekend bij papa viel mee. {naam} vraagt of het volgende keer langer mag."),
    ("Gezinsgesprek", "Voor het eerst luisterde iedereen uit. We spraken af om het opnieuw te doen, over twee weken."),
    ("Bolletjesschema", "Meer groen dan {naam} had gedacht. De rode bol werkte {hij} zelf weg: dat is voorbij."),
]
SCHOOL = [
    ("Drie halve dagen", "{naam} begint met drie halve dagen. Kan juf Tine de eerste weken aan de poort staan?"),
    ("Stille plek", "Als het te druk wordt, mag {naam} tien minuten naar de bibliotheek. Kunnen alle leerkrachten dat weten?"),
    ("Stageplek", "De bakker op de hoek wil {naam} een week laten meedraaien. Wie tekent het stagecontract?"),
    ("Gemiste toetsen", "{naam} wil inhalen, maar niet alles ineens. Welke twee vakken eerst?"),
    ("Andere richting", "Haartooi of keuken: {naam} wil in beide een dag meekijken voor {hij} kiest."),
]
LEARNT = [
    "De eerste week lukte. {naam} kwam elke dag, twee keer te laat.",
    "Er is een vaste begeleider op school. {naam} koos zelf wie.",
    "Op maandag blijft het moeilijk; de rest van de week gaat het.",
]
QUESTIONS = [
    "{naam} eet al drie weken bijna niets waar anderen bij zijn. Waar letten we op, en wanneer moet er een arts bij?",
    "{naam} krast in de armen na elk telefoontje met papa. Hoe spreken we dat aan zonder het groter te maken?",
    "{naam} slaapt overdag en waakt 's nachts over de kleine zus. Wat kunnen we thuis al doen?",
    "{naam} hoort soms een stem als het druk is. Is dat iets om snel naar te laten kijken?",
]
ANSWERS = [
    "Eerst de rust aan tafel, dan pas het eten. Verliest {hij} meer dan twee kilo, bel ons dezelfde dag.",
    "Noem het bij de naam, zonder te schrikken, en vraag wat het helpt. Wij zien {naam} graag samen met jullie.",
    "Geef de waak aan een volwassene, zichtbaar. Lukt dat drie weken niet, dan kijken we samen verder.",
]
ANONYMOUS = [
    "Een jongvolwassene verzamelt brieven zonder ze te openen en slaapt niet meer. Hoe begin je daaraan?",
    "Een meisje van vijftien praat alleen nog met haar broer. Wanneer is dat een teken om sneller te schakelen?",
]
REFERRALS = [
    "Is er op korte termijn plaats voor begeleiding thuis, twee keer in de week?",
    "Kan {naam} een paar weken op adem komen, met het doel om terug naar huis te gaan?",
    "We zoeken een plek waar {naam} overdag terechtkan zolang school niet lukt.",
]
FULL = ["Wachtlijst tot na de zomer; we denken wel mee.", "We werken maar tot zestien jaar.", "Deze maand komt er niemand bij."]
GOALS = [
    "{naam} slaapt vijf nachten in de week thuis",
    "Er is één volwassene op school bij wie {naam} altijd binnen mag",
    "Mama en {naam} eten op zondag samen, zonder gsm",
    "{naam} houdt zelf de agenda bij, en komt de helft van de afspraken na",
]
CRITERIA = ["Ik weet bij wie ik mag bellen.", "Ik ben een maand niet weggelopen.", "Thuis lachen we weer eens."]
RUNNING = [
    "Is {naam} om 22 u niet thuis, dan belt mama eerst de trainer en oma. Pas daarna bellen we samen de politie.",
    "Bij weglopen gaat er eerst een bericht naar {naam} zelf: je mag terugkomen, er wordt niet geroepen.",
    "Na middernacht melden we. Wie {naam} vindt, vraagt eerst of alles goed is, en belt dan de permanentie.",
]
ACTIONS = [
    "Belt de mutualiteit over de terugbetaling", "Vraagt het paspoort mee aan", "Gaat mee naar de open dag",
    "Zoekt een fiets in de kringwinkel", "Spreekt met de trainer over een proeftraining",
]
COMMITMENTS = [
    "Wij blijven tot er samen anders beslist is. Wie weg wil, zegt dat aan tafel en niet per mail.",
    "Wij zorgen samen voor één plan. {naam} beslist wie er bijkomt.",
]
