#include "agents/report.h"

#include <algorithm>
#include <set>

#include "exceptions.h"
#include "guest_names.h"
#include "journal.h"
#include "local_time.h"
#include "protocol/crypto.h"
#include "unsealed.h"

namespace schakel {
namespace {

constexpr std::size_t kNumberDigits = 8;
constexpr InLanguages<std::string_view> kPageNames = {"wie-zag-mij.html", "who-saw-me.html", "qui-m-a-vu.html"};
using What = AccessRow::What;

std::map<RecordId, Header> HeadersIn(const Evidence& evidence) {
  std::map<RecordId, Header> headers;
  for (const ProvenEntry& proven : evidence.entries) {
    const auto entry = DecodeEntry(proven.entry);
    const auto* record = entry ? std::get_if<RecordEntry>(&entry->body) : nullptr;
    auto header =
        record == nullptr ? Result<Header>(Fail(Code::kInvalid, "record.header")) : DecodeHeader(record->header);
    if (header) headers.emplace(header->id, std::move(*header));
  }
  return headers;
}

// Whoever does not lead is proven what it got, without the headers of others' records: those are held here.
void AddHeld(const Engine& engine, const std::vector<AccessRow>& rows, std::map<RecordId, Header>& headers) {
  for (const AccessRow& row : rows) {
    if (IsNone(row.record) || headers.contains(row.record)) continue;
    if (auto held = engine.Find(row.record)) headers.emplace(row.record, std::move(held->header));
  }
}

// Statements have no words that an exception could hold for.
Shown ShownOf(Edition edition, const Header& header, const std::map<RecordId, Exception>& exceptions) {
  if (!IsContent(header.kind)) return Shown::kWhole;
  auto found = exceptions.find(header.id);
  return ShownTo(edition, found != exceptions.end(), found == exceptions.end() ? Exception::kNone : found->second);
}

// Whoever reads of a record that was shared again knows it by what it was.
std::optional<Kind> KindBefore(Edition edition, const Header& header, const std::map<RecordId, Header>& headers,
                               const std::map<RecordId, Exception>& exceptions) {
  if (header.kind != Kind::kShareAgain || header.references.empty()) return std::nullopt;
  const auto original = headers.find(header.references.front());
  if (original == headers.end() || ShownOf(edition, original->second, exceptions) != Shown::kWhole) return std::nullopt;
  return original->second.kind;
}

bool IsOnWrittenRequest(const Header& header) {
  const auto* give = std::get_if<GrantGive>(&header.control);
  return give != nullptr && give->basis == Basis::kCourtMandate && kBasicData.Covers(give->categories) &&
         give->purposes == PurposeSet{Purpose::kCourtReport};
}

// Consent, or what holds without it. Nothing: it is about no grant, or about one that is not known here.
std::optional<Basis> BasisOf(const Header& header, const CaseTrajectory& trajectory) {
  if (const auto* give = std::get_if<GrantGive>(&header.control)) return give->basis;
  RecordId grant;
  if (const auto* narrow = std::get_if<GrantNarrow>(&header.control)) grant = narrow->grant;
  if (const auto* withdraw = std::get_if<GrantWithdraw>(&header.control)) grant = withdraw->grant;
  const auto found =
      std::ranges::find_if(trajectory.grants, [&](const CaseGrant& one) { return one.grant.id == grant; });
  return IsNone(grant) || found == trajectory.grants.end() ? std::nullopt : std::optional(found->grant.terms.basis);
}

// What the file that goes along may not tell either: the header of a record says what kind it is and what it is about.
// A file from which something is left out does not pretend to be the lead's whole one.
Evidence Reduced(Evidence evidence, const std::map<RecordId, ReportModel::Item>& items) {
  const auto is_shown = [&](const RecordId& id) {
    auto found = items.find(id);
    return found != items.end() && found->second.shown == Shown::kWhole;
  };
  bool reduced = false;
  const auto drop = [&](auto condition) {
    return std::erase_if(evidence.entries, [&](const ProvenEntry& proven) {
      const auto entry = DecodeEntry(proven.entry);
      const auto* record = entry ? std::get_if<RecordEntry>(&entry->body) : nullptr;
      const auto header =
          record == nullptr ? Result<Header>(Fail(Code::kInvalid, "record.header")) : DecodeHeader(record->header);
      return header && condition(*header);
    });
  };
  reduced = drop([&](const Header& header) { return IsContent(header.kind) && !is_shown(header.id); }) > 0;
  if (reduced) drop([](const Header& header) { return header.kind == Kind::kTrajectoryOpen; });
  return evidence;
}

// What is said of one thing, but for which one it is and what it is about.
bool IsAlike(const std::optional<ReportModel::Item>& a, const std::optional<ReportModel::Item>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  if (a->shown != b->shown || a->exception != b->exception || a->author != b->author) return false;
  // Of what is held back no kind is told, so that none may part the lines either.
  if (a->shown != Shown::kWhole) return true;
  return a->kind == b->kind && a->before == b->before && a->basis == b->basis && a->purpose == b->purpose &&
         a->on_written_request == b->on_written_request;
}

bool IsAlike(const ReportModel::Line& a, const ReportModel::Line& b) {
  return a.what == b.what && a.who == b.who && a.person == b.person && a.role == b.role && a.guest == b.guest &&
         a.reason == b.reason && a.denial == b.denial && a.was_sealed == b.was_sealed && a.agreements == b.agreements &&
         IsAlike(a.item, b.item);
}

void AddTimes(ReportModel::Line& line, const ReportModel::Line& other) {
  line.times += other.times;
  line.last = std::max({line.last.value_or(line.at), other.last.value_or(other.at), line.at});
  line.at = std::min(line.at, other.at);
}

// Rows become lines: what was done to several at once is one line, and so is what Grouped joins.
class Lines {
 public:
  Lines(const std::map<RecordId, ReportModel::Item>& items, const std::map<RecordId, std::size_t>& agreements)
      : items_(items), agreements_(agreements) {}

