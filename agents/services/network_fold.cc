#include "network_fold.h"

#include <algorithm>
#include <map>
#include <set>

#include "agents/partial_day.h"
#include "fold.h"

namespace schakel {
namespace {

bool BeginsThread(const CaseRecord& record) { return record.held.header.thread == record.held.header.id; }
RecordId EditedBy(const Header& header) { return header.references.empty() ? RecordId() : header.references.front(); }
CaseVersion VersionOfRecord(const CaseRecord& record, const RecordId& base, bool concurrent) {
  return {record.held.header.id, base, record.held.header.author, record.held.at, concurrent};
}
template <typename Body>
std::optional<Body> BodyOf(const CaseRecord& record) {
  const auto* body = As<Body>(record);
  return body == nullptr ? std::nullopt : std::optional(*body);
}

template <typename T>
bool HasNetworkVersion(const T& one, const RecordId& id) {
  return std::ranges::find(one.text.all, id, &CaseVersion::record) != one.text.all.end();
}
template <typename T>
const T* WithVersion(const std::vector<T>& list, const RecordId& id) {
  const auto found = std::ranges::find_if(list, [&](const T& one) { return HasNetworkVersion(one, id); });
  return found == list.end() ? nullptr : &*found;
}

class NetworkFold {
 public:
  NetworkFold() {
    for (unsigned value = 1; value <= static_cast<unsigned>(kLifeDomainLast); ++value) {
      network_.domains.push_back({static_cast<LifeDomain>(value), {}, {}});
    }
  }

  void Begin(const CaseRecord& record) {
    const Header& header = record.held.header;
    switch (header.kind) {
      case Kind::kNetworkFigure:
        return Start<FigureBody>(network_.figures, record);
      case Kind::kKinship:
        return Start<KinshipBody>(network_.kinships, record);
      case Kind::kLifeEvent:
        return Start<LifeEventBody>(network_.events, record);
      case Kind::kCircularQuestion:
        network_.circular.push_back(
            {header.id, header.author, record.held.at, BodyOf<CircularQuestionBody>(record), {}});
        return;
      default:
        return;
    }
  }
  void Go(const CaseRecord& record) {
    switch (record.held.header.kind) {
      case Kind::kNetworkFigure:
        return Edit<FigureBody>(network_.figures, record);
      case Kind::kKinship:
        return Edit<KinshipBody>(network_.kinships, record);
      case Kind::kLifeEvent:
        return Edit<LifeEventBody>(network_.events, record);
      case Kind::kLifeDomain:
        return Check(record);
      case Kind::kNetworkTie:
        ties_.push_back(&record);  // Once all versions of the figures are known.
        return;
      case Kind::kCircularAnswer:
        return Answer(record);
      default:
        return;
    }
  }
  CaseNetwork Finish() {
    for (const CaseRecord* record : ties_) Say(*record);
    for (CaseKinship& one : network_.kinships) Name(one);
    for (CaseCircular& one : network_.circular) {
      if (one.body) one.body->figure = FirstOf(one.body->figure).value();
    }
    for (CaseTie& tie : network_.ties) {
      std::ranges::stable_sort(tie.statements, {}, [](const CaseStatement& one) { return one.body.since; });
    }
    Judge();
    return std::move(network_);
  }

 private:
  template <typename Body, typename T>
  static void Start(std::vector<T>& list, const CaseRecord& record) {
    T one;
    one.text.all = {VersionOfRecord(record, {}, false)};
    one.body = BodyOf<Body>(record);
    list.push_back(std::move(one));
  }
  // Whoever takes part writes a version.
  template <typename Body, typename T>
  static void Edit(std::vector<T>& list, const CaseRecord& record) {
    const Header& header = record.held.header;
    const auto found = std::ranges::find_if(list, [&](const T& one) { return one.text.id() == header.thread; });
    if (BeginsThread(record) || found == list.end()) return;
    const bool concurrent = EditedBy(header) != found->text.current().record;
    found->text.all.push_back(VersionOfRecord(record, EditedBy(header), concurrent));
    std::optional<Body> body = BodyOf<Body>(record);
    if (body && found->body) Keep(*found->body, *body);
    found->body = std::move(body);
  }
  // What no version changes: it would be another kinship, or carry words to another category.
  static void Keep(const FigureBody&, FigureBody&) {}
  static void Keep(const KinshipBody& first, KinshipBody& body) {
    body.relation = first.relation;
    body.a = first.a;
    body.b = first.b;
  }
  static void Keep(const LifeEventBody& first, LifeEventBody& body) { body.lane = first.lane; }

