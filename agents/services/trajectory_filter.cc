#include "agents/trajectory_filter.h"

#include <algorithm>

#include "plain_text.h"

namespace schakel {
namespace {

constexpr std::size_t kFilterBytesMax = 400;

std::vector<std::string> PlainWords(std::string_view text) {
  const std::string plain = FoldPlain(text).text;
  std::vector<std::string> words(1);
  for (const char c : plain) {
    if (IsWordByte(c) || IsDigit(c)) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// What an overview would show of it.
struct Front {
  std::string label;
  Module module = Module::kUnspecified;
};

// The form of help at that time, as far as who looks may see it.
Result<Module> ModuleShown(const CaseTrajectory& trajectory, const CaseFile& file, Sieve& sieve, Timestamp at) {
  const auto periods = ModulesOver(trajectory.help, trajectory.opened_at);
  const ModulePeriod& period = ModuleAt(periods, at);
  const CaseRecord* record = IsNone(period.record) ? nullptr : file.Record(period.record);
  if (record == nullptr) return Module::kUnspecified;
  SCHAKEL_ASSIGN(const bool lets, sieve.Lets(record->held));
  return lets ? period.module : Module::kUnspecified;
}

Result<Front> FrontOf(const CaseTrajectory& trajectory, const CaseFile& file, Sieve& sieve, Timestamp at) {
  Front front{NeutralLabel(trajectory.id), Module::kUnspecified};
  SCHAKEL_ASSIGN(front.module, ModuleShown(trajectory, file, sieve, at));
  const CaseRecord* record = IsNone(trajectory.label_record) ? nullptr : file.Record(trajectory.label_record);
  if (record == nullptr || !record->body) return front;
  SCHAKEL_ASSIGN(const bool lets, sieve.Lets(record->held));
  if (!lets) return front;
  if (const auto* opening = std::get_if<OpeningBody>(&*record->body)) {
    front.label = opening->label;
  } else if (const auto* invitation = std::get_if<InvitationBody>(&*record->body)) {
    if (!invitation->label.empty()) front.label = invitation->label;
  }
  return front;
}

bool BeginsAWord(const std::string& wanted, const std::vector<std::string>& words) {
  return std::ranges::any_of(words, [&](const std::string& word) { return word.starts_with(wanted); });
}

bool Suits(const Front& front, const std::vector<std::string>& wanted, const std::optional<Module>& module) {
  if (module && front.module != *module) return false;
  const std::vector<std::string> words = PlainWords(front.label);
  return std::ranges::all_of(wanted, [&](const std::string& one) { return BeginsAWord(one, words); });
}

}  // namespace

Result<TrajectoriesFound> FindTrajectories(CaseFile& file, Sieve& sieve, const TrajectoryFilter& filter) {
  if (filter.words.size() > kFilterBytesMax) return Fail(Code::kInvalid, "search.long", "words", "use fewer words");
  const std::vector<std::string> wanted = PlainWords(filter.words);
  if (wanted.empty() && !filter.words.empty()) {
    return Fail(Code::kInvalid, "search.words", "words", "name at least one word");
  }
  const bool by_words = !wanted.empty() || filter.module;
  TrajectoriesFound found;
  for (const CaseTrajectory* one : file.Trajectories()) {
    if (filter.lead && one->lead != *filter.lead) continue;
    if (by_words) {
      SCHAKEL_ASSIGN(const Front front, FrontOf(*one, file, sieve, filter.at));
      if (!Suits(front, wanted, filter.module)) continue;
    }
    found.closed += one->closed ? 1 : 0;
    const bool asked = filter.which == TrajectoryFilter::Which::kAll ||
                       one->closed == (filter.which == TrajectoryFilter::Which::kClosed);
    if (asked) found.shown.push_back(one);
  }
  return found;
}

}  // namespace schakel