  void Take(const AccessRow& row) {
    if (row.what == What::kSent && !IsTold(row)) return;
    const auto piece = items_.find(row.record);  // Of a file: what is said of its attachment is said of it.
    if (piece != items_.end() && piece->second.kind == Kind::kAttachmentChunk) return;
    ReportModel::Line line;
    // The hub has heard of it by then: a clock of theirs that runs ahead does not put it under tomorrow.
    line.at = std::min(row.seen_at.value_or(row.at), row.at);
    line.what = row.what;
    line.person = row.person;
    line.role = row.role;
    line.guest = row.guest;
    line.reason = row.reason;
    if (auto found = items_.find(row.record); found != items_.end()) line.item = found->second;
    if (line.item && line.item->shown != Shown::kWhole) {
      line.denial = std::nullopt;  // Why it was refused may tell what it is about, and so may the agreement.
    } else {
      line.denial = row.denial;
      if (row.grant && agreements_.contains(*row.grant)) line.agreements = {agreements_.at(*row.grant)};
    }
    line.who = {row.organisation};
    line.was_sealed = row.was_sealed;
    for (ReportModel::Line& other : lines_) {
      if (Joins(other, line, row.record)) return;
    }
    lines_.push_back(std::move(line));
    records_.push_back(row.record);
  }
  std::vector<ReportModel::Line> Finish() {
    std::ranges::stable_sort(lines_, {}, &ReportModel::Line::at);
    return Grouped(std::move(lines_));
  }

 private:
  // That a statement was made shows from who got it; that content was written is told.
  bool IsTold(const AccessRow& row) const {
    auto found = items_.find(row.record);
    return found != items_.end() && IsContent(found->second.kind);
  }

