#include "agents/search.h"

#include <algorithm>

#include "search/index.h"
#include "services/body_texts.h"

namespace schakel {
namespace {

constexpr std::size_t kAtOnce = 500;  // Records read into the index with the case file locked.

bool IsAsked(const SearchQuestion& question, const HeldRecord& held) {
  if (held.state == RecordState::kRefused) return false;
  if (!question.kinds.empty() && !question.kinds.contains(held.header.kind)) return false;
  if (question.trajectory && held.header.trajectory != *question.trajectory) return false;
  if (question.from && held.at < *question.from) return false;
  return !question.until || held.at < *question.until;
}

struct Hit {
  RecordId id;
  Timestamp at;
};

}  // namespace

std::vector<Kind> AllKinds() {
  std::vector<Kind> all;
  for (std::uint16_t number = 1; number <= kKindMax; ++number) {
    const auto kind = static_cast<Kind>(number);
    if (Slug(kind) != "kind" && IsTold(kind)) all.push_back(kind);
  }
  return all;
}

Result<Kind> ParseKind(std::string_view slug) {
  std::string allowed;
  for (const Kind kind : AllKinds()) {
    if (Slug(kind) == slug) return kind;
    allowed += (allowed.empty() ? "" : ", ") + std::string(Slug(kind));
  }
  return Fail(Code::kInvalid, "vocabulary.record", {}, "choose one of: " + allowed);
}

// The index is touched with the case file locked, and in no other way.
struct SearchService::Parts : Cases::Follower {
  Parts(Engine& engine_in, Cases& cases_in, Clock& clock_in) : engine(engine_in), cases(cases_in), clock(clock_in) {}

  void Took(const CaseRecord& record) override {
    if (!record.body || !IsTold(record.held.header.kind)) {
      index.Drop(record.held.header.id);
      return;
    }
    TypedBody inner;
    index.Put(record.held.header.id, record.held.at, TextsOf(*record.body, inner));
  }
  void LetGo(const RecordId& record) override { index.Drop(record); }
  void CaughtUp() override { index.Tidy(); }

  // Once. What changes meanwhile comes by itself.
  void Fill() {
    std::lock_guard lock(filling);
    if (filled) return;
    cases.SetFollower(this);
    std::vector<Hit> all = cases.With([](CaseFile& file) {
      std::vector<Hit> held;
      std::vector<TrajectoryId> trajectories = file.TrajectoriesLike({});
      trajectories.emplace_back();  // The anonymous questions.
      for (const TrajectoryId& id : trajectories) {
        for (const CaseRecord* record : file.RecordsOf(id)) {
          held.push_back({record->held.header.id, record->held.at});
        }
      }
      return held;
    });
    // If not all of it fits, the newest do.
    std::ranges::sort(all, std::greater<>(), &Hit::at);
    for (std::size_t begin = 0; begin < all.size(); begin += kAtOnce) {
      cases.With([&](CaseFile& file) {
        for (std::size_t i = begin; i < std::min(begin + kAtOnce, all.size()); ++i) {
          if (const CaseRecord* record = file.Record(all[i].id)) Took(*record);
        }
      });
    }
    filled = true;
  }

  Engine& engine;
  Cases& cases;
  Clock& clock;
  std::mutex filling;
  bool filled = false;
  SearchIndex index;
};

SearchService::SearchService(Engine& engine, Cases& cases, Clock& clock)
    : parts_(std::make_unique<Parts>(engine, cases, clock)) {}
SearchService::~SearchService() { parts_->cases.SetFollower(nullptr); }

Result<SearchService::Found> SearchService::Find(const SearchQuestion& question, const Caller& caller) {
  if (question.words.size() > kBytesMax) return Fail(Code::kInvalid, "search.long", "words", "use fewer words");
  if (question.from && question.until && *question.until <= *question.from) {
    return Fail(Code::kInvalid, "search.period", "until", "let it end after it begins");
  }
  WordReader reader;
  const Wanted wanted = ReadWanted(question.words, reader);
  if (wanted.phrases.empty()) return Fail(Code::kInvalid, "search.words", "words", "name at least one word");
  if (wanted.phrases.size() > kWordsMax) return Fail(Code::kInvalid, "search.many", "words", "use fewer words");
  parts_->Fill();
  return parts_->cases.With([&](CaseFile& file) -> Result<Found> {
    Found found;
    found.since = parts_->index.since();
    Sieve sieve(parts_->engine, caller, parts_->clock.Now());
    std::vector<Hit> hits;
    for (const RecordId& id : parts_->index.Find(wanted)) {
      const CaseRecord* record = file.Record(id);
      if (record == nullptr || !record->body || !IsAsked(question, record->held)) continue;
      SCHAKEL_ASSIGN(const bool lets, sieve.Lets(record->held));
      if (!lets) continue;
      TypedBody inner;
      if (wanted.HasPhrase() && !HoldsAll(wanted, TextsOf(*record->body, inner), reader)) continue;
      hits.push_back({id, record->held.at});
    }
    std::ranges::sort(hits, [](const Hit& a, const Hit& b) { return a.at != b.at ? a.at > b.at : a.id < b.id; });
    for (const Hit& hit : hits) found.records.push_back(hit.id);
    return found;
  });
}

std::vector<SearchService::Part> SearchService::Excerpt(const TypedBody& body, const std::string& words) {
  WordReader reader;
  TypedBody inner;
  std::vector<Part> parts;
  for (ExcerptPart& part : schakel::Excerpt(ReadWanted(words, reader), TextsOf(body, inner), reader)) {
    parts.push_back({std::move(part.text), part.wanted});
  }
  return parts;
}

}  // namespace schakel