  // One text for each domain, whoever writes on it.
  void Check(const CaseRecord& record) {
    auto body = BodyOf<LifeDomainBody>(record);
    if (!body) return;  // Of which domain it was is not known any more.
    CaseDomain& one = network_.domains.at(static_cast<std::size_t>(body->domain) - 1);
    const RecordId base = EditedBy(record.held.header);
    if (!one.text) one.text.emplace();
    const bool concurrent = !one.text->all.empty() && base != one.text->current().record;
    one.text->all.push_back(VersionOfRecord(record, base, concurrent));
    one.body = std::move(body);
  }
  void Answer(const CaseRecord& record) {
    const Header& header = record.held.header;
    const auto found = std::ranges::find(network_.circular, header.thread, &CaseCircular::id);
    if (found == network_.circular.end() || BeginsThread(record)) return;
    found->answers.push_back({header.id, header.author, record.held.at});
  }

  RecordId FirstOf(const Id128& named) const {
    const RecordId id(named);
    const CaseFigure* figure = IsNone(id) ? nullptr : network_.FindFigure(id);
    return figure == nullptr ? id : figure->text.id();
  }
  template <typename Body>
  TieKey KeyOf(const Body& body) const {
    return {FirstOf(body.figure), FirstOf(body.other), body.informant, body.informant_name};
  }
  CaseTie& Tie(const TieKey& key) {
    const auto found = std::ranges::find(network_.ties, key, &CaseTie::key);
    if (found != network_.ties.end()) return *found;
    network_.ties.push_back({key, {}, {}});
    return network_.ties.back();
  }
  void Say(const CaseRecord& record) {
    const Header& header = record.held.header;
    if (const auto* body = As<TieBody>(record)) {
      Tie(KeyOf(*body)).statements.push_back({header.id, header.author, record.held.at, *body});
    } else if (const auto* repair = As<TieRepairBody>(record)) {
      Tie(KeyOf(*repair)).repairs.push_back({header.id, RecordId(repair->action), repair->partner});
    }
  }
  void Name(CaseKinship& one) const {
    if (!one.body) return;
    one.body->a = FirstOf(one.body->a).value();
    one.body->b = FirstOf(one.body->b).value();
  }
  // One by one, as they were begun: of those that cannot stand together the first counts.
  void Judge() {
    CaseNetwork so_far;
    for (CaseKinship& one : network_.kinships) {
      if (one.body && !one.body->removed) one.ignored = WhyIgnored(so_far, *one.body);
      so_far.kinships.push_back(one);
    }
  }

