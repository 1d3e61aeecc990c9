// The report as a page: plain words, no script, nothing from elsewhere, one column on A4.
#include <algorithm>
#include <set>

#include "agents/i18n.h"
#include "agents/report.h"
#include "html_text.h"
#include "local_time.h"

namespace schakel {
namespace {

using What = AccessRow::What;

constexpr std::string_view kStyle = R"(
@page { size: A4; margin: 16mm 15mm 18mm; }
* { box-sizing: border-box; }
body { font: 11pt/1.45 "Segoe UI", "Helvetica Neue", Arial, sans-serif; color: #1c2430; margin: 0 auto; max-width: 180mm;
  padding: 8mm 4mm; }
header { border-bottom: 3px solid #1f5f8b; margin-bottom: 5mm; padding-bottom: 3mm; }
h1 { font-size: 24pt; margin: 0; color: #1f5f8b; }
.for { font-size: 12pt; font-weight: 600; margin: 0; }
.small { font-size: 9.5pt; color: #4a5563; }
h2 { font-size: 14pt; color: #1f5f8b; margin: 7mm 0 2mm; break-after: avoid; }
h3 { font-size: 11.5pt; margin: 4mm 0 1mm; break-after: avoid; }
p { margin: 0 0 2mm; }
ul { margin: 0 0 3mm; padding-left: 6mm; }
li { margin-bottom: 1mm; }
.brief { background: #eef5fa; border-radius: 2mm; padding: 3mm 4mm; break-inside: avoid; }
.brief ul { margin-bottom: 0; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-size: 9.5pt; color: #4a5563; font-weight: 600; }
th, td { padding: 1.2mm 2mm 1.2mm 0; border-bottom: 1px solid #d5dce4; vertical-align: top; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
.time { width: 23mm; white-space: nowrap; color: #4a5563; }
.why { width: 62mm; }
.no { color: #8c2f1b; }
.held { font-style: italic; }
.code { font: 9pt/1.4 "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; }
.pair { break-inside: avoid; }
footer { border-top: 1px solid #d5dce4; margin-top: 8mm; padding-top: 2mm; }
@media print { body { padding: 0; max-width: none; } }
)";

constexpr std::string_view kWhoMark = "\x01";  // No text holds it: see HtmlEscaped.

class Page {
 public:
  Page(const ReportModel& model, Language language) : model_(model), language_(language) {}

  std::string Render() {
    html_ = "<!DOCTYPE html>\n<html lang=\"";
    html_ += Slug(language_);
    html_ += "\">\n<head>\n<meta charset=\"utf-8\">\n";
    html_ +=
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
    html_ += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    Add("title", T("report.title"));
    html_ += "<style>";
    html_ += kStyle;
    html_ += "</style>\n</head>\n<body>\n";
    Head();
    InBrief();
    Days();
    Agreements();
    NotShown();
    Withdraw();
    Questions();
    Check();
    html_ += "</body>\n</html>\n";
    return std::move(html_);
  }

 private:
  // What speaks to the young person has other words for the confidant.
  std::string T(std::string_view key, Values values = {}) const {
    const std::string other = std::string(key) + ".to_confidant";
    const bool differs = model_.edition == Edition::kConfidant && HasText(language_, other);
    return Phrase(language_, differs ? std::string_view(other) : key, values);
  }
  void Add(std::string_view tag, const std::string& text, std::string_view attributes = {}) {
    html_.append("<").append(tag).append(attributes).append(">").append(HtmlEscaped(text));
    html_.append("</").append(tag).append(">\n");
  }
  void Cell(const std::string& text, std::string_view attributes = {}) { Add("td", text, attributes); }

  // ---- Words ----

  std::string Name(const OrgId& organisation) const {
    if (organisation.value().empty()) return T("audit.other_partner");
    auto found = model_.names.find(organisation);
    return found == model_.names.end() ? organisation.value() : found->second;
  }
  // "A, B en C"; where a comma stands in one of them, "A; B, b en C" could be four.
  std::string Joined(const std::vector<std::string>& parts) const {
    const bool commas = std::ranges::any_of(parts, [](const std::string& part) { return part.contains(','); });
    std::string all;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) all += commas ? "; " : i + 1 == parts.size() ? " " + T("report.and") + " " : ", ";
      all += parts[i];
    }
    return all;
  }
  std::string Names(const std::vector<OrgId>& organisations) const {
    std::vector<std::string> names;
    for (const OrgId& one : organisations) names.push_back(Name(one));
    return Joined(names);
  }
  template <typename E>
  std::string Labels(SetOf<E> set, std::span<const E> all) const {
    std::vector<std::string> labels;
    for (const E one : all) {
      if (set.Has(one)) labels.emplace_back(Label(one, language_));
    }
    return Joined(labels);
  }

  std::string KindText(Kind kind) const {
    const std::string key = "report.kind." + std::string(Slug(kind));
    return HasText(language_, key) ? T(key) : T("report.kind.other");
  }
  std::string Thing(const ReportModel::Item& item) const {
    if (item.shown == Shown::kHeld) return T("report.thing.held");
    if (item.shown == Shown::kUnknown) return T("report.thing.unknown");
    if (item.on_written_request) return T("report.thing.without_consent.written-request");
    if (item.basis && *item.basis != Basis::kConsent) {
      return T(item.kind == Kind::kGrantGive ? "report.thing.without_consent." + std::string(Slug(*item.basis))
                                             : "report.thing.less_without_consent");
    }
    std::string thing = KindText(item.kind);
    if (item.before) thing = T("report.thing.again", {{"again", thing}, {"thing", KindText(*item.before)}});
    // Of these two, what they are says what they are about.
    const Kind kind = item.before.value_or(item.kind);
    const bool says_all = kind == Kind::kRequestForHelp || kind == Kind::kAgreement;
    if (!item.categories.empty() && !says_all) {
      thing = T("report.thing.about", {{"thing", thing}, {"about", Labels(item.categories, AllCategories())}});
    }
    return thing;
  }
  std::string Who(const ReportModel::Line& line) const {
    std::string who = Names(line.who);
    if (line.guest) {
      who = T("report.guest." + std::string(Slug(*line.guest)), {{"organisation", who}});
    } else if (line.person) {
      who += " (" + *line.person + ")";
    } else if (line.role) {
      who = T("report.somebody", {{"role", T("report.role." + std::string(Slug(*line.role)))}, {"organisation", who}});
    }
    return who;
  }

  // ---- The parts ----

  void Head() {
    html_ += "<header>\n";
    Add("h1", T("report.title"));
    Add("p", T(model_.edition == Edition::kYoungPerson ? "report.for.young_person" : "report.for.confidant"),
        " class=\"for\"");
    Add("p",
        T("report.made", {{"number", model_.number},
                          {"organisation", Name(model_.maker)},
                          {"at", LocalText(model_.made_at, language_)}}),
        " class=\"small\"");
    html_ += "</header>\n";
    Add("p", T(model_.edition == Edition::kYoungPerson ? "report.intro.young_person" : "report.intro.confidant"));
    if (!model_.whole) Add("p", T("report.partial", {{"lead", Name(model_.lead)}}));
  }

  void InBrief() {
    std::set<std::string> got;
    std::set<std::string> told;
    std::set<std::string> told_only;
    std::size_t looks = 0;
    std::size_t refused = 0;
    for (const ReportModel::Line& line : model_.lines) {
      if (line.what == What::kHandedOver && line.item && IsContent(line.item->kind)) {
        for (const OrgId& one : line.who) got.insert(Name(one));
      }
      if (line.what == What::kHandedOver && line.item && MayHoldWords(line.item->kind)) {
        for (const OrgId& one : line.who) {
          if (one != model_.lead) (model_.wordless.contains(one) ? told_only : told).insert(Name(one));
        }
      }
      if (line.what == What::kSaw) looks += line.times;
      if (line.what == What::kRefused || line.what == What::kWithheld) refused += line.who.size() * line.times;
    }
    html_ += "<div class=\"brief\">\n";
    Add("h2", T("report.brief"), " style=\"margin-top:0\"");
    // Who does not lead knows of its own part alone: what it does not know is no fact.
    const std::string maker = Name(model_.maker);
    if (!model_.whole) Add("p", T("report.brief.partial", {{"maker", maker}}));
    html_ += "<ul>\n";
    if (got.empty()) {
      Add("li", T(model_.whole ? "report.brief.nobody" : "report.brief.partial.nobody", {{"maker", maker}}));
    } else {
      Add("li", T(got.size() == 1 ? "report.brief.got_one" : "report.brief.got",
                  {{"count", std::to_string(got.size())}, {"names", Joined({got.begin(), got.end()})}}));
    }
    if (!model_.whole && !got.empty()) Add("li", T("report.brief.partial.more", {{"maker", maker}}));
    if (!told.empty()) Add("li", T("report.brief.told", {{"names", Joined({told.begin(), told.end()})}}));
    if (!told_only.empty()) {
      Add("li", T("report.brief.told_only", {{"names", Joined({told_only.begin(), told_only.end()})}}));
    }
    Add("li", T(model_.whole ? "report.brief.looks" : "report.brief.partial.looks",
                {{"maker", maker}, {"count", std::to_string(looks)}}));
    const char* none = model_.whole ? "report.brief.refused_none" : "report.brief.partial.refused_none";
    Add("li", T(refused == 0 ? none : "report.brief.refused", {{"maker", maker}, {"count", std::to_string(refused)}}));
    std::size_t held = model_.unknown;
    for (const auto& [exception, count] : model_.held) held += count;
    if (held > 0)
      Add("li", T(held == 1 ? "report.brief.held_one" : "report.brief.held", {{"count", std::to_string(held)}}));
    html_ += "</ul>\n</div>\n";
  }

  void Days() {
    Add("h2", T("report.days"));
    if (model_.lines.empty()) Add("p", T("report.days.none"));
    const bool grouped = std::ranges::any_of(model_.lines, [](const ReportModel::Line& one) { return one.times > 1; });
    if (grouped) Add("p", T("report.days.grouped"), " class=\"small\"");
    std::string day;
    for (const ReportModel::Line& line : model_.lines) {
      const std::string date = LocalDate(line.at, language_);
      if (date != day) {
        if (!day.empty()) html_ += "</tbody></table>\n";
        Add("h3", date);
        html_ += "<table><thead><tr>";
        Add("th", T("report.col.time"), " class=\"time\"");
        Add("th", T("report.col.what"));
        Add("th", T("report.col.why"), " class=\"why\"");
        html_ += "</tr></thead><tbody>\n";
        day = date;
      }
      OneLine(line);
    }
    if (!day.empty()) html_ += "</tbody></table>\n";
  }

  void OneLine(const ReportModel::Line& line) {
    const bool no = line.what == What::kRefused || line.what == What::kWithheld || line.what == What::kTurnedAway ||
                    line.what == What::kAttempted;
    html_ += "<tr>";
    const std::string first = LocalClock(line.at);
    const std::string last = LocalClock(line.last.value_or(line.at));
    Cell(first == last ? first : first + "–" + last, " class=\"time\"");
    std::string text = Sentence(line);
    if (line.times > 1) text += " " + T("report.times", {{"count", std::to_string(line.times)}});
    const bool held = line.item && line.item->shown != Shown::kWhole;
    html_ += no ? "<td class=\"no\">" : held ? "<td class=\"held\">" : "<td>";
    const std::size_t who = text.find(kWhoMark);
    html_ += HtmlEscaped(text.substr(0, who));
    if (who != std::string::npos) {
      html_ += "<strong>" + HtmlEscaped(Who(line)) + "</strong>" + HtmlEscaped(text.substr(who + kWhoMark.size()));
    }
    html_ += "</td>\n";
    Cell(Why(line), " class=\"why\"");
    html_ += "</tr>\n";
  }

  // Statements with words of people: a reason, a message. They are no records of the file, but may tell of somebody.
  static bool MayHoldWords(Kind kind) {
    switch (kind) {
      case Kind::kViews:
      case Kind::kGrantReceipt:
      case Kind::kEraseReceipt:
      case Kind::kMemberShow:
      case Kind::kSubjectStage:
      case Kind::kCaseFrame:
      case Kind::kLeadPassed:
        return false;
      default:
        return !IsContent(kind);
    }
  }

  static bool IsReceipt(const ReportModel::Line& line) {
    return line.item && (line.item->kind == Kind::kGrantReceipt || line.item->kind == Kind::kEraseReceipt);
  }
  // The sentence for one or for several, and for what comes from we do not know whom.
  static std::string Key(std::string key, const ReportModel::Line& line, const std::string& from) {
    if (from.empty()) key += "_bare";
    if (line.who.size() == 1) key += "_one";
    return key;
  }

  // With a mark where it says who.
  std::string Sentence(const ReportModel::Line& line) const {
    const std::string who(kWhoMark);
    const std::string thing = line.item ? Thing(*line.item) : T("report.thing.file");
    const bool known = line.item && !line.item->author.value().empty();
    const std::string from = known ? Name(line.item->author) : "";
    switch (line.what) {
      case What::kSent:
        return T("report.line.wrote", {{"who", who}, {"thing", thing}});
      case What::kHandedOver:
        if (IsReceipt(line)) {
          return T("report.line." + std::string(Slug(line.item->kind)), {{"who", who}, {"from", from}});
        }
        return T(Key("report.line.got", line, from), {{"who", who}, {"thing", thing}, {"from", from}});
      case What::kWithheld:
      case What::kRefused:
        return T(Key("report.line.refused", line, from), {{"who", who}, {"thing", thing}, {"from", from}});
      case What::kSaw:
        return T(line.was_sealed ? "report.line.unsealed" : "report.line.saw", {{"who", who}, {"thing", thing}});
      case What::kAsked:
        return T("report.line.asked", {{"who", who}});
      case What::kTurnedAway:
        return T("report.line.turned_away", {{"who", who}, {"thing", thing}});
      case What::kAttempted:
        return T("report.line.attempted", {{"who", who}});
      case What::kReported:
        return T("report.line.reported", {{"who", who}});
      case What::kExported:
        return T("report.line.exported", {{"who", who}});
      // These stand in our own vault, and not in the log that the paper tells of.
      case What::kLinkMade:
      case What::kLinkOpened:
      case What::kLinkRefused:
      case What::kLinkRevoked:
      case What::kTookBack:
      case What::kWrote:
        return {};
    }
    return {};
  }

  std::string Why(const ReportModel::Line& line) const {
    if (line.item && line.item->shown == Shown::kHeld) {
      return T("report.held." + std::string(Slug(line.item->exception)));
    }
    if (line.item && line.item->shown == Shown::kUnknown) return T("report.held.unknown");
    if (line.denial) {
      const std::string key = "report.denial." + std::string(Slug(*line.denial));
      return HasText(language_, key) ? T(key) : std::string(Label(*line.denial, language_));
    }
    if (line.what == What::kSaw && line.reason) return T("report.reason." + std::string(Slug(*line.reason)));
    if (line.what == What::kAsked && line.reason) return T("report.reason." + std::string(Slug(*line.reason)));
    if (!line.item) return {};
    if (!IsContent(line.item->kind)) {
      return T(line.item->basis && *line.item->basis != Basis::kConsent ? "report.why.without_consent"
                                                                        : "report.why.statement");
    }
    return WhyOf(line);
  }

  std::string WhyOf(const ReportModel::Line& line) const {
    std::string why = T("report.why.purpose", {{"purpose", std::string(Label(line.item->purpose, language_))}});
    if (!line.agreements.empty()) {
      std::vector<std::string> numbers;
      for (const std::size_t one : line.agreements) numbers.push_back(std::to_string(one));
      why += " " + T(line.agreements.size() == 1 ? "report.why.agreement" : "report.why.agreements",
                     {{"numbers", Joined(numbers)}});
    }
    const bool without_consent = std::ranges::any_of(line.agreements, [&](std::size_t number) {
      return model_.agreements.at(number - 1).grant.grant.terms.basis != Basis::kConsent;
    });
    if (without_consent) why += " " + T("report.why.without_consent");
    if (line.item->exception == Exception::kAgogic) why += " " + T("report.agogic_note");
    return why;
  }

  void Agreements() {
    Add("h2", T("report.agreements"));
    if (model_.agreements.empty()) return Add("p", T("report.agreements.none"));
    Add("p", T("report.agreements.intro"));
    html_ += "<table><thead><tr>";
    for (const char* column :
         {"report.col.number", "report.col.who", "report.col.about", "report.col.by", "report.col.state"}) {
      Add("th", T(column));
    }
    html_ += "</tr></thead><tbody>\n";
    for (std::size_t i = 0; i < model_.agreements.size(); ++i) OneAgreement(i + 1, model_.agreements[i]);
    html_ += "</tbody></table>\n";
  }

  void OneAgreement(std::size_t number, const ReportModel::Agreement& agreement) {
    const Grant& grant = agreement.grant.grant;
    html_ += "<tr>";
    Cell(std::to_string(number));
    Cell(Name(grant.terms.recipient));
    Cell(T("report.agreement.about", {{"categories", Labels(grant.categories, AllCategories())},
                                      {"purposes", Labels(grant.purposes, AllPurposes())}}));
    Cell(T("report.agreement.by", {{"grantor", std::string(Label(grant.terms.grantor, language_))},
                                   {"basis", std::string(Label(grant.terms.basis, language_))},
                                   {"date", LocalDate(agreement.grant.given_at, language_)}}));
    if (agreement.withdrawn_at) {
      Cell(T("report.agreement.withdrawn", {{"date", LocalDate(*agreement.withdrawn_at, language_)}}), " class=\"no\"");
    } else if (grant.review == ReviewOutcome::kUnjustified) {
      Cell(T("report.agreement.unjustified"), " class=\"no\"");
    } else if (grant.withdrawn || model_.made_at >= grant.ends_at) {
      Cell(T("report.agreement.ended"));
    } else if (agreement.standing != Standing::kCounts) {
      Cell(T("report.agreement.not_now", {{"why", T("word.standing." + std::string(Slug(agreement.standing)))}}));
    } else {
      Cell(T("report.agreement.until", {{"date", LocalDate(grant.ends_at, language_)}}));
    }
    html_ += "</tr>\n";
  }

  void NotShown() {
    Add("h2", T("report.not_shown"));
    html_ += "<ul>\n";
    Add("li", T("report.not_shown.words"));
    for (const auto& [exception, count] : model_.held) {
      const std::string slug(Slug(exception));
      Add("li", T("report.not_shown.held", {{"count", std::to_string(count)}, {"why", T("report.held." + slug)}}));
    }
    if (model_.unknown > 0) {
      Add("li", T("report.not_shown.unknown", {{"count", std::to_string(model_.unknown)}}));
    }
    if (model_.edition == Edition::kConfidant) Add("li", T("report.not_shown.confidant"));
    Add("li", T(model_.names_by_role ? "report.not_shown.names" : "report.not_shown.other_names"));
    Add("li", T("report.not_shown.outside"));
    html_ += "</ul>\n";
    if (!model_.held.empty()) Add("p", T("report.not_shown.disagree"));
  }

  void Withdraw() {
    html_ += "<div class=\"pair\">\n";
    Add("h2", T("report.withdraw"));
    Add("p", T("report.withdraw.how", {{"lead", Name(model_.lead)}}));
    Add("p", T("report.withdraw.then"));
    Add("p", T("report.withdraw.not"));
    html_ += "</div>\n";
  }

  void Questions() {
    html_ += "<div class=\"pair\">\n";
    Add("h2", T("report.questions"));
    html_ += "<ul>\n";
    Add("li", T("report.questions.lead", {{"lead", Name(model_.lead)}}));
    Add("li", T("report.questions.confidant"));
    Add("li", T("report.questions.complaint"));
    Add("li", T("report.questions.privacy"));
    html_ += "</ul>\n</div>\n";
  }

  void Check() {
    html_ += "<footer>\n";
    Add("h2", T("report.check"), " style=\"margin-top:0\"");
    Add("p", T("report.check.how", {{"file", model_.evidence_name}, {"log", model_.log}}));
    Add("p", "schakel verify " + model_.evidence_name + " --hub-key @hub-log.pub", " class=\"code\"");
    Add("p", T("report.check.same"));
    Add("p", "SHA-256 " + model_.evidence_sha256, " class=\"code\"");
    html_ += "</footer>\n";
  }

  const ReportModel& model_;
  const Language language_;
  std::string html_;
};

}  // namespace

std::string RenderReport(const ReportModel& model, Language language) { return Page(model, language).Render(); }

}  // namespace schakel
