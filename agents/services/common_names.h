// Names that are common in Belgium, folded (plain_text.h) and in order: what a check without a case file can know.
#pragma once

#include <algorithm>
#include <string_view>

namespace schakel {

// Given names.
inline constexpr std::string_view kGivenNames[] = {
    "aaliyah",   "abdallah",   "abdel",     "abderrahmane", "abdul",     "abdullah",  "achraf",   "adam",
    "adil",      "adriaan",    "ahmed",     "aicha",        "aisha",     "aissatou",  "alain",    "ali",
    "alice",     "alicia",     "amina",     "aminata",      "amine",     "amir",      "an",       "anas",
    "andre",     "andreas",    "angelique", "anke",         "ann",       "anna",      "anne",     "anneleen",
    "annelies",  "annick",     "anouk",     "anton",        "arda",      "arnaud",    "arne",     "arno",
    "arthur",    "artuur",     "astrid",    "axel",         "aya",       "aylin",     "ayman",    "ayoub",
    "ayse",      "bart",       "bas",       "beatrice",     "ben",       "benjamin",  "bernard",  "bilal",
    "bo",        "bram",       "brecht",    "brent",        "brigitte",  "britt",     "camille",  "caroline",
    "catherine", "cedric",     "celine",    "charlotte",    "chloe",     "chris",     "christel", "christian",
    "christine", "christophe", "cindy",     "clara",        "claudia",   "colette",   "daan",     "dana",
    "daniel",    "david",      "debby",     "delphine",     "dennis",    "dilara",    "dirk",     "dries",
    "dylan",     "ebru",       "eden",      "edith",        "elena",     "elias",     "elif",     "eline",
    "elisabeth", "elise",      "elke",      "ella",         "ellen",     "ellis",     "elodie",   "els",
    "emiel",     "emile",      "emilie",    "emily",        "emine",     "emma",      "emre",     "enzo",
    "erik",      "esma",       "esther",    "eva",          "evelien",   "evi",       "evy",      "fabian",
    "farah",     "fatih",      "fatima",    "fatma",        "fatou",     "fatoumata", "felix",    "femke",
    "ferre",     "filip",      "finn",      "fleur",        "floor",     "florence",  "florian",  "frederik",
    "freya",     "gaelle",     "geert",     "gerda",        "gilles",    "gitte",     "goedele",  "greet",
    "gregory",   "griet",      "guillaume", "gunther",      "hafsa",     "hajar",     "hakan",    "halima",
    "hamza",     "hannah",     "hanne",     "hannelore",    "hasan",     "hassan",    "hatice",   "heidi",
    "helena",    "hendrik",    "henri",     "hilde",        "hugo",      "hussein",   "ibrahim",  "igor",
    "ikram",     "ilias",      "ilse",      "imane",        "ine",       "ines",      "inge",     "ingrid",
    "isabel",    "isabelle",   "ismail",    "ivan",         "jade",      "jamila",    "jan",      "jana",
    "janne",     "jasmine",    "jasper",    "jef",          "jelle",     "jens",      "jeroen",   "jesse",
    "jessica",   "jill",       "jo",        "joachim",      "joke",      "jolien",    "jonas",    "jonathan",
    "joost",     "jordan",     "jordy",     "joris",        "josephine", "joshua",    "jules",    "julia",
    "julie",     "julien",     "juliette",  "jurgen",       "kaat",      "karel",     "karen",    "karim",
    "karin",     "karine",     "karolien",  "kasper",       "katia",     "katleen",   "kato",     "katrien",
    "kelly",     "kevin",      "khadija",   "khalid",       "kim",       "klaas",     "koen",     "kristel",
    "kristof",   "kurt",       "lander",    "lara",         "lars",      "laura",     "laure",    "lauren",
    "laurence",  "laurens",    "layla",     "lea",          "leen",      "lena",      "lene",     "lennert",
    "leon",      "leonie",     "leticia",   "leyla",        "lien",      "lies",      "liesbeth", "liesje",
    "lieve",     "lily",       "lina",      "linda",        "linh",      "lisa",      "lise",     "loic",
    "lore",      "lotte",      "louis",     "louise",       "luc",       "luca",      "lucas",    "lucie",
    "ludovic",   "lukas",      "luna",      "maarten",      "malika",    "mamadou",   "manon",    "manu",
    "marc",      "marcel",     "margaux",   "margot",       "maria",     "mariam",    "mariama",  "marianne",
    "marie",     "marieke",    "marijke",   "mark",         "marleen",   "marlies",   "marthe",   "martijn",
    "martine",   "maryam",     "mathias",   "mathijs",      "mathilde",  "mats",      "matteo",   "matthias",
    "maud",      "max",        "maxim",     "maxime",       "mehdi",     "mehmet",    "melanie",  "melissa",
    "merel",     "merve",      "michael",   "michel",       "mieke",     "miguel",    "mila",     "milan",
    "mina",      "mireille",   "mohamad",   "mohamed",      "mohammad",  "mohammed",  "moussa",   "murat",
    "mustafa",   "myriam",     "nadia",     "nadine",       "naima",     "nasim",     "natacha",  "nathalie",
    "nathan",    "nawal",      "nele",      "nick",         "nicky",     "nicolas",   "nicole",   "niels",
    "nina",      "noa",        "noah",      "noemie",       "noor",      "nora",      "nour",     "olivia",
    "olivier",   "omar",       "oona",      "otis",         "ouafa",     "oumaima",   "oumar",    "oussama",
    "pascal",    "pascale",    "patricia",  "patrick",      "paul",      "pauline",   "peter",    "petra",
    "philippe",  "pierre",     "piet",      "pieter",       "pieterjan", "quinten",   "rachid",   "rachida",
    "raf",       "rania",      "raphael",   "rayan",        "reda",      "reinout",   "rik",      "robbe",
    "robin",     "roel",       "romain",    "ronny",        "roos",      "ruben",     "rune",     "ruth",
    "ryan",      "saar",       "safa",      "said",         "salma",     "sam",       "samir",    "samira",
    "samuel",    "sander",     "sandra",    "sandrine",     "sanne",     "sara",      "sarah",    "sebastien",
    "selin",     "senne",      "seppe",     "serge",        "sien",      "siham",     "silke",    "simon",
    "simone",    "sofia",      "sofie",     "sonia",        "sophie",    "soufiane",  "stan",     "stef",
    "stefaan",   "stefanie",   "steven",    "stijn",        "suleyman",  "sven",      "sylvie",   "tamara",
    "tanja",     "tess",       "thibaut",   "thierry",      "thijs",     "thomas",    "tibo",     "tiffany",
    "tim",       "tine",       "tinne",     "tobias",       "tom",       "toon",      "tristan",  "tuur",
    "valerie",   "vanessa",    "veerle",    "veronique",    "vic",       "victor",    "viktor",   "vincent",
    "wannes",    "ward",       "wassim",    "wendy",        "werner",    "will",      "wim",      "wout",
    "wouter",    "xander",     "yana",      "yannick",      "yara",      "yasmina",   "yasmine",  "yassin",
    "yassine",   "yentl",      "younes",    "youssef",      "yusuf",     "zakaria",   "zeynep",   "zineb",
    "zita",      "zoe"};

// Of those, what is also a word, a month or short for something: in small letters it says nothing.
inline constexpr std::string_view kAlsoWords[] = {
    "an",   "bas",   "ben",    "bo",   "eden", "elke",   "els",  "fleur", "floor", "greet", "jade", "jan",  "jill",
    "jo",   "joke",  "jordan", "kim",  "leen", "lien",   "lies", "lieve", "luna",  "manu",  "marc", "mark", "mats",
    "max",  "merel", "mila",   "mina", "noor", "olivia", "otis", "paul",  "rik",   "robin", "roos", "rune", "ruth",
    "saar", "said",  "sam",    "stan", "tess", "tine",   "tom",  "toon",  "vic",   "ward",  "will"};

// Family names that are no words.
inline constexpr std::string_view kSurnames[] = {
    "adams",       "aerts",      "baert",        "bastiaens",    "beckers",       "bogaert",    "bogaerts",
    "bosmans",     "callens",    "carlier",      "celis",        "ceulemans",     "claes",      "claessens",
    "claeys",      "coenen",     "cools",        "coppens",      "cuypers",       "daems",      "debacker",
    "debruyne",    "declercq",   "decock",       "deconinck",    "dejonghe",      "demeyer",    "depauw",
    "deprez",      "depuydt",    "deridder",     "desmedt",      "desmet",        "devos",      "dewitte",
    "dewulf",      "dierckx",    "dubois",       "dumont",       "dupont",        "everaert",   "geerinck",
    "geerts",      "gielen",     "goethals",     "goossens",     "govaerts",      "hendrickx",  "hermans",
    "heylen",      "huybrechts", "jacobs",       "jansen",       "janssen",       "janssens",   "jespers",
    "kerkhofs",    "lambert",    "lambrecht",    "laurent",      "lemmens",       "lenaerts",   "leroy",
    "luyten",      "maes",       "martens",      "massart",      "mertens",       "michiels",   "moens",
    "moons",       "neyens",     "nijs",         "nys",          "pauwels",       "peeters",    "peters",
    "philips",     "pieters",    "poelmans",     "raes",         "reynders",      "roels",      "schepers",
    "schoofs",     "segers",     "sels",         "serneels",     "simons",        "smeets",     "smets",
    "stevens",     "swinnen",    "thijs",        "thys",         "timmermans",    "torfs",      "tyteca",
    "vanacker",    "vandamme",   "vandenberghe", "vandenbroeck", "vandenbroucke", "vandeputte", "vanderstraeten",
    "vandevelde",  "vanhoof",    "vanneste",     "verbeke",      "verbruggen",    "vercammen",  "verhaegen",
    "verhaeghe",   "verheyen",   "verhoeven",    "verlinden",    "vermeersch",    "vermeiren",  "vermeulen",
    "verschueren", "verstraete", "verstraeten",  "vervoort",     "wauters",       "wijns",      "willems",
    "wouters",     "wuyts",      "yilmaz"};

static_assert(std::ranges::is_sorted(kGivenNames) && std::ranges::is_sorted(kAlsoWords) &&
              std::ranges::is_sorted(kSurnames));

}  // namespace schakel
