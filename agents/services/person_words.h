// Words for what somebody is to a young person, and for who helps: "the young person", "mama en papa", "de
// jeugdrechter". People write them where a name could stand, and they give nobody away. Folded (plain_text.h) and
// sorted. What is a surname as well is left out ("de jonge", "de neef").
#pragma once

#include <algorithm>
#include <string_view>

namespace schakel {

// clang-format off
inline constexpr std::string_view kPersonWords[] = {
    "adult", "advocaat", "aunt", "baby", "begeleider", "begeleiders", "begeleidster", "beide", "bewindvoerder", "both",
    "boy", "broer", "broers", "broertje", "brother", "child", "children", "client", "clienten", "clients", "confidant",
    "consulent", "consulente", "court", "dad", "daddy", "daughter", "dochter", "dochtertje", "enfant", "enfants",
    "familie", "family", "father", "fille", "foster", "frere", "garcon", "gezin", "girl", "grandfather", "grandma",
    "grandmother", "grandpa", "grandparent", "grandparents", "grootmoeder", "grootouder", "grootouders", "grootvader",
    "guardian", "halfbroer", "halfzus", "huisarts", "jeugdrechter", "jeune", "jongeman", "jongen", "jongens", "jongere",
    "jongeren", "judge", "juge", "kind", "kinderen", "kleinkind", "kleinkinderen", "lawyer", "leerling", "legal", "mam",
    "mama", "maman", "mams", "meerderjarige", "meisje", "meisjes", "mere", "minderjarige", "minderjarigen", "mineur",
    "minor", "minors", "moeder", "moeders", "mom", "mommy", "mother", "mum", "mummy", "nephew", "niece", "nonkel",
    "oma", "oom", "opa", "opvoeder", "ouder", "ouders", "papa", "paps", "parent", "parents", "partner", "patient",
    "people", "pere", "person", "persoon", "pleegmoeder", "pleegouder", "pleegouders", "pleegvader", "plusmama",
    "plusmoeder", "pluspapa", "plusvader", "pupil", "rechtbank", "rechter", "school", "sister", "soeur", "son", "step",
    "stepbrother", "stepfather", "stepmother", "stepsister", "stiefbroer", "stiefmama", "stiefmoeder", "stiefouder",
    "stiefpapa", "stiefvader", "stiefzus", "student", "tante", "teenager", "tiener", "toeziend", "traject",
    "trajectory", "tuteur", "tutor", "uncle", "vader", "vaders", "vertegenwoordiger", "vertrouwensfiguur",
    "vertrouwenspersoon", "voogd", "vriendin", "vrouw", "wettelijk", "wettelijke", "young", "youngster", "youth",
    "zelf", "zoon", "zoontje", "zus", "zusje", "zussen", "zuster",
};
// clang-format on

static_assert(std::ranges::is_sorted(kPersonWords));

}  // namespace schakel
