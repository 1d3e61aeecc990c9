"""The kinds of trajectories that the others have. Each is a script that says, at every yield, after how many days it goes on."""
import random
import time
from datetime import date, timedelta

import words

LOTTE, HAVEN, CAW = "contextbegeleiding", "time-out-haven", "caw"
PSYCHIATRY, SCHOOL, POLICE = "jeugdpsychiatrie", "netwerk-leerrecht", "politie-jeugd"
WORKERS = {
    LOTTE: ["Lotte Vermeulen", "Karim Daems", "Inge Callens"],
    HAVEN: ["Sofie Maes", "Thomas Ooms"],
    CAW: ["Joris Peeters", "Hilde Saelens"],
    PSYCHIATRY: ["Dr. An Claes", "Veerle Roels"],
    SCHOOL: ["Bart Wouters", "Kim Dhondt"],
    POLICE: ["Inspecteur Nadia El Amrani"],
}
# What a partner is asked to join for: purposes, categories.
TERMS = {
    PSYCHIATRY: ("consultation,care-coordination", "identity,family,mental-health"),
    SCHOOL: ("education,care-coordination,round-table", "identity,school,goals,meeting,agreements"),
    POLICE: ("safety", "identity,safety,agreements"),
    CAW: ("adulthood,care-coordination,round-table", "identity,living,income,goals,meeting,agreements"),
    LOTTE: ("care-coordination,consultation,round-table", "identity,family,living,safety,agreements,goals,meeting"),
    HAVEN: ("care-coordination,consultation,round-table", "identity,family,living,safety,agreements,goals,meeting"),
}
OWN_PURPOSES = "care-coordination,consultation,education,safety,adulthood,round-table"
OWN_CATEGORIES = "identity,contact,family,living,school,safety,agreements,goals,own-voice,meeting"
PATIENCE = 120.0


