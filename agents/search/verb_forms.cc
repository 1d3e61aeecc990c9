#include "search/verb_forms.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

namespace schakel {
namespace {

// clang-format off
// Regular ones, whose participle begins with ge-.
constexpr std::string_view kRegular =
    "ademen antwoorden arresteren arriveren babbelen bellen blaffen blokkeren blozen boeken boksen boren botsen "
    "bouwen branden breien brullen chatten coachen combineren communiceren concentreren confronteren contacteren "
    "controleren coordineren corrigeren dansen dealen delen deprimeren dienen discussieren douchen draaien "
    "dreigen drogen dromen drukken duren durven duwen eindigen eisen escaleren evalueren experimenteren "
    "fantaseren feesten fietsen filmen flirten fluisteren forceren formuleren frustreren functioneren gamen "
    "garanderen gillen gokken gooien groeien groeten haasten haken halen hallucineren handelen haten hechten "
    "hinderen hoesten hopen horen huilen huren huwen informeren integreren intimideren investeren irriteren "
    "isoleren juichen kalmeren kammen kampen kennen klagen klappen kleden kloppen knippen knoeien knuffelen koken "
    "koppelen kosten krabben kraken krassen kwetsen landen leggen leiden lenen leren letten leunen leven leveren "
    "logeren luisteren lukken lunchen mailen maken manipuleren melden menen mengen merken mijden missen mompelen "
    "motiveren negeren noemen noteren oefenen oordelen openen opereren organiseren orienteren pakken parkeren "
    "participeren passen pesten piekeren plaatsen plagen plakken plannen plassen plegen plukken poetsen posten "
    "praten presenteren presteren prikken proberen procederen produceren protesteren provoceren puberen "
    "raadplegen raken rapporteren reageren realiseren redden regelen registreren reizen rekenen rennen repareren "
    "reserveren respecteren richten riskeren roddelen roken rollen ruilen ruimen rusten schaden schamen schatten "
    "schilderen schoppen schorsen schreeuwen schuilen selecteren signaleren skypen slagen slepen slikken sloffen "
    "smeken smeren snappen snauwen snoepen solliciteren sparen spelen spijbelen spoelen sporten stabiliseren "
    "stagneren staken stampen stappen starten stellen stemmen steunen stimuleren stoeien stoppen storen storten "
    "stotteren straffen strelen structureren studeren stuiten sturen suggereren tekenen telefoneren tellen testen "
    "tikken tillen tonen trainen trappen treiteren treuren troosten trouwen twijfelen vergaderen verven voeden "
    "voelen voeren volgen vormen vrezen vullen waarderen waarschuwen wachten wandelen weigeren wensen "
    "werken wisselen wonen worstelen zakken zetten zeuren zoenen zorgen zuchten zwaaien zweten";

// Regular ones, whose participle has none: "begeleid", "verhuisd".
constexpr std::string_view kRegularWithoutGe =
    "aanvaarden beantwoorden bedanken bedoelen bedreigen beeindigen begeleiden begroeten behandelen beheren "
    "behoren beinvloeden bekennen belasten beleven belonen beloven bemiddelen bemoeien benaderen benadrukken "
    "benoemen beoordelen bepalen beperken bereiden bereiken berekenen beroven beschadigen beschermen beschouwen "
    "beschuldigen besparen bespotten besteden bestellen bestraffen betalen betekenen betrappen betwijfelen "
    "bevestigen bevorderen bevrijden bewaken bewaren bewerken bewonderen bezorgen erkennen gebeuren gebruiken "
    "gehoorzamen geloven herhalen herinneren herkennen herleven herstellen misbruiken mishandelen misleiden "
    "mislukken omarmen omringen onderhandelen ondersteunen ondertekenen ontdekken onthullen ontkennen ontladen "
    "ontmoedigen ontmoeten ontploffen ontroeren ontruimen ontsnappen ontspannen ontvoeren ontwaken ontwikkelen "
    "overhandigen overleggen overleven overnachten overtuigen veranderen verantwoorden verbazen verbeteren "
    "verbranden verdedigen verdelen verdienen verdraaien verduidelijken verdwalen verenigen vergissen vergoeden "
    "vergroten verhalen verhinderen verhogen verhoren verhuizen verhuren verkennen verklaren verklikken verkorten "
    "verkrachten verlangen verleiden verlengen vermelden verminderen vermoeden vermoorden vernederen vernielen "
    "vernietigen vernieuwen veronderstellen verontrusten verontschuldigen veroordelen veroorzaken verplaatsen "
    "verplegen verplichten verrassen verschillen verslechteren versnellen verspreiden versterken verstoppen "
    "verstoren vertalen vertellen vertonen vertragen vertrouwen vervelen vervoeren vervolgen vervullen "
    "verwaarlozen verwachten verwarmen verwarren verwennen verwerken verwijderen verwittigen verwonden verzachten "
    "verzamelen verzekeren verzetten verzoenen verzorgen voltooien voorspellen";

// Strong and irregular ones. Without what is more often another word: "vroeg", "reden", "lagen", "geleden"; with the noun
// or the plural of one that looks as a form: "staten", "verbod". The stem alone ("loop") stands in none unless it has
// another vowel: the stemmer brings it to the infinitive. Where the stem of that is also of another verb ("stel" of
// "stelen" and "stellen"), another form stands first.
constexpr std::string_view kFamilies[] = {
    "bakken bakt bakte bakten gebakken",
    "bedriegen bedriegt bedroog bedrogen",
    "begaan begaat beging begingen",
    "beginnen begin begint begon begonnen",
    "begraven begraaft begroef begroeven",
    "begrijpen begrijpt begreep begrepen",
    "behouden behoudt behield behielden",
    "bekijken bekijkt bekeek bekeken",
    "beschrijven beschrijft beschreef beschreven",
    "besluiten besloot besloten",
    "bespreken bespreekt besprak besproken",
    "bestaan bestaat bestond bestonden",
    "betrekken betrekt betrok betrokken",
    "bevallen bevalt beviel bevielen",
    "bewegen beweegt bewoog bewogen",
    "bewijzen bewijst bewees bewezen",
    "bezitten bezat bezaten",
    "bezoeken bezoekt bezocht bezochten",
    "bieden biedt bood geboden gebod",
    "bijten bijt beet beten gebeten",
    "binden bindt bond bonden gebonden",
    "blijken blijkt bleek bleken gebleken",
    "blijven blijft bleef bleven gebleven",
    "breken breekt brak gebroken",
    "brengen brengt bracht brachten gebracht",
    "buigen buigt boog bogen gebogen",
    "denken denkt dacht dachten gedacht",
    "doen doe doet deed deden gedaan",
    "dragen draagt droeg droegen",
    "drijven drijft dreef dreven gedreven",
    "drinken drinkt dronk dronken gedronken",
    "duiken duikt dook doken gedoken",
    "dwingen dwingt dwong dwongen gedwongen",
    "ervaren ervaart ervoer ervoeren",
    "eten eet at aten gegeten",
    "gaan ga gaat ging gingen gegaan",
    "genezen geneest genas genazen",
    "genieten geniet genoot genoten",
    "geven geeft gaf gaven gegeven",
    "glijden glijdt gleed gleden gegleden",
    "grijpen grijpt greep grepen gegrepen",
    "hangen hangt hing hingen gehangen",
    "hebben heb hebt heeft had hadden gehad",
    "helpen helpt hielp hielpen geholpen",
    "heten heette heetten",
    "houden hou houdt hield hielden gehouden",
    "jagen jaagt joeg joegen gejaagd",
    "kiezen kiest koos kozen gekozen",
    "kijken kijkt keek keken gekeken",
    "klimmen klimt klom klommen geklommen",
    "klinken klinkt klonk klonken geklonken",
    "knijpen knijpt kneep knepen geknepen",
    "komen komt kwam kwamen gekomen",
    "kopen koopt kocht kochten gekocht",
    "krijgen krijgt kreeg kregen gekregen",
    "kruipen kruipt kroop kropen gekropen",
    "kunnen kan kannen kunt kon konden gekund",
    "lachen lacht lachte lachten gelachen",
    "laten liet lieten gelaten",
    "lezen leest las lazen gelezen",
    "liegen liegt loog logen gelogen",
    "liggen ligt lag gelegen",
    "lijden lijdt leed",
    "lijken lijkt leek leken geleken",
    "lopen loopt liep liepen gelopen",
    "moeten moest moesten gemoeten",
    "mogen mag mocht mochten",
    "nemen neemt nam genomen",
    "onderbreken onderbreekt onderbrak onderbroken",
    "ondernemen onderneemt ondernam ondernomen",
    "onderwijzen onderwijst onderwees onderwezen",
    "onderzoeken onderzoekt onderzocht onderzochten",
    "ontbreken ontbreekt ontbrak ontbroken",
    "onthouden onthoudt onthield onthielden",
    "ontslaan ontsla ontslaat ontsloeg ontsloegen ontslagen ontslag",
    "ontstaan ontstaat ontstond ontstonden",
    "ontvangen ontvangt ontving ontvingen",
    "overlijden overlijdt overleed overleden",
    "overtreden overtreedt overtrad overtraden",
    "overwegen overweegt overwoog overwogen",
    "raden raadt raadde geraden",
    "rijden rijdt reed gereden",
    "roepen roept riep riepen geroepen",
    "ruiken ruikt geroken",
    "scheiden scheidt scheidde scheidden gescheiden",
    "schelden scheldt schold scholden gescholden",
    "schenken schenkt schonk schonken geschonken",
    "schieten schiet geschoten",
    "schijnen schijnt scheen schenen geschenen",
    "schrijven schrijft schreef schreven geschreven",
    "schrikken schrikt schrok schrokken geschrokken",
    "schuiven schuift schoof schoven geschoven",
    "slaan slaat sloeg sloegen geslagen",
    "slapen slaapt sliep sliepen geslapen",
    "sluiten sluit gesloten",
    "smijten smijt smeet smeten gesmeten",
    "snijden snijdt sneed sneden gesneden",
    "snuiven snuift snoof snoven gesnoven",
    "spreken spreekt sprak gesproken",
    "springen springt sprong sprongen gesprongen",
    "staan staat staten stond stonden gestaan",
    "steken steekt stak gestoken",
    "gestolen stelen steel steelt",
    "sterven sterft stierf stierven gestorven",
    "stijgen stijgt steeg stegen gestegen",
    "stinken stinkt stonk stonken gestonken",
    "stoten stoot stootte gestoten",
    "treden treedt trad traden getreden",
    "treffen treft trof troffen getroffen",
    "trekken trekt trok trokken getrokken",
    "vallen valt viel vielen",
    "vangen vangt ving vingen gevangen",
    "vechten vochten gevochten",
    "verbergen verbergt verborg verborgen",
    "verbieden verbiedt verbood verboden verbod",
    "verbinden verbindt verbond verbonden",
    "verblijven verblijft verbleef verbleven",
    "verdragen verdraagt verdroeg verdroegen",
    "verdrinken verdrinkt verdronk verdronken",
    "verdwijnen verdwijnt verdween verdwenen",
    "vergelijken vergelijkt vergeleek vergeleken",
    "vergeten vergeet vergat vergaten",
    "vergeven vergeeft vergaf vergaven",
    "verkopen verkoopt verkocht verkochten",
    "verlaten verliet verlieten",
    "verliezen verliest verloor verloren",
    "vermijden vermijdt vermeed vermeden",
    "verschijnen verschijnt verscheen verschenen",
    "verstaan verstaat verstond verstonden",
    "vertrekken vertrekt vertrok vertrokken",
    "vervangen vervangt verving vervingen",
    "verwijten verweet verweten",
    "verwijzen verwijst verwees verwezen",
    "verzinnen verzint verzon verzonnen",
    "verzoeken verzoekt verzocht verzochten",
    "verzwijgen verzwijgt verzweeg verzwegen",
    "vieren viert vierden gevierd",
    "vinden vindt vond vonden gevonden",
    "vliegen vliegt vloog vlogen gevlogen",
    "vluchten vluchtte vluchtten gevlucht",
    "voldoen voldoet voldeed voldeden voldaan",
    "voorkomen voorkomt voorkwam voorkwamen",
    "vragen vraagt vroegen gevraagd",
    "wassen wast waste wasten",
    "wegen weegt woog wogen gewogen",
    "werpen werpt wierp wierpen geworpen",
    "weten weet wist wisten",
    "gewend wennen went wende wenden",
    "wijzen wijst gewezen",
    "willen wil wilt wilde wilden wou wouden gewild",
    "winnen wint won wonnen gewonnen",
    "worden wordt werd werden geworden",
    "wrijven wrijft wreef wreven gewreven",
    "zeggen zegt zei zeiden gezegd",
    "zien zie ziet zag gezien",
    "zingen zingt zong zongen gezongen",
    "zitten zit zat zaten gezeten",
    "zoeken zoekt zocht zochten gezocht",
    "zuipen zuipt zoop zopen gezopen",
    "zwemmen zwemt zwom zwommen gezwommen",
    "zwijgen zwijgt zweeg zwegen gezwegen",
};
// clang-format on

void ForEachWord(std::string_view words, const std::function<void(std::string_view)>& visit) {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    visit(word);
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
}

bool IsVowelLetter(char c) { return std::string_view("aeiouy").contains(c); }

// Whether what stands before the last consonant is more than one syllable: "wandel", not "speel".
bool HasEarlierSyllable(std::string_view stem) {
  const std::size_t vowel = stem.find_last_of("aeiouy", stem.size() - 2);
  const std::size_t earlier = stem.substr(0, vowel).find_last_of("aeiouy");
  return earlier != std::string_view::npos && earlier + 1 < vowel;
}

// As it is written at the end of a word: "won" is "woon", "bell" is "bel", "lev" is "leef". Where nobody can tell
// whether the last syllable is stressed ("wandel", "probeer") both.
std::vector<std::string> WrittenStems(const std::string& infinitive) {
  const std::string stem = infinitive.substr(0, infinitive.size() - 2);
  const std::size_t size = stem.size();
  const auto ended = [](std::string word) {
    if (word.back() == 'v') word.back() = 'f';
    if (word.back() == 'z') word.back() = 's';
    return word;
  };
  if (size < 3 || IsVowelLetter(stem.back())) return {stem};
  if (stem[size - 1] == stem[size - 2]) return {stem.substr(0, size - 1)};
  const char vowel = stem[size - 2];
  const bool open = std::string_view("aeou").contains(vowel) && !IsVowelLetter(stem[size - 3]);
  if (!open || stem.back() == 'w') return {ended(stem)};
  const std::string doubled = stem.substr(0, size - 1) + vowel + stem.back();
  if (vowel == 'e' && HasEarlierSyllable(stem)) return {ended(doubled), ended(stem)};
  return {ended(doubled)};
}

enum class Participle : std::uint8_t { kWithGe, kAlone };

VerbFamily Regular(const std::string& infinitive, Participle participle) {
  VerbFamily family = {infinitive};
  const char last = infinitive[infinitive.size() - 3];
  const bool soft = std::string_view("tkfschxp").contains(last);  // "'t kofschip": before v and z become f and s.
  for (const std::string& stem : WrittenStems(infinitive)) {
    const std::string past = stem + (soft ? "te" : "de");
    const bool ends_so = stem.back() == (soft ? 't' : 'd');
    const std::string done =
        (participle == Participle::kWithGe ? "ge" : "") + stem + (ends_so ? "" : (soft ? "t" : "d"));
    family.push_back(stem);
    if (stem.back() != 't') family.push_back(stem + 't');
    for (const std::string& one : {past, past + 'n', done}) family.push_back(one);
    if (!ends_so) family.push_back(done + 'e');
  }
  return family;
}

std::vector<VerbFamily> AllFamilies() {
  std::vector<VerbFamily> all;
  ForEachWord(kRegular, [&](std::string_view one) { all.push_back(Regular(std::string(one), Participle::kWithGe)); });
  ForEachWord(kRegularWithoutGe,
              [&](std::string_view one) { all.push_back(Regular(std::string(one), Participle::kAlone)); });
  for (const std::string_view words : kFamilies) {
    VerbFamily family;
    ForEachWord(words, [&](std::string_view one) { family.emplace_back(one); });
    // "De betrokkene", "de overledenen".
    constexpr std::size_t kParticipleMin = 6;
    for (std::size_t i = 1, size = family.size(); i < size; ++i) {
      if (family[i].size() < kParticipleMin || !family[i].ends_with("en")) continue;
      family.push_back(family[i] + 'e');
      family.push_back(family[i] + "en");
    }
    all.push_back(std::move(family));
  }
  return all;
}

}  // namespace

const std::vector<VerbFamily>& VerbFamilies() {
  static const std::vector<VerbFamily> kAll = AllFamilies();
  return kAll;
}

std::string_view VerbOf(std::string_view word) {
  static const std::unordered_map<std::string_view, std::string_view> kVerbs = [] {
    std::unordered_map<std::string_view, std::string_view> by_form;
    for (const VerbFamily& family : VerbFamilies()) {
      for (const std::string& form : family) by_form.emplace(form, family.front());
    }
    return by_form;
  }();
  const auto found = kVerbs.find(word);
  return found == kVerbs.end() ? std::string_view{} : found->second;
}

}  // namespace schakel
