#include "search/index.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace schakel {
namespace {

constexpr std::uint32_t kGone = std::numeric_limits<std::uint32_t>::max();

std::size_t HashOf(const std::vector<std::string_view>& texts) {
  std::size_t hash = texts.size();
  for (const std::string_view text : texts) hash = hash * 0x9E3779B97F4A7C15U + std::hash<std::string_view>()(text);
  return hash;
}

}  // namespace

void SearchIndex::Put(const RecordId& id, Timestamp at, const std::vector<std::string_view>& texts) {
  const std::size_t hash = HashOf(texts);
  if (const auto found = numbers_.find(id); found != numbers_.end()) {
    Document& document = documents_[found->second];
    document.at = at;
    if (document.hash == hash) return;
    Drop(id);
  }
  if (since_ && at <= *since_) return;
  const auto number = static_cast<std::uint32_t>(documents_.size());
  documents_.push_back({id, at, hash, false});
  numbers_[id] = number;
  for (const std::string_view text : texts) {
    for (WordAt& word : reader_.Read(text)) {
      auto& places = places_[std::move(word.stem)];
      if (!places.empty() && places.back() == number) continue;
      places.push_back(number);
      ++postings_;
    }
  }
  if (postings_ > postings_max_) MakeRoom();
}

void SearchIndex::Drop(const RecordId& id) {
  const auto found = numbers_.find(id);
  if (found == numbers_.end()) return;
  documents_[found->second].gone = true;
  documents_[found->second].id = RecordId{};
  numbers_.erase(found);
  ++gone_;
}

void SearchIndex::Tidy() {
  if (gone_ == 0) return;
  std::vector<std::uint32_t> renumbered(documents_.size(), kGone);
  std::vector<Document> kept;
  kept.reserve(documents_.size() - gone_);
  for (std::size_t i = 0; i < documents_.size(); ++i) {
    if (documents_[i].gone) continue;
    renumbered[i] = static_cast<std::uint32_t>(kept.size());
    numbers_[documents_[i].id] = renumbered[i];
    kept.push_back(documents_[i]);
  }
  documents_ = std::move(kept);
  postings_ = 0;
  for (auto& [stem, places] : places_) {
    for (std::uint32_t& place : places) place = renumbered[place];
    std::erase(places, kGone);
    postings_ += places.size();
  }
  std::erase_if(places_, [](const auto& one) { return one.second.empty(); });
  gone_ = 0;
  reader_.Forget();
}

void SearchIndex::MakeRoom() {
  Tidy();
  if (postings_ <= postings_max_) return;
  std::vector<Timestamp> times;
  times.reserve(documents_.size());
  for (const Document& document : documents_) times.push_back(document.at);
  const auto last = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 8);
  std::ranges::nth_element(times, last);
  since_ = std::max(since_.value_or(*last), *last);
  std::vector<RecordId> old;
  for (const Document& document : documents_) {
    if (document.at <= *since_) old.push_back(document.id);
  }
  for (const RecordId& id : old) Drop(id);
  Tidy();
}

std::vector<RecordId> SearchIndex::Find(const Wanted& wanted) const {
  std::vector<const std::vector<std::uint32_t>*> lists;
  for (const auto& phrase : wanted.phrases) {
    for (const std::string& stem : phrase) {
      const auto found = places_.find(stem);
      if (found == places_.end()) return {};
      lists.push_back(&found->second);
    }
  }
  if (lists.empty()) return {};
  std::ranges::sort(lists, {}, [](const auto* list) { return list->size(); });
  std::vector<RecordId> all;
  for (const std::uint32_t number : *lists.front()) {
    const bool everywhere =
        std::ranges::all_of(lists, [&](const auto* list) { return std::ranges::binary_search(*list, number); });
    if (everywhere && !documents_[number].gone) all.push_back(documents_[number].id);
  }
  return all;
}

}  // namespace schakel