  bool Joins(ReportModel::Line& other, const ReportModel::Line& line, const RecordId& record) const {
    const std::size_t index = static_cast<std::size_t>(&other - lines_.data());
    const bool same_day =
        std::chrono::floor<std::chrono::days>(other.at) == std::chrono::floor<std::chrono::days>(line.at);
    if (other.was_sealed != line.was_sealed) return false;
    if (records_[index] != record || other.what != line.what || other.denial != line.denial || !same_day) return false;
    switch (line.what) {
      case What::kHandedOver:
      case What::kWithheld:
      case What::kRefused:
        for (const OrgId& one : line.who) {
          if (std::ranges::find(other.who, one) == other.who.end()) other.who.push_back(one);
        }
        for (const std::size_t one : line.agreements) {
          if (std::ranges::find(other.agreements, one) == other.agreements.end()) other.agreements.push_back(one);
        }
        return true;
      default:
        return false;
    }
  }

  const std::map<RecordId, ReportModel::Item>& items_;
  const std::map<RecordId, std::size_t>& agreements_;
  std::vector<ReportModel::Line> lines_;
  std::vector<RecordId> records_;  // Of each line.
};

}  // namespace

std::vector<ReportModel::Line> Grouped(std::vector<ReportModel::Line> lines) {
  std::vector<ReportModel::Line> groups;
  std::string day;
  std::size_t first = 0;  // Of that day.
  for (ReportModel::Line& line : lines) {
    if (const std::string date = LocalDate(line.at, Language::kDutch); date != day) {
      day = date;
      first = groups.size();
    }
    const auto today = groups.begin() + static_cast<std::ptrdiff_t>(first);
    const auto same = std::find_if(today, groups.end(), [&](const auto& one) { return IsAlike(one, line); });
    if (same == groups.end()) {
      groups.push_back(std::move(line));
      continue;
    }
    AddTimes(*same, line);
    if (same->item && same->item->shown == Shown::kWhole) {
      for (const Category one : AllCategories()) {
        if (line.item->categories.Has(one)) same->item->categories.Add(one);
      }
    }
  }
  return groups;
}

std::string_view Slug(Edition value) { return value == Edition::kYoungPerson ? "young-person" : "confidant"; }

Result<Edition> ParseEdition(std::string_view slug) {
  for (const Edition one : {Edition::kYoungPerson, Edition::kConfidant}) {
    if (slug == Slug(one)) return one;
  }
  return Fail(Code::kInvalid, "vocabulary.edition", "for", "choose one of young-person, confidant");
}

// Decree of 7 May 2004 on the legal position of the minor in integral youth care, article 22: what others said in
// confidence, what concerns a third party alone, and what was made for the court, is for neither of them; what would
// harm the minor (the agogic exception), the confidant may see.
Shown ShownTo(Edition edition, bool body_is_here, Exception exception) {
  if (!body_is_here) return Shown::kUnknown;
  if (exception == Exception::kNone) return Shown::kWhole;
  return edition == Edition::kConfidant && exception == Exception::kAgogic ? Shown::kWhole : Shown::kHeld;
}

Result<std::vector<ReportFile>> ReportService::Make(const TrajectoryId& id, Edition edition, const Caller& caller,
                                                    std::chrono::milliseconds patience) {
  SCHAKEL_ASSIGN(const auto changes, TaskChangesOf(engine_, id));
  const TaskStanding task = StandingAt(changes, caller.person.name, clock_.Now());
  SCHAKEL_TRY(MayAsk({Question::kAll, caller.person.role, false, false, task}));
  return Write(id, edition, caller.person, patience);
}

Result<std::vector<ReportFile>> ReportService::MakeForYoungPerson(const TrajectoryId& id, const Person& person,
                                                                  std::chrono::milliseconds patience) {
  return Write(id, Edition::kYoungPerson, person, patience);
}

Result<std::vector<ReportFile>> ReportService::Write(const TrajectoryId& id, Edition edition, const Person& person,
                                                     std::chrono::milliseconds patience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  const Timestamp now = clock_.Now();
  const Caller for_subject{person, ViewReason::kSubjectRequest};
  SCHAKEL_TRY(Note(engine_, {now, Act::What::kReported, id, RecordId{}, person, ViewReason::kSubjectRequest,
                             std::string(Slug(edition))}));
  // Making it is a look at the file: the hub is told of it as of any other.
  if (!IsNone(trajectory.label_record)) {
    SCHAKEL_ASSIGN(const auto opened, reading_.Show({trajectory.label_record}, for_subject));
  }
  SCHAKEL_ASSIGN(AuditService::Report report,
                 audit_.Access(id, RecordId{}, for_subject, patience, "report=" + std::string(Slug(edition))));

  ReportModel model;
  model.edition = edition;
  model.maker = engine_.Self();
  model.lead = trajectory.lead;
  model.number = ToText(id).substr(0, kNumberDigits);
  model.made_at = now;
  model.whole = trajectory.lead == engine_.Self();
  model.names_by_role = engine_.Rules().names_by_role;
  model.log = engine_.Report().hub;
  for (const Directory::Organisation& one : engine_.Organisations()) {
    const OrgId& organisation = one.statement.organisation;
    model.names[organisation] = one.statement.name;
    if (WallBefore(engine_, organisation) == CourtWall::kBefore) model.wordless.insert(organisation);
  }
  const auto rules = engine_.FindTrajectory(id);
  std::map<RecordId, std::size_t> numbers;
  for (const CaseGrant& grant : trajectory.grants) {
    ReportModel::Agreement agreement{grant, std::nullopt, Standing::kCounts};
    if (rules) {
      const CourtWall wall = WallBefore(engine_, grant.grant.terms.recipient);
      agreement.standing = StandingOf(*rules, engine_.Rules(), wall, grant.grant, now);
    }
    if (const auto held = IsNone(grant.withdrawal) ? Result<HeldRecord>(Fail(Code::kNotFound, "id.unknown"))
                                                   : engine_.Find(grant.withdrawal)) {
      agreement.withdrawn_at = held->at;
    }
    model.agreements.push_back(std::move(agreement));
    numbers[grant.grant.id] = model.agreements.size();
  }

  const auto exceptions = ExceptionsOf(engine_, id);
  std::map<RecordId, ReportModel::Item> items;
  auto headers = HeadersIn(report.evidence);
  AddHeld(engine_, report.rows, headers);
  MarkOwnUnsealed(engine_, report.rows);
  MarkUnsealed(trajectory, headers, report.rows);
  for (const auto& [record, header] : headers) {
    if (header.kind == Kind::kViews) continue;
    ReportModel::Item item;
    item.record = record;
    item.kind = header.kind;
    item.categories = header.categories;
    item.purpose = header.purpose;
    item.author = header.author;
    item.shown = ShownOf(edition, header, exceptions);
    item.before = KindBefore(edition, header, headers, exceptions);
    if (auto found = exceptions.find(record); found != exceptions.end()) item.exception = found->second;
    item.basis = BasisOf(header, trajectory);
    item.on_written_request = IsOnWrittenRequest(header);
    if (item.shown == Shown::kHeld) ++model.held[item.exception];
    if (item.shown == Shown::kUnknown) ++model.unknown;
    items.emplace(record, item);
  }
  // What is held back from us, or was destroyed: that it was there, and not from whom.
  for (const AccessRow& row : report.rows) {
    if (IsNone(row.record) || headers.contains(row.record) || items.contains(row.record)) continue;
    ReportModel::Item item;
    item.record = row.record;
    items.emplace(row.record, item);
    ++model.unknown;
  }
  Lines lines(items, numbers);
  const GuestNames guests(engine_, cases_, id);
  for (AccessRow& row : report.rows) {
    guests.Mark(row);
    if (model.names_by_role) row.person = std::nullopt;
    lines.Take(row);
  }
  model.lines = lines.Finish();

  const Bytes evidence = EncodeEvidence(Reduced(std::move(report.evidence), items));
  model.evidence_name = "wie-zag-mij.evidence";
  model.evidence_sha256 = ToHex(Sha256(evidence));
  std::vector<ReportFile> files;
  for (const Language language : kLanguages) {
    files.push_back({std::string(kPageNames.In(language)), "text/html; charset=utf-8", RenderReport(model, language)});
  }
  files.push_back({model.evidence_name, "application/octet-stream", std::string(AsText(evidence))});
  return files;
}

}  // namespace schakel