class Case:
    """One trajectory: whom it is about, who leads it, and where its script stands."""

    def __init__(self, region, number, kind, lead, start, age, who, rng):
        self.region, self.number, self.lead, self.age, self.rng = region, number, lead, age, rng
        self.kind, self.id, self.due = kind.__name__.replace("_", " "), None, start
        self.name, self.pronoun = who
        self.worker = WORKERS[lead][0] if lead == LOTTE and rng.random() < 0.6 else rng.choice(WORKERS[lead])
        self.steps = kind(self)

    def go_on(self):
        days = next(self.steps, None)
        self.due = None if days is None else self.region.today + days

    # ---- words and days ----
    def text(self, sentence):
        return sentence.format(naam=self.name, hij=self.pronoun)

    def some(self, sentences):
        return self.text(self.rng.choice(sentences))

    def dealt(self, choices):
        """One of them, another for each case as long as there are any."""
        return choices[self.number % len(choices)]

    def day(self, ahead):
        """A working day, so many days on."""
        then = date.fromtimestamp(self.region.now()) + timedelta(days=ahead)
        return (then + timedelta(days=2 if then.weekday() >= 5 else 0)).strftime("%d/%m/%Y")

    def weeks(self, least, most):
        return self.rng.randint(7 * least, 7 * most)

    # ---- saying ----
    def as_(self, organisation, *arguments):
        person = self.worker if organisation == self.lead else WORKERS[organisation][0]
        return self.region.say(organisation, person, *arguments)

    def say(self, *arguments):
        return self.as_(self.lead, *arguments).get("record")

    def patiently(self, organisation, *arguments):
        """Says something about what may still be on its way to that organisation."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self.as_(organisation, *arguments).get("record")
            except RuntimeError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def open(self, stage="capable"):
        situation = self.dealt(words.SITUATIONS)
        forms = ["ambulant", "mobile", "semi-residential"] + (["independent-living"] if self.age >= 17 else ["residential"])
        module = self.rng.choice(forms if self.lead != HAVEN else ["time-out", "residential", "mobile"])
        opened = self.as_(self.lead, "trajectories", "open", "--label", f"{self.name} ({self.age}), {situation}",
                          "--module", module, "--stage", stage, "--why", self.some(["Aanmelding door het gezin zelf",
                          "Aanmelding via de consulent", "Vraag van de school, met akkoord van {naam}"]))
        self.id = opened["trajectory"]
        self.consent(self.lead, OWN_PURPOSES, OWN_CATEGORIES + (",mental-health" if self.lead == LOTTE else ""))
        if stage == "child":
            self.say("requests", "add", self.id, "--who", "mother", "--words", self.some(words.PARENTS))
        else:
            self.say("requests", "add", self.id, "--who", "young-person", "--words", self.dealt(words.REQUESTS))

    def consent(self, to, purposes, categories, months=12):
        terms = ["grants", "give", self.id, "--to", to, "--purpose", purposes, "--category", categories, "--for", f"{months}m"]
        if self.age < 12:
            terms += ["--grantor", "first-parent", "--by", f"mama van {self.name}", "--how", self.some(words.FORMS)]
        elif self.rng.random() < 0.4:
            terms += ["--by", f"{self.name} ({self.age})", "--how", self.some(words.FORMS)]
        else:
            terms += ["--by", f"{self.name} ({self.age})", "--oral", "--how", self.some(words.TALKS),
                      "--witness", self.rng.choice([w for w in words.WITNESSES if w != self.worker])]
        return self.say(*terms)

    def invite(self, partner, months=12):
        self.say("trajectories", "invite", self.id, partner, "--label", f"Traject {self.rng.randint(20, 999)}")
        return self.consent(partner, *TERMS[partner], months=months)

    def join(self, partner):
        return self.patiently(partner, "trajectories", "join", self.id, "--message", "Wij doen mee.")

    def visit(self):
        title, text = self.rng.choice(words.VISITS)
        return self.say("notes", "add", self.id, "--category", "family", "--title", title, "--text", self.text(text))

    def note_for_school(self):
        title, text = self.rng.choice(words.SCHOOL)
        return self.say("notes", "add", self.id, "--to", SCHOOL, "--category", "school", "--purpose", "education",
                        "--title", title, "--text", self.text(text))

    def ask(self, partner, category, question):
        return self.say("consultations", "ask", self.id, "--to", partner, "--category", category, "--question", question,
                        "--urgency", self.rng.choice(["normal", "soon"]))


# ---- the kinds ----
def intake_only(case):
    case.open()
    yield 5
    case.visit()


def question_without_answer(case):
    case.open()
    case.invite(PSYCHIATRY)
    yield 4
    case.join(PSYCHIATRY)
    case.ask(PSYCHIATRY, "mental-health", case.some(words.QUESTIONS))


def answer_to_conclude(case):
    case.open()
    case.invite(PSYCHIATRY)
    yield 7
    case.join(PSYCHIATRY)
    question = case.ask(PSYCHIATRY, "mental-health", case.some(words.QUESTIONS))
    yield 8
    case.patiently(PSYCHIATRY, "consultations", "answer", question, "--text", case.some(words.ANSWERS))
    case.visit()


def waiting_referral(case):
    case.open()
    case.invite(HAVEN)
    yield 7
    case.join(HAVEN)
    case.say("referrals", "ask", case.id, HAVEN, "--module", "time-out", "--category", "family", "--question", case.text(words.REFERRALS[1]))


def refused_and_asked_elsewhere(case):
    case.open()
    for partner in (PSYCHIATRY, LOTTE):
        case.invite(partner)
        yield 7
        case.join(partner)
        asked = case.say("referrals", "ask", case.id, partner, "--category", "family", "--question", case.some(words.REFERRALS))
        yield case.weeks(1, 3)
        if partner == PSYCHIATRY:
            case.patiently(partner, "referrals", "refuse", asked, "--why", case.some(words.FULL))
        else:
            case.patiently(partner, "referrals", "accept", asked)
    yield case.weeks(4, 8)
    case.visit()


def closed_when_good_enough(case):
    case.open()
    criterion = case.say("criteria", "set", case.id, "--whose", "young-person", "--text", case.some(words.CRITERIA))
    for _ in range(3):
        yield case.weeks(4, 9)
        case.visit()
    yield 21
    case.say("criteria", "met", criterion, "--why", f"Zegt {case.name} zelf.")
    case.say("trajectories", "close", case.id, "--copy-offered", "samen doorgelezen en meegegeven", "--copy", "taken")


def invitation_without_answer_and_closed(case):
    case.open()
    case.say("trajectories", "invite", case.id, POLICE, "--message", "Mogen wij jullie om raad vragen?")
    yield 28
    case.say("trajectories", "remove", case.id, POLICE)
    case.say("criteria", "set", case.id, "--whose", "helpers", "--text", "Er is een vast adres.")
    yield case.weeks(8, 14)
    case.visit()
    case.say("trajectories", "close", case.id, "--copy-offered", "twee brieven en een bericht", "--copy", "not-reached",
             "--unmet-why", "Vertrokken naar familie in het buitenland; niemand neemt nog op.")


def consent_withdrawn(case):
    case.open()
    given = case.invite(SCHOOL)
    yield 6
    case.join(SCHOOL)
    for _ in range(2):
        case.note_for_school()
        yield case.weeks(3, 6)
    case.say("grants", "withdraw", given, "--why", f"{case.name} wil eerst zelf met de school praten.")


def overdue_actions(case):
    case.open()
    case.invite(SCHOOL)
    yield 6
    case.join(SCHOOL)
    yield case.weeks(4, 6)
    case.say("actions", "add", case.id, "--owner", case.lead, "--due", case.day(20), "--text", case.some(words.ACTIONS))
    case.say("actions", "add", case.id, "--owner", SCHOOL, "--due", case.day(14), "--to", SCHOOL, "--text", "Vraagt na welke klas nog plaats heeft")


def table_that_seeks_a_date(case):
    case.open()
    partners = [SCHOOL, CAW]
    for partner in partners:
        case.invite(partner)
    yield 7
    for partner in partners:
        case.join(partner)
    dates = [f"{case.day(ahead)} {hours}" for ahead, hours in ((16, "16:00-17:30"), (19, "10:00-11:30"), (23, "17:00-18:00"))]
    proposed = case.say("tables", "propose", case.id, "--title", "Ronde tafel", "--place", "bij oma thuis", "--to", ",".join(partners),
                        *[part for date in dates for part in ("--date", date)])
    yield 3
    case.say("tables", "family", proposed, "--choices", "yes,no,yes", "--comment", "Oma kan niet op de tweede.")
    yield 4
    case.patiently(SCHOOL, "tables", "vote", proposed, "--choices", "maybe,no,yes")
    case.patiently(CAW, "tables", "vote", proposed, "--choices", "no,no,yes")


def school_only(case):
    case.open()
    case.invite(SCHOOL)
    yield 5
    case.join(SCHOOL)
    for _ in range(2):
        case.note_for_school()
        yield case.weeks(4, 8)
        case.patiently(SCHOOL, "notes", "add", case.id, "--to", case.lead, "--category", "school", "--purpose", "education",
                       "--title", "Van school", "--text", case.some(words.LEARNT))


def police_only(case):
    case.open()
    case.invite(POLICE)
    yield 5
    case.join(POLICE)
    case.say("agreements", "add", case.id, "--to", POLICE, "--about", "running-away", "--contact", "permanentie 0470 00 00 00",
             "--text", case.some(words.RUNNING))


def brother_or_sister(case):
    case.open()
    case.say("notes", "add", case.id, "--category", "family", "--title", "Twee trajecten, één gezin", "--text",
             case.text("Wat {naam} vertelt, blijft hier, en wat de ander vertelt daar, tot we er samen iets anders over afspreken."))
    yield 14
    case.visit()
    yield case.weeks(6, 10)
    case.say("goals", "set", case.id, "--owner", case.lead, "--text", case.some(words.GOALS))


def young_adult(case):
    question = case.as_(case.lead, "consultations", "ask", "--anonymous", "--to", PSYCHIATRY, "--category", "mental-health",
                        "--question", case.rng.choice(words.ANONYMOUS))["record"]
    yield 7
    case.patiently(PSYCHIATRY, "consultations", "answer", question, "--text", "Begin bij één brief, samen, en bij de slaap. Bel gerust.")
    case.open(stage="adult")
    for _ in range(2):
        yield case.weeks(6, 10)
        case.visit()


def child_whose_lead_is_on_offer(case):
    case.open(stage="child")
    for partner in (SCHOOL, LOTTE):
        case.invite(partner)
        yield 6
        case.join(partner)
    case.note_for_school()
    yield 120
    case.patiently(case.lead, "trajectories", "introduce", case.id, "--member", LOTTE, "--to", SCHOOL, "--both")
    case.say("lead", "offer", case.id, "--to", LOTTE, "--message", "Het gezin verhuisde naar jullie streek.")


def goal_to_review(case):
    case.open()
    yield 7
    goal = case.say("goals", "set", case.id, "--owner", case.lead, "--text", case.some(words.GOALS))
    yield case.weeks(8, 12)
    case.say("goals", "progress", goal, "--progress", "on-track", "--text", "Traag, maar het gaat vooruit.")


def commitment_to_sign(case):
    case.open()
    case.invite(LOTTE)
    yield 6
    case.join(LOTTE)
    case.say("commitments", "propose", case.id, "--party", f"{case.lead},{LOTTE}", "--to", LOTTE, "--text", case.some(words.COMMITMENTS))


def question_for_lotte(case):
    case.open()
    case.invite(LOTTE)
    yield 6
    case.join(LOTTE)
    case.ask(LOTTE, "family", "Jullie kennen het gezin van vroeger. Wat hielp toen, en wie mag er zeker bij zijn?")


# Kind, who leads, on which day of the year it begins, between which ages.
PLAN = [
    (closed_when_good_enough, LOTTE, 10, (13, 16)), (young_adult, CAW, 35, (19, 21)),
    (invitation_without_answer_and_closed, CAW, 55, (17, 17)), (school_only, HAVEN, 70, (12, 15)),
    (consent_withdrawn, LOTTE, 100, (13, 16)), (police_only, HAVEN, 130, (14, 17)),
    (brother_or_sister, LOTTE, 165, (14, 15)), (brother_or_sister, LOTTE, 165, (12, 13)),
    (goal_to_review, LOTTE, 170, (14, 17)), (refused_and_asked_elsewhere, HAVEN, 200, (13, 16)),
    (child_whose_lead_is_on_offer, HAVEN, 200, (8, 10)), (intake_only, HAVEN, 240, (12, 16)),
    (overdue_actions, LOTTE, 288, (13, 16)), (answer_to_conclude, LOTTE, 326, (14, 17)),
    (waiting_referral, LOTTE, 340, (13, 16)), (intake_only, LOTTE, 343, (12, 17)),
    (table_that_seeks_a_date, LOTTE, 344, (16, 17)), (commitment_to_sign, CAW, 346, (17, 17)),
    (question_for_lotte, HAVEN, 349, (13, 16)), (question_without_answer, LOTTE, 352, (14, 17)),
]


def draw(region, seed):
    """The twenty, each with a name and words of its own, the same for the same seed."""
    rng = random.Random(seed)
    names = rng.sample(words.NAMES, len(PLAN))
    return [Case(region, number, kind, lead, start, rng.randint(*ages), who, random.Random(rng.random()))
            for number, ((kind, lead, start, ages), who) in enumerate(zip(PLAN, names))]
