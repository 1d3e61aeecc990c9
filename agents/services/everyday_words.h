// Words of every day, folded (plain_text.h) and in order: what the files write with a capital where it stands in a name
// ("Trainer Jo", "De Hond") tells of nobody without the name. None of them is a given name or a common family name.
#pragma once

#include <algorithm>
#include <string_view>

namespace schakel {

// clang-format off
inline constexpr std::string_view kEverydayWords[] = {
    "agent", "agente", "altijd", "ami", "amie", "arts", "assistent", "assistente", "avait", "baas", "babysit", "bang",
    "bent", "beter", "bewaker", "bewoner", "bleef", "blij", "blijft", "bon", "bonne", "boos", "buddy", "buren",
    "buur", "buurjongen", "buurman", "buurmeisje", "buurvrouw", "came", "cat", "chauffeur", "chef", "chien", "chiro",
    "club", "coach", "collega", "collegas", "concierge", "conducteur", "coordinator", "coordinatrice", "daar",
    "daarna", "dagen", "dame", "deed", "dierenarts", "directeur", "directie", "directrice", "docent", "docente",
    "doen", "doet", "dog", "dokter", "dorp", "dus", "educateur", "educatrice", "eerst", "eerste", "entraineur", "erg",
    "etait", "friend", "friends", "ga", "gaan", "gaat", "gaf", "geeft", "gids", "ging", "gingen", "gisteren", "goed",
    "goede", "good", "groot", "grote", "had", "hadden", "heb", "hebben", "heel", "heer", "helped", "helpen", "helpt",
    "hielp", "hielpen", "hond", "honden", "huis", "hulp", "infirmiere", "instructeur", "instructrice", "jaar",
    "jeugdbeweging", "jeugdhuis", "jeugdwerker", "jong", "jonge", "juf", "juffrouw", "kapper", "kapster", "kat",
    "katten", "kinesist", "klas", "klasgenoot", "klasgenote", "klein", "kleine", "kok", "komen", "komt", "kon",
    "konden", "konijn", "kwam", "kwamen", "laat", "later", "leerkracht", "leerkrachten", "leert", "leider",
    "leidster", "leraar", "leraren", "lerares", "liep", "logopedist", "logopediste", "loopt", "maakt", "maakte",
    "maand", "maat", "mag", "man", "mannen", "medecin", "meester", "meneer", "mentor", "mevrouw", "mijnheer", "mocht",
    "moeilijk", "moest", "monitor", "monitrice", "morgen", "muziek", "nam", "neef", "neemt", "neighbor", "neighbour",
    "neven", "nicht", "nichten", "nieuw", "nieuwe", "nog", "nooit", "nurse", "onthaalmoeder", "oppas", "opvoedster",
    "oud", "oude", "paard", "paarden", "park", "pastoor", "pleegbroer", "pleegzus", "ploeg", "poes", "poetsvrouw",
    "politie", "postbode", "praat", "praatte", "prof", "professeur", "psychiater", "psychologe", "psycholoog",
    "rustig", "samen", "scouts", "scoutsleider", "secretaresse", "slaapt", "slecht", "sliep", "snel", "sprak",
    "spreekt", "staat", "stagiair", "stagiaire", "sterk", "stil", "stond", "straat", "teacher", "therapeut",
    "therapeute", "thuis", "toch", "tolk", "trainer", "trainers", "trainster", "tweelingbroer", "tweelingzus",
    "vandaag", "veel", "verpleegkundige", "verpleegster", "verpleger", "vindt", "voetbal", "voetbalclub",
    "voetbaltrainer", "voisin", "voisine", "vond", "vorige", "vraagt", "vriend", "vrienden", "vriendinnen",
    "vrijwilliger", "vrijwilligster", "vroeg", "waren", "was", "week", "weer", "weet", "weg", "weken", "went", "werd",
    "werden", "werkgever", "wilde", "winkel", "wist", "woonde", "woont", "worden", "zag", "zat", "zeer", "zegt",
    "zei", "ziet", "zit", "zorgjuf", "zorgleerkracht",
};
// clang-format on

static_assert(std::ranges::is_sorted(kEverydayWords));

}  // namespace schakel
