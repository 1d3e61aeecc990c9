#include "agents/services.h"

#include <gtest/gtest.h>

#include "services/names_in_text.h"

namespace schakel {
namespace {

TEST(Identifying, WhereItStandsIsWhereItStoodInTheText) {
  const std::string text = "bij S\u00E1\u200Bm thuis";
  const auto findings = FindIdentifying(text, {"Sam"}, ParseTimestamp("2026-11-23").value());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(text.substr(findings[0].at, findings[0].length), "S\u00E1\u200Bm");
}

TEST(Identifying, EveryKindIsFoundOnBothSidesOfItsRule) {
  const Timestamp now = ParseTimestamp("2026-11-23").value();
  const std::vector<std::string> names = {"Sam Janssens", "Zoë", "S. (2010)"};
  struct Case {
    const char* name;
    const char* text;
    std::vector<Identifying> want;
  };
  using enum Identifying;
  const Case cases[] = {
      {"national number", "rijksregister 85.07.30-033.28", {kNationalNumber}},
      {"without separators", "85073003328", {kNationalNumber}},
      {"wrong check digits", "dossier 85.07.30-033.29", {kLikeNationalNumber}},
      {"born after 2000", "09.11.23-001.89", {kNationalNumber}},
      {"the same, wrong check", "09.11.23-001.88", {kLikeNationalNumber}},
      {"no month", "dossier 85.57.30-033.29", {}},
      {"the right form, mistyped", "rijksregisternummer 09.01.01-123.45", {kLikeNationalNumber}},
      {"account", "rekening BE68 5390 0754 7034", {kAccount}},
      {"account, mistyped", "BE68539007547035", {kAccount}},
      {"foreign account", "NL91 ABNA 0417 1643 00 of contant", {kAccount}},
      {"letters and a number", "de 5390 0754", {}},
      {"mail", "mail naar sofie.v@school.be", {kEmail}},
      {"at sign alone", "kom @ 3 uur", {}},
      {"mobile", "bel 0472/12.34.56", {kPhone}},
      {"land line", "bel 016 22 33 44", {kPhone}},
      {"foreign form", "+32 472 12 34 56", {kPhone}},
      {"a year and a number", "in 2010 waren het er 45", {}},
      {"date of birth", "geboren 3/4/2010", {kBirthDate}},
      {"written out", "3 april 2010", {kBirthDate}},
      {"year first", "2010-04-03", {kBirthDate}},
      {"this year's event", "gesprek op 3/11/2026", {}},
      {"last year's event", "gesprek op 3/11/2025", {}},
      {"date and time", "op 03/12/2026 14.00", {}},
      {"name", "sam slaapt niet", {kName}},
      {"accented name", "ZOË slaapt niet", {kName}},
      {"within another word", "samen slapen", {}},
      {"initial alone", "S. slaapt niet", {}},
      {"within a pair", "Sam Janssens slaapt niet", {kName, kName}},
      {"genitive", "Janssenss moeder", {kName}},
      {"dots between", "S.a.m slaapt niet", {kName}},
      {"spaces between", "j a n s s e n s slaapt niet", {kName}},
      {"in two pieces", "Jans-sens slaapt niet", {kName}},
      {"invisible between", "Sa\u200Bm slaapt niet", {kName}},
      {"soft hyphen", "Jans\u00ADsens", {kName}},
      {"combining mark", "Za\u0300m Sa\u0301m", {kName}},
      {"accents left out", "Zoe slaapt niet", {kName}},
      {"full width", "\uFF33\uFF41\uFF4D", {kName}},
      {"look-alikes", "S\u0430m", {kName}},
      {"two short words that make one", "sa m", {}},
      {"words with other letters between", "s was am", {}},
      {"somebody's name", "vraag het aan Jan Peeters", {kPersonName}},
      {"with a particle", "met Piet van den Berg", {kPersonName}},
      {"at the beginning", "Jan Peeters woont alleen", {kPersonName}},
      {"one capital", "De jongere slaapt niet", {}},
      {"the beginning of two sentences", "Dat werkt. Hoe verder?", {}},
      {"abbreviations", "via CLB Gent of GI", {}},
      {"street and number", "in de Kerkstraat 12", {kAddress}},
      {"written small", "kerkstraat 12", {kAddress}},
      {"street as a name", "in de Kerkstraat", {kAddress}},
      {"a street", "op straat, 2 keer", {}},
      {"under way", "onderweg 2 keer gestopt", {}},
      {"causeway", "Gentsesteenweg nr. 5", {kAddress}},
      {"French", "rue de la Loi 16", {kAddress}},
      {"French, the number first", "au 12, rue de Namur", {kAddress}},
      {"French, the number first, small", "habite 12 bis rue haute", {kAddress}},
      {"French, as a name", "près de l'avenue Louise", {kAddress}},
      {"a French abbreviation", "av. des Tilleuls 4", {kAddress}},
      {"a French causeway", "chaussée de Wavre 1020", {kAddress}},
      {"a street in French", "il dort dans la rue depuis 3 nuits", {}},
      {"a French place with a house", "place du Marché 4", {kAddress}},
      {"a place with no house", "sur la place du Marché", {}},
      {"under way in French", "en cours depuis 2 mois, la route est longue", {}},
      {"a French town", "à 5000 Namur", {kAddress}},
      {"a French year", "depuis avril 2024 Mieux", {}},
      {"postcode", "9000 Gent", {kAddress}},
      {"a year", "in mei 2010 Was het rustig", {}},
      {"born lately", "geboren op 3/4/2026", {kBirthDate}},
      {"short year", "geb. 3/4/09", {kBirthDate}},
      {"a birthday", "verjaart op 3 april", {kBirthDate}},
      {"area in brackets", "bel (0470) 12 34 56", {kPhone}},
      {"blanks and hyphens", "0470 - 12 - 34 - 56", {kPhone}},
      {"underscores", "0470_12_34_56", {kPhone}},
      {"commas", "0470,123,456", {kPhone}},
      {"commas, and a number behind", "0470,123,456, 3 keer gebeld", {kPhone}},
      {"a list of dates", "op 03/11/2026, 10/11/2026 en 17/11/2026", {}},
      {"a list of ages", "9, 11, 12, 14, 15 en 17 jaar", {}},
      {"national number, any separator", "85.07.30_033.28", {kNationalNumber}},
      {"born on an ordinal", "geboren op 3de mei 2010", {kBirthDate}},
      {"born on an ordinal, in English", "born on the 3rd of May 2010", {kBirthDate}},
      {"the word behind the date", "op 3 april geboren", {kBirthDate}},
      {"a date without separators", "03052010 geboren", {kBirthDate}},
      {"born in French", "née le 3 avril 2026", {kBirthDate}},
      {"born in French, no year", "né le 1er février", {kBirthDate}},
      {"born in French, without accents", "nee le 14 juillet", {kBirthDate}},
      {"not, in French", "il ne vient pas le 3 avril", {}},
      {"no, in Dutch", "nee, op 3 april niet", {}},
      {"birth in French", "date de naissance : 03/05/26", {kBirthDate}},
      {"a birthday in French", "son anniversaire est le 5 août", {kBirthDate}},
      {"written out in French", "le 14 décembre 2010", {kBirthDate}},
      {"an event in French", "rendez-vous le 14 décembre 2026", {}},
      {"a phone without its zero", "tél. 472 12 34 56", {kPhone}},
      {"the same without the word", "budget 472 12 34 56", {}},
      {"a French phone", "GSM : 0472 12 34 56", {kPhone}},
      {"a national number cut short", "numéro national 090101 123", {kLikeNationalNumber}},
      {"of another form, in Dutch", "rijksregisternummer 99.99.99-123.45", {kLikeNationalNumber}},
      {"the same without its word", "dossier 99.99.99-123", {}},
      {"eight digits alone", "ticket 03052010", {}},
      {"a house", "Kapelleberg 14", {kAddress}},
      {"a house and a place", "Naamsepoort 3, Heverlee", {kAddress}},
      {"a house in a sentence", "woont op de Hoek 7 en slaapt niet", {kAddress}},
      {"the beginning of a sentence and a number", "Slaapt 3 weken niet. Drinkt 2 keer.", {}},
      {"a numbered thing", "volgens Artikel 12 van het decreet", {}},
      {"name in capitals", "JAN JANSSENS slaapt niet", {kName}},
      {"name in capitals, a rare one", "met AZUBUIKE OKONKWO", {kPersonName}},
      {"name in small letters", "met jan peeters", {kPersonName}},
      {"given name alone", "Mohamed maakt zich zorgen", {kPersonName}},
      {"given name in small letters", "volgens fatoumata", {kPersonName}},
      {"given name letter by letter", "volgens F.a.t.o.u.m.a.t.a", {kPersonName}},
      {"surname letter by letter", "bij p e e t e r s thuis", {kPersonName}},
      {"letters that make no name", "optie a b c d e", {}},
      {"a month and no name", "sinds jan 2026", {}},
      {"words that are names, too", "ik ben bang, de toon is hard", {}},
      {"the same as a name", "volgens Toon is het hard", {kPersonName}},
      {"each, which is a name, too", "hij belt elke nacht, lieve jongen", {}},
      {"that name", "volgens Elke belt hij", {kPersonName}},
      {"all at once",
       "Jan Peeters woont in de Kerkstraat 12 in 9000 Gent, 09.01.01-123.45, jan@example.be",
       {kPersonName, kAddress, kAddress, kLikeNationalNumber, kEmail}},
      {"nothing", "een vijftienjarige slaapt al 3 weken niet", {}},
      {"national number over two lines", "Rijksregisternummer 090312\n12347", {kNationalNumber}},
      {"the same, with dots", "09.03.12-\n123.47", {kNationalNumber}},
      {"over a tab", "090312\t12347", {kNationalNumber}},
      {"in two cells", "naam;090312;12347;x", {kNationalNumber}},
      {"between bars", "090312 | 12347", {kNationalNumber}},
      {"cut anywhere", "nr 0903\r\n1212347", {kNationalNumber}},
      {"digit by digit over two lines", "0 9 0 3 1 2\n1 2 3 4 7", {kLikeNationalNumber}},
      {"in two cells, cut where none ends", "0903121;2347", {kLikeNationalNumber}},
      {"mistyped, over two lines, as it says", "rijksregisternummer 090312\n12348", {kLikeNationalNumber}},
      {"mistyped, in two cells", "090312;12348", {}},
      {"numbers in cells", "12;11;10;9;8;7;6;5;4", {}},
      {"a phone over two lines", "Bel 0470 12\n34 56", {kPhone}},
      {"a land line over two lines", "016\n22 33 44", {kPhone}},
      {"hours in lines", "08.30\n09.45\n10.15", {}},
      {"hours in two lines", "08.30 09.45\n10.15", {}},
      {"Arabic digits", "\u0660\u0669\u0660\u0663\u0661\u0662 \u0661\u0662\u0663\u0664\u0667", {kNationalNumber}},
      {"Persian digits", "bel \u06F0\u06F4\u06F7\u06F0 \u06F1\u06F2 \u06F3\u06F4 \u06F5\u06F6", {kPhone}},
      {"Devanagari digits", "\u0966\u096A\u096D\u0966 \u0967\u0968\u0969\u096A\u096B\u096C", {kPhone}},
      {"digits in circles", "\u24EA\u2463\u2466\u24EA \u2460\u2461\u2462\u2463\u2464\u2465", {kPhone}},
      {"a square metre", "een kamer van 12 m\u00B2", {}},
      {"a family", "Hoe bereiken we de familie Vanderstichelen?", {kPersonName}},
      {"a household", "het gezin Van der Stichelen", {kPersonName}},
      {"a title", "volgens mevrouw Vanderstichelen", {kPersonName}},
      {"a title cut short", "met dhr. Vanderstichelen", {kPersonName}},
      {"a title and a particle", "met meneer de Bruycker", {kPersonName}},
      {"a title in English", "we asked mrs Vanderstichelen", {kPersonName}},
      {"a title in French", "avec madame Vanderstichelen", {kPersonName}},
      {"who is called so", "Zij heet Zebedeus en slaapt slecht.", {kPersonName}},
      {"the other way round", "dus heet hij Zebedeus", {kPersonName}},
      {"a relative who is called so", "haar broer heet Zebedeus", {kPersonName}},
      {"a relative by name", "de jongen woont bij oma Griselda", {kPersonName}},
      {"called, in English", "a boy called Zebedee", {kPersonName}},
      {"called, in French", "elle s'appelle Griselda", {kPersonName}},
      {"a name that is told", "voornaam: Zebedeus", {kPersonName}},
      {"welcomed", "hij heet graag iedereen welkom", {}},
      {"welcomed at the beginning", "Hij heet Ons graag welkom", {}},
      {"hot", "het water is te heet. Zij verbrandt zich", {}},
      {"a course", "de cursus heet Stapsgewijs", {}},
      {"a family without a name", "de familie wil niet. Mevrouw weet dat niet.", {}},
      {"a family and an abbreviation", "de familie CAW", {}},
      {"a mother at the end", "zo doet zijn moeder. Dat helpt", {}},
      {"a mother before a word", "haar moeder Die is boos", {}},
      {"born in a month", "geboren in maart 2009", {kBirthDate}},
      {"born in a place in a month", "geboren te Gent in maart 2009", {kBirthDate}},
      {"born in a month, by its number", "geb. 03/2009", {kBirthDate}},
      {"a month alone", "sinds maart 2009 in begeleiding", {}},
      {"a year of birth", "geboren in 2009", {}},
      {"the month first", "born on March 12, 2009", {kBirthDate}},
      {"the month first, no word", "March 12, 2009", {kBirthDate}},
      {"an event, the month first", "on March 12, 2026", {}},
      {"a month in Roman numerals", "12-III-2009", {kBirthDate}},
      {"a Roman numeral and a year", "deel III 2009", {}},
      {"mail in brackets", "lien[at]gmail.com", {kEmail}},
      {"mail in brackets with blanks", "mail lien.v (at) gmail.com", {kEmail}},
      {"mail with blanks", "lien @ gmail . com", {kEmail}},
      {"mail in words", "lien at gmail dot com", {kEmail}},
      {"mail in Dutch words", "zebedeus apenstaartje gmail punt com", {kEmail}},
      {"at a site", "look at school.be", {}},
      {"at, and the end of a sentence", "kom @ school.Daarna eten we", {}},
      {"at and dot of every day", "we look at school dot", {}},
      {"a diminutive of a name", "Samje slaapt niet", {kName}},
      {"of a longer name", "Janssenske komt", {kName}},
      {"a diminutive's genitive", "Samjes moeder", {kName}},
      {"initials and a year", "A.V. (2010) kwam tot rust", {kPersonName}},
      {"initials and a year of birth", "A.V. (°2009) kwam", {kPersonName}},
      {"initials and an age", "A.V. (16) kwam", {kPersonName}},
      {"an initial and an age", "M. (17) kwam", {kPersonName}},
      {"an initial without its dot", "M (17) kwam", {kPersonName}},
      {"an age in words behind", "M., 17 jaar, kwam", {kPersonName}},
      {"an age between commas", "A.V., 16, kwam", {kPersonName}},
      {"two pseudonyms", "A. en B. kwamen 3 keer", {}},
      {"initials alone", "A.V. kwam", {}},
      {"an abbreviation and a year", "CAW (2010) en GI (2014)", {}},
      {"a decree", "het K.B. (2012)", {}},
      {"a class", "klas 3B (16)", {}},
      {"pictures", "de foto's (16)", {}},
      {"how often", "optie A (3 keer)", {}},
      {"abbreviations in small letters", "o.a. (16) en d.w.z. (2010)", {}},
      {"born in words", "geboren op de twaalfde maart tweeduizend tien", {kBirthDate}},
      {"written out in words", "de twaalfde maart tweeduizend tien", {kBirthDate}},
      {"a year in one word", "twaalf maart tweeduizendtien", {kBirthDate}},
      {"half in words", "12 maart tweeduizend en tien", {kBirthDate}},
      {"of the last century", "derde mei negentienhonderd achtennegentig", {kBirthDate}},
      {"born on a day in words", "geboren op de eenentwintigste mei", {kBirthDate}},
      {"an event in words", "op zes mei tweeduizend zesentwintig", {}},
      {"born second", "geboren als tweede, drie jaar later", {}},
      {"born in a month, and months later", "geboren in het ziekenhuis, mei, acht weken later", {}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    std::vector<Identifying> got;
    for (const Finding& finding : FindIdentifying(c.text, names, now)) {
      got.push_back(finding.what);
      EXPECT_LE(finding.at + finding.length, std::string(c.text).size());
    }
    EXPECT_EQ(got, c.want);
  }
}

// As people write who ask something: nothing in it tells who it is about.
TEST(Identifying, OrdinaryQuestionsPass) {
  const Timestamp now = ParseTimestamp("2026-11-23").value();
  const std::vector<std::string> names = {"Jan", "Roos", "Elif", "Bram", "Stan"};
  const char* texts[] = {
      "Een jongere van 15 jaar gaat al sinds september niet meer naar school. Wat kunnen we doen?",
      "Zijn moeder maakt zich zorgen, zijn vader wil geen hulp meer.",
      "Sinds maart 2009 in begeleiding, daarna twee keer opgenomen.",
      "We zijn in mei 2026 gestart met contextbegeleiding aan huis, 2 keer per week.",
      "Hij heet iedereen welkom en lacht veel.",
      "Het gezin krijgt steun van het OCMW en van een CAW.",
      "Mevrouw weigert elk gesprek. Meneer komt wel.",
      "De familie Wil graag weten hoe lang dit duurt.",
      "Kunnen we de familie op maandag of dinsdag om 14.30 uur zien?",
      "Het kind is 9 jaar en zit in het derde leerjaar; klas 3B.",
      "Budget: 1250 euro per maand, dat is 15000 euro per jaar.",
      "Aantal per jaar:\n2022;12\n2023;15\n2024;19\n2025;21",
      "Om 08.30, 10.15 of 16.00 uur kan een gesprek.",
      "Hij zit vaak te janken en te denken op zijn kamer.",
      "Volgens artikel 12 mag dat, volgens artikel 13 niet.",
      "Wie werkt er met meisjes van 12 tot 14 jaar die weglopen?",
      "Het is heet in de leefgroep en de jongens zijn druk.",
      "Onze cursus heet Omgaan met boosheid.",
      "Hoe reageer je als een kind zegt dat niemand hem graag ziet?",
      "Zij zijn 14, 15 en 17 jaar; de jongste slaapt slecht.",
      "Kijk at home of op de website van de school.",
      "Een kind vertelt op school over ruzie thuis. Mag de school de ouders bellen?",
  };
  for (const char* text : texts) {
    for (const Finding& one : FindIdentifying(text, names, now)) {
      ADD_FAILURE() << text << ": " << Slug(one.what) << " \"" << std::string(text).substr(one.at, one.length) << '"';
    }
  }
}

TEST(Identifying, ADerivedNameIsTheNameItself) {
  const Timestamp now = ParseTimestamp("2026-11-23").value();
  const std::vector<std::string> names = {"Elif", "Roos", "Bram", "Jan", "Sam", "Zita"};
  for (const char* text : {"Elifje", "Roosje", "roosjes", "Elifke", "Elifken", "Bramke", "Brammeke", "Jannetje",
                           "Zitaatje", "Zitatje", "Elifs", "Samke", "Brampje"}) {
    const auto found = FindIdentifying(std::string("volgens ") + text + " niet", names, now);
    ASSERT_EQ(found.size(), 1U) << text;
    EXPECT_EQ(found[0].what, Identifying::kName) << text;
  }
  for (const char* text : {"janken", "samen", "roosters", "elfje", "zitje"}) {
    EXPECT_TRUE(FindIdentifying(std::string("volgens ") + text + " niet", names, now).empty()) << text;
  }
}

TEST(Identifying, OfALabelWhatMayBeAName) {
  struct Case {
    const char* label;
    const char* want;
  };
  const Case cases[] = {
      {"Hanne (14), wil bij papa gaan wonen", "hanne "},
      {"Elif durft de bus niet meer op", "elif "},
      {"Naar huis met Robbe", "robbe "},
      {"Robbe okonkwo", "robbe okonkwo "},
      {"Robbe okonkwo (15), vaak weg", "robbe okonkwo "},
      {"Wil (16)", "wil "},
      {"sam okonkwo", "sam okonkwo"},
      {"", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(NamesInLabel(c.label), c.want) << c.label;
}

}  // namespace
}  // namespace schakel