  CaseNetwork network_;
  std::vector<const CaseRecord*> ties_;
};

// ---- Families ----

std::map<RecordId, std::set<RecordId>> ChildrenIn(const CaseNetwork& network) {
  std::map<RecordId, std::set<RecordId>> children;
  for (const CaseKinship& one : network.kinships) {
    if (one.Counts() && one.body->relation == Relation::kParent) {
      children[RecordId(one.body->a)].insert(RecordId(one.body->b));
    }
  }
  return children;
}

bool Descends(const std::map<RecordId, std::set<RecordId>>& children, const RecordId& from, const RecordId& wanted) {
  std::vector<RecordId> open = {from};
  std::set<RecordId> seen;
  while (!open.empty()) {
    const RecordId one = open.back();
    open.pop_back();
    if (one == wanted) return true;
    if (!seen.insert(one).second) continue;
    if (const auto found = children.find(one); found != children.end()) {
      open.insert(open.end(), found->second.begin(), found->second.end());
    }
  }
  return false;
}

// By whom they were born or taken as a child: siblings follow from these.
std::map<RecordId, std::set<RecordId>> ParentsIn(const CaseNetwork& network) {
  std::map<RecordId, std::set<RecordId>> parents;
  for (const CaseKinship& one : network.kinships) {
    const bool counts = one.Counts() && one.body->relation == Relation::kParent &&
                        (one.body->how == KinshipHow::kBiological || one.body->how == KinshipHow::kAdoptive);
    if (counts) parents[RecordId(one.body->b)].insert(RecordId(one.body->a));
  }
  return parents;
}

// ---- Lives ----

struct Span {
  RecordId id;
  PartialDay begins;
  std::optional<PartialDay> ends;  // None: it goes on.
};

std::vector<Span> SpansIn(const std::vector<CaseLifeEvent>& events, LifeLane lane) {
  std::vector<Span> spans;
  for (const CaseLifeEvent& one : events) {
    if (!one.body || one.body->removed || one.body->lane != lane) continue;
    const auto begins = ParsePartialDay(one.body->begins);
    if (begins) spans.push_back({one.text.id(), *begins, ParsePartialDay(one.body->ends)});
  }
  std::ranges::stable_sort(spans, {}, [](const Span& one) { return std::tuple(one.begins.First(), one.id); });
  return spans;
}

constexpr LifeLane kFlagged[] = {LifeLane::kStay, LifeLane::kSchool};

}  // namespace

bool IsOfNetwork(Kind kind) { return kind >= Kind::kNetworkFigure && kind <= Kind::kCircularAnswer; }

CaseNetwork FoldNetwork(const std::vector<const CaseRecord*>& records) {
  NetworkFold fold;
  // Clocks differ: what waits may stand before what it is about.
  for (const CaseRecord* record : records) {
    if (BeginsThread(*record)) fold.Begin(*record);
  }
  for (const CaseRecord* record : records) fold.Go(*record);
  return fold.Finish();
}

const CaseStatement* CaseTie::On(std::string_view day) const {
  const CaseStatement* holds = nullptr;
  for (const CaseStatement& one : statements) {
    if (std::string_view(one.body.since) <= day) holds = &one;
  }
  return holds;
}

std::optional<Timestamp> CaseTie::LastSaid() const {
  std::optional<Timestamp> last;
  for (const CaseStatement& one : statements) last = last ? std::max(*last, one.at) : one.at;
  return last;
}

std::string_view Slug(CaseKinship::Ignored value) {
  using enum CaseKinship::Ignored;
  switch (value) {
    case kNo:
      return "";
    case kAncestor:
      return "ancestor";
    case kSelf:
      return "self";
    case kParents:
      return "parents";
    case kTwice:
      return "twice";
  }
  return "";
}

const CaseFigure* CaseNetwork::FindFigure(const RecordId& id) const { return WithVersion(figures, id); }
const CaseKinship* CaseNetwork::FindKinship(const RecordId& id) const { return WithVersion(kinships, id); }
const CaseLifeEvent* CaseNetwork::FindEvent(const RecordId& id) const { return WithVersion(events, id); }
const CaseCircular* CaseNetwork::FindCircular(const RecordId& id) const {
  const auto found = std::ranges::find(circular, id, &CaseCircular::id);
  return found == circular.end() ? nullptr : &*found;
}
const CaseTie* CaseNetwork::FindTie(const TieKey& key) const {
  const auto found = std::ranges::find(ties, key, &CaseTie::key);
  return found == ties.end() ? nullptr : &*found;
}

CaseKinship::Ignored WhyIgnored(const CaseNetwork& network, const KinshipBody& body, const RecordId& but) {
  using enum CaseKinship::Ignored;
  if (body.a == body.b) return kSelf;
  int parents = 0;
  CaseNetwork others;
  for (const CaseKinship& one : network.kinships) {
    if (!one.Counts() || one.text.id() == but) continue;
    others.kinships.push_back(one);
    const KinshipBody& other = *one.body;
    if (other.relation != body.relation) continue;
    const bool same = (other.a == body.a && other.b == body.b) ||
                      (body.relation == Relation::kPartners && other.a == body.b && other.b == body.a);
    // Who parted may find each other again.
    if (same && (body.relation == Relation::kParent || other.began == body.began)) return kTwice;
    const bool of_child = other.b == body.b && other.how == KinshipHow::kBiological;
    if (body.relation == Relation::kParent && of_child) ++parents;
  }
  if (body.relation == Relation::kPartners) return kNo;
  if (body.how == KinshipHow::kBiological && parents >= 2) return kParents;
  return Descends(ChildrenIn(others), RecordId(body.b), RecordId(body.a)) ? kAncestor : kNo;
}

std::vector<Siblings> SiblingsIn(const CaseNetwork& network) {
  const auto parents = ParentsIn(network);
  std::vector<Siblings> all;
  for (auto one = parents.begin(); one != parents.end(); ++one) {
    for (auto other = std::next(one); other != parents.end(); ++other) {
      std::vector<RecordId> shared;
      std::ranges::set_intersection(one->second, other->second, std::back_inserter(shared));
      if (shared.empty()) continue;
      const bool half = shared.size() == 1 && one->second.size() >= 2 && other->second.size() >= 2;
      all.push_back({one->first, other->first, half});
    }
  }
  return all;
}

std::vector<InGeneration> GenerationsIn(const CaseNetwork& network) {
  std::map<RecordId, int> generation = {{RecordId(), 0}};
  // Settled one step at a time from the young person: the nearest way counts, and of equal ones the first kinship.
  std::vector<RecordId> open = {RecordId()};
  for (std::size_t next = 0; next < open.size(); ++next) {
    const RecordId from = open[next];
    for (const CaseKinship& one : network.kinships) {
      if (!one.Counts()) continue;
      const RecordId a(one.body->a);
      const RecordId b(one.body->b);
      if (a != from && b != from) continue;
      const int step = one.body->relation == Relation::kPartners ? 0 : a == from ? 1 : -1;
      const RecordId& to = a == from ? b : a;
      if (generation.try_emplace(to, generation.at(from) + step).second) open.push_back(to);
    }
  }
  std::vector<InGeneration> all;
  for (const auto& [figure, number] : generation) all.push_back({figure, number});
  std::ranges::stable_sort(all, {}, &InGeneration::generation);
  return all;
}

std::vector<LifeGap> GapsIn(const std::vector<CaseLifeEvent>& events, std::string_view today) {
  const auto now = ParsePartialDay(today);
  std::vector<LifeGap> gaps;
  for (const LifeLane lane : kFlagged) {
    std::optional<std::chrono::sys_days> covered;  // Up to which day something may have lasted.
    bool open = false;
    for (const Span& span : SpansIn(events, lane)) {
      const auto first_free = covered ? *covered + std::chrono::days(1) : std::chrono::sys_days{};
      if (covered && !open && span.begins.First() > first_free) {
        gaps.push_back({lane, DayText(first_free), DayText(span.begins.First() - std::chrono::days(1))});
      }
      open = open || !span.ends;
      if (span.ends) covered = covered ? std::max(*covered, span.ends->Last()) : span.ends->Last();
    }
    if (covered && !open && now && now->First() > *covered + std::chrono::days(1)) {
      gaps.push_back({lane, DayText(*covered + std::chrono::days(1)), ""});
    }
  }
  return gaps;
}

std::vector<LifeOverlap> OverlapsIn(const std::vector<CaseLifeEvent>& events) {
  std::vector<LifeOverlap> overlaps;
  for (const LifeLane lane : kFlagged) {
    const std::vector<Span> spans = SpansIn(events, lane);
    for (std::size_t i = 0; i < spans.size(); ++i) {
      for (std::size_t j = i + 1; j < spans.size(); ++j) {
        const Span& a = spans[i];
        const Span& b = spans[j];
        // The day of a move belongs to both.
        const bool a_lasts = !a.ends || a.ends->First() > b.begins.Last();
        const bool b_lasts = !b.ends || b.ends->First() > a.begins.Last();
        if (a_lasts && b_lasts) overlaps.push_back({lane, a.id, b.id});
      }
    }
  }
  return overlaps;
}

}  // namespace schakel
